"""The settings say the same as their table, whichever server reads them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from nutgraf.publish.hosting.negotiation import FORMATS, rules
from nutgraf.publish.hosting.servers import SERVERS
from tests.hosting.table import ACCEPT, BASES, MOVED, names

RULES = [(re.compile(pattern, re.IGNORECASE), extension) for pattern, extension in rules()]


def chosen(accept: str) -> str:
    if not accept:
        return ".html"
    return next((extension for pattern, extension in RULES if pattern.search(accept)), "406")


@pytest.mark.parametrize("accept", ACCEPT)
def test_the_rules_say_what_the_table_says(accept: str) -> None:
    assert chosen(accept) == ACCEPT[accept]


def test_the_first_digit_of_a_quality_decides() -> None:
    for high in range(1, 10):
        for low in range(high):
            for one, other in ((FORMATS[0], FORMATS[1]), (FORMATS[3], FORMATS[0])):
                accept = f"{one.asked_by[0]};q=0.{high}, {other.asked_by[0]};q=0.{low}9"
                assert chosen(accept) == one.extension, accept


def test_no_header_makes_the_rules_think() -> None:
    """With repetitions that can match the same text these would not end before the sun does."""
    awkward = ("text/turtle" + ";  x= " * 2000 + ";", "text/turtle" + "; " * 4000, "," * 8000, " " * 8000)
    assert [chosen(accept) for accept in awkward] == ["406"] * len(awkward)


@pytest.mark.parametrize("base", BASES)
def test_netlify_s_function_says_what_the_table_says(base: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    files = SERVERS["netlify"](base, names(base))
    (tmp_path / "negotiate.mjs").write_text(files["netlify/edge-functions/negotiate.js"], encoding="utf-8")
    (tmp_path / "ask.mjs").write_text(
        'import negotiate from "./negotiate.mjs";\n'
        f"for (const accept of {json.dumps(list(ACCEPT))}) {{\n"
        "  const headers_sent = accept ? { accept } : {};\n"
        f'  const request = new Request("{base}id/interpol?x=1", {{ headers: headers_sent }});\n'
        "  const response = await negotiate(request);\n"
        "  const { status, headers } = response;\n"
        '  console.log(JSON.stringify([status, headers.get("location"), headers.get("vary")]));\n'
        "}\n"
        f"for (const path of {json.dumps([quote(path, safe='/%$+~') for path in MOVED])}) {{\n"
        f'  const answer = await negotiate(new Request("{base}" + path));\n'
        '  console.log(JSON.stringify(answer?.headers.get("location") ?? null));\n'
        "}\n"
        'for (const path of ["id/interpol.ttl", "/id/interpol", "id/", "id/constructor%00", "id/%ff"]) {\n'
        f'  console.log(JSON.stringify((await negotiate(new Request("{base}" + path))) ?? null));\n'
        "}\n",
        encoding="utf-8",
    )
    done = subprocess.run([node, "ask.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    answers, rest = lines[: len(ACCEPT)], lines[len(ACCEPT) :]
    path = "/" + base.split("/", 3)[3]
    assert answers == [
        [406, None, "Accept"] if extension == "406" else [303, f"{path}id/interpol{extension}", "Accept"]
        for extension in ACCEPT.values()
    ]
    assert rest == [f"{path}{name}.html" for name in MOVED.values()] + [None] * 5


def test_netlify_s_headers_are_well_formed() -> None:
    text = SERVERS["netlify"](BASES[1], {})["_headers"]
    assert all(re.fullmatch(r"/facts/\S+|  [A-Z][\w-]+: \S.*", line) for line in text.splitlines())
    assert "/facts/.well-known/void\n  Content-Type: text/turtle; charset=utf-8\n" in text
