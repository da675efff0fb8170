"""What a person is told of a fact that its evidence does not bear out: one message of each kind."""

from __future__ import annotations

from pathlib import Path

from nutgraf.evidence.verify.check import verify
from nutgraf.factsheet import check
from tests.evidence.workspace import ROOT

STARTER = ROOT / "src" / "nutgraf" / "starter"
SPEECH = "{start: 146, end: 173, sha256: dfd37fa21193e1b1f5e9bff7f7b37e263328b6ca1ec61f66f67be6da85cebb0a}"
BRIDGE = "{start: 28, end: 55, sha256: 121988b012c74fa2439fad6e6d122e2a790201d61a09f20fe00a4560f28e98b0}"
LIES = {
    "EVD201": ("value: 12000000", "value: 13000000"),
    "EVD202": ("time: {edtf: 2024-04-29/2024-05-05", "time: {edtf: 2025-04-29/2025-05-05"),
    "EVD203": ("    of: reopening", "    of: harbour-week"),
    "EVD204": ("mention: m-she}, evidence: [", f"mention: m-she}}, evidence: [{SPEECH}]}}  # ["),
    "EVD205": ("range: {edtf: 2024-04-29/", "range: {edtf: 2024-04-30/"),
    "EVD206": (f"    evidence: [{BRIDGE}]", f"    evidence: [{BRIDGE.replace('28', '29')}]"),
    "EVD207": (
        "mentions:\n",
        f"mentions:\n  - {{id: m-wrong, entity: ana-reyes, surface: harbour bridge, evidence: [{BRIDGE}]}}\n",
    ),
    "EVD208": ("matters deeply to the town", "matters deeply to Oldhaven"),
    "EVD209": ("    unit: {en: euros}", "    unit: {en: euros}\n    wording: {en: price}"),
}


def _told(folder: Path, old: str = "", new: str = "") -> list[str]:
    """The verifier's problems after one change of the starter's sheet, each on three lines."""
    for path in (STARTER / "seeds").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "harbour.yaml":
            assert old in text, old
            text = text.replace(old, new, 1) if old else text
        (folder / path.name).write_text(text, encoding="utf-8")
    files = [path for path in folder.iterdir() if path.suffix == ".yaml"]
    schema = ROOT / "ontology" / "factsheet.schema.json"
    loaded, _ = check.load(files, schema, display=lambda path: path.name)
    assert loaded.sheets, "the sheet is no longer one"
    found = verify(loaded.sheets, loaded.index, STARTER / "texts")
    return [f"{each}\n  why  {each.why}\n  fix  {each.fix}\n" for each in found.problems]


def test_each_lie_has_its_message(tmp_path: Path, rewrite: bool) -> None:
    expected = Path(__file__).parent / "cases" / "messages.txt"
    found = ""
    for code, (old, new) in LIES.items():
        told = _told(tmp_path, old, new)
        assert any(f": {code} " in each for each in told), f"{code}: {told}"
        found += "".join(told)
    if rewrite:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_the_starter_tells_no_lie(tmp_path: Path) -> None:
    assert _told(tmp_path) == []
