"""Every code that a problem can have is documented, and no other."""

from __future__ import annotations

import re
from typing import Final

from tests.factsheet.sheets import ROOT

_FAMILIES: Final = (
    "DOC|SHT|REF|TIM|EVD|TXT|LNK|MAP|SHP|RDF|QRY|WSP|OUT|EXP|EMB|INS|PAG|AUT|NET|REC|PSH|SIT|SRV"
)
_CODE: Final = re.compile(rf'"((?:{_FAMILIES})[0-9]{{3}})"')
_MENTIONED: Final = re.compile(rf"\b(?:{_FAMILIES})[0-9]{{3}}\b")
_HEADING: Final = re.compile(r"^## (\S+) \S.*$", re.MULTILINE)
_ANY: Final = re.compile(r'Problem\(\s*"([^"]+)"')

SOURCES: Final = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py"))]
PAGE: Final = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")


def test_every_code_is_documented_and_no_other() -> None:
    used = {code for source in SOURCES for code in _CODE.findall(source)}
    documented = _HEADING.findall(PAGE)
    assert sorted(set(documented)) == sorted(documented)
    assert used - set(documented) == set()
    assert set(documented) - used == set()


def test_every_code_that_a_docstring_mentions_exists() -> None:
    mentioned = {code for source in SOURCES for code in _MENTIONED.findall(source)}
    assert mentioned <= set(_HEADING.findall(PAGE))


def test_every_family_is_known() -> None:
    found = {code for source in SOURCES for code in _ANY.findall(source)}
    assert {code for code in found if not re.fullmatch(rf"(?:{_FAMILIES})[0-9]{{3}}", code)} == set()


def test_every_section_says_how_to_fix_it() -> None:
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    assert all("\n*Fix:* " in section for section in sections)
