"""HTML validators that are not ours find no error in any page: the W3C's Nu checker, and html-validate."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.site_judges.conftest import ROOT, Judged
from tests.site_judges.kinds import one_of_each

_NU: Final = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_HTML_VALIDATE: Final = ROOT / "node_modules" / ".bin" / "html-validate"


def nu(paths: list[Path]) -> list[dict[str, Any]]:
    """What the Nu checker says of some pages."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("Java is not here; apt-get install default-jre-headless")
    if not _NU.is_file():
        pytest.skip("the npm packages are not here; run npm ci")
    done = subprocess.run(
        [java, "-Xss8m", "-jar", str(_NU), "--format", "json", *map(str, paths)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    messages: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    return messages


def test_nu_finds_nothing(judged: Judged) -> None:
    """It takes minutes for all pages, and pages of a kind have one template: one of each."""
    messages = nu([judged.folder / path for path in one_of_each(judged)])
    assert [f"{each['url']}:{each.get('lastLine')}: {each['message']}" for each in messages][:10] == []


def test_nu_can_find_something(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><title>a</title><p><div></p></html>', encoding="utf-8")
    assert [each for each in nu([page]) if each["type"] == "error"]


def html_validate(paths: list[Path], folder: Path) -> str:
    """What html-validate says of some pages; nothing where it has nothing to say."""
    if not _HTML_VALIDATE.exists() or shutil.which("node") is None:
        pytest.skip("the npm packages are not here; run npm ci")
    rules = Path(__file__).with_name("htmlvalidate.json")
    done = subprocess.run(
        [str(_HTML_VALIDATE), "--config", str(rules), "--formatter", "text", *map(str, paths)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_html_validate_finds_nothing(judged: Judged, tmp_path: Path) -> None:
    """One of each kind, and some twenty others."""
    pages = judged.pages()
    chosen = sorted({*one_of_each(judged), *pages[:: len(pages) // 20]})
    assert html_validate([judged.folder / path for path in chosen], tmp_path)[:3000] == ""


def test_html_validate_can_find_something(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><html lang="en"><p style="color:red"><button></p></html>', encoding="utf-8"
    )
    assert "no-inline-style" in html_validate([page], tmp_path)
