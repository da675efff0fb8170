"""The table of functions in docs/mapping.md is that of the examples; the function of one's own runs.

`pytest tests/docs/test_mapping_functions.py --rewrite` writes the table.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nutgraf.mapping.sql.function import GREL, IDLAB, NUTGRAF
from nutgraf.mapping.sql.function_library import FUNCTIONS
from tests.mapping.function_examples import EXAMPLES

PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
TABLE = re.compile(r"(?<=<!-- functions -->\n).*?(?=<!-- end of functions -->)", re.DOTALL)
PREFIXES = {GREL: "grel:", IDLAB: "idlab-fn:", NUTGRAF: "fn:"}


def table() -> str:
    """A row for each function, with its first example."""
    lines = ["", "| function | parameters | of | gives |", "|---|---|---|---|"]
    shown: set[str] = set()
    for iri, arguments, result in EXAMPLES:
        if iri not in shown:
            shown.add(iri)
            of = ", ".join(map(quoted, arguments))
            lines.append(f"| {short(iri)} | {parameters(iri)} | {of} | {quoted(result or '')} |")
    return "\n".join(lines) + "\n\n"


def short(iri: str) -> str:
    namespace = next(namespace for namespace in PREFIXES if iri.startswith(namespace))
    return f"`{PREFIXES[namespace]}{iri.removeprefix(namespace)}`"


def parameters(iri: str) -> str:
    function = FUNCTIONS[iri]
    needed = len(function.parameters) - function.optional
    found = [
        f"`{name}`" if index < needed else f"*`{name}`*" for index, name in enumerate(function.parameters)
    ]
    return ", ".join(found + ([f"`{function.repeated}` …"] if function.repeated else []))


def quoted(text: str) -> str:
    shown = text.replace("\n", "\\n").replace("\t", "\\t").replace("|", "\\|")
    return f"`{shown}`" if shown.strip() == shown else f"` {shown} `"


def test_table(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if request.config.getoption("--rewrite"):
        PAGE.write_text(TABLE.sub(lambda _: table(), text), encoding="utf-8")
        text = PAGE.read_text(encoding="utf-8")
    found = TABLE.search(text)
    assert found
    assert found[0] == table()


def test_a_function_of_ones_own(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in ("people.csv", "initials.yml"):
        written = re.search(rf"<!-- file: {name} -->\n```\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        assert written
        (tmp_path / name).write_text(written[1], encoding="utf-8")
    code = re.search(r"```python\n(from sqlglot .*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert code
    done = subprocess.run(
        [sys.executable, "-c", code[1]], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("['A', 'Z']\n", "")
