"""Judges of a page that share no code with us: parse5, lol-html and Chromium."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Final

import lolhtml
import pytest

ROOT: Final = Path(__file__).parents[2]


class Parse5:
    """A parse5 that answers a page a line."""

    def __init__(self) -> None:
        script = str(Path(__file__).with_name("parse5_judge.mjs"))
        self._process = subprocess.Popen(
            ["node", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def judge(self, page: bytes) -> dict[str, Any]:
        """Where our blocks are in its tree, and the document without them."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(base64.b64encode(page).decode()) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.communicate()


class _Remover:
    @staticmethod
    def element(element: Any) -> None:
        element.remove()


def lolhtml_without_block(page: bytes) -> bytes:
    """The page as lol-html writes it after it removed our block."""
    parts: list[bytes] = []
    rewriter = lolhtml.HTMLRewriter(lambda chunk: parts.append(bytes(chunk)))
    rewriter.on("script[data-nutgraf]", _Remover())
    rewriter.write(page)
    rewriter.end()
    return b"".join(parts)


@cache
def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def dumped(page: bytes, folder: Path) -> str:
    """The document as Chromium has it after its scripts have run."""
    browser = chromium()
    if browser is None:
        pytest.skip("chromium is not here; apt-get install chromium")
    file = folder / "page.html"
    file.write_bytes(page)
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
         "--virtual-time-budget=2000", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
