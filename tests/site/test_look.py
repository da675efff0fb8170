"""The style: colours that can be read in both schemes, and no address of another host."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.site.workspaces import ROOT

CSS: Final = (ROOT / "src" / "nutgraf" / "publish" / "site" / "assets" / "site.css").read_text("utf-8")
SCRIPT: Final = (ROOT / "src" / "nutgraf" / "publish" / "site" / "assets" / "site.js").read_text("utf-8")
_PAIRS: Final = [
    ("ink", "paper"),
    ("soft", "paper"),
    ("link", "paper"),
    ("accent", "paper"),
    ("ink", "sheet"),
    ("soft", "sheet"),
    ("link", "sheet"),
    ("warn", "warn-soft"),
    ("good", "good-soft"),
    ("ink", "accent-soft"),
    ("soft", "accent-soft"),
    ("link", "accent-soft"),
    ("paper", "ink"),
    ("ink", "land"),
    ("ink", "sea"),
]


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    colours = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in (light, dark)]
    return {"light": colours[0], "dark": colours[1]}


def _luminance(colour: str) -> float:
    """Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), _PAIRS)
def test_text_can_be_read(scheme: str, front: str, back: str) -> None:
    colours = _schemes()[scheme]
    lighter, darker = sorted((_luminance(colours[front]), _luminance(colours[back])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (front, back)


def test_style_and_script_ask_no_other_host() -> None:
    for text in (CSS, SCRIPT):
        assert not re.search(r"https?:|url\(|@import|//[a-z]+\.", text)


def test_the_script_makes_no_markup_from_text() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function", SCRIPT)


def test_focus_shows_print_has_rules_and_motion_is_asked_for() -> None:
    assert ":focus-visible" in CSS
    assert "@media print" in CSS
    assert "prefers-reduced-motion" in CSS
