"""Link decisions: the file is SSSOM, and holds only links that somebody has verified."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutgraf import workspace
from nutgraf.problems import InputError
from nutgraf.reconcile import decisions
from nutgraf.reconcile.decisions import Decision

ROOT = Path(__file__).parents[2]
LINKS = workspace.load(ROOT).links
HEADER = (
    "#curie_map:\n#  id: https://data.example.org/id/\n#  wd: http://www.wikidata.org/entity/\n"
    "subject_id\tpredicate_id\tobject_id\tpredicate_modifier\tmapping_justification\tmapping_date\n"
)
WHY = "semapv:ManualMappingCuration\t2024-11-07"


def _read(folder: Path, text: str) -> list[Decision]:
    file = folder / "links.sssom.tsv"
    file.write_bytes(text.encode())
    return decisions.read(file, "links.sssom.tsv")


def _one(folder: Path, predicate: str, target: str, modifier: str = "") -> tuple[str, str | None]:
    (found,) = _read(folder, f"{HEADER}id:a\t{predicate}\t{target}\t{modifier}\t{WHY}\n")
    return found.verdict, found.object


Q1 = "http://www.wikidata.org/entity/Q1"


@pytest.mark.parametrize(
    ("predicate", "target", "modifier", "verdict", "item"),
    [
        ("skos:exactMatch", "wd:Q1", "", "accepted", Q1),
        ("http://www.w3.org/2004/02/skos/core#exactMatch", Q1, "", "accepted", Q1),
        ("skos:exactMatch", "wd:Q1", "Not", "rejected", Q1),
        ("skos:closeMatch", "wd:Q1", "", "rejected", Q1),
        ("skos:broadMatch", "wd:Q1", "", "rejected", Q1),
        ("skos:exactMatch", "sssom:NoTermFound", "", "not found", None),
        ("skos:exactMatch", "https://w3id.org/sssom/NoTermFound", "", "not found", None),
    ],
)
def test_verdicts(
    tmp_path: Path, predicate: str, target: str, modifier: str, verdict: str, item: str | None
) -> None:
    assert _one(tmp_path, predicate, target, modifier) == (verdict, item)


def test_no_file(tmp_path: Path) -> None:
    assert decisions.read(tmp_path / "links.sssom.tsv", "links.sssom.tsv") == []


def test_line_ends_blank_lines_and_places(tmp_path: Path) -> None:
    text = HEADER + f"\nid:a\tskos:exactMatch\twd:Q1\t\t{WHY}\n\n"
    unix = _read(tmp_path, text)
    assert unix == _read(tmp_path, "\ufeff" + text.replace("\n", "\r\n"))
    assert [(str(found.span), found.span.width) for found in unix] == [("links.sssom.tsv:6:1", 4)]


def test_what_an_editor_does_not_take_for_a_line_end_is_none(tmp_path: Path) -> None:
    header = HEADER.replace("mapping_date", "mapping_date\tcomment")
    row = f"id:a\tskos:exactMatch\twd:Q1\t\t{WHY}\ta\u2028b\x0bc\x85\n"
    assert len(_read(tmp_path, header + row)) == 1


@pytest.mark.parametrize("text", ["", "\n", "#license: x\n", "subject_id\n"])
def test_no_columns(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="LNK101 the columns "):
        _read(tmp_path, text)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_bytes(b"\xff")
    with pytest.raises(InputError, match="LNK101 cannot read the decisions"):
        decisions.read(tmp_path / "x.tsv", "x.tsv")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nutgraf.records.document.MAX_BYTES", 10)
    with pytest.raises(InputError, match="LNK101 the file of decisions is too large"):
        _read(tmp_path, HEADER)


_CELLS = st.sampled_from(
    ["id:a", "wd:Q1", "wd:Q2", "skos:exactMatch", "Not", "", "x", "2024-11-07", '"', "https://a/ b", "\x00"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_CELLS, max_size=8), max_size=3), st.text("#cuie_map: \n{}[]&*!\t", max_size=20))
def test_any_rows_are_read_or_refused(tmp_path: Path, rows: list[list[str]], header: str) -> None:
    try:
        _read(tmp_path, header + HEADER + "\n".join("\t".join(row) for row in rows))
    except InputError as error:
        codes = {problem.code for problem in error.problems}
        assert codes <= {f"LNK{number}" for number in (101, 102, 103, 104, 105, 107)}


def _seeds(shared: Path) -> list[dict[str, str]]:
    with (shared / "authority" / "seed-links.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _rows() -> list[dict[str, str]]:
    lines = [line for line in LINKS.read_text(encoding="utf-8").split("\n") if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _named(row: dict[str, str], seeds: list[dict[str, str]]) -> list[dict[str, str]]:
    """What is known offline of the thing of a row, by its name."""
    name = row["subject_label"].casefold()
    return [
        seed
        for seed in seeds
        if name in {part.casefold() for part in (seed["label"], *re.split(r" / | \(", seed["surface"]))}
    ]


@pytest.mark.filterwarnings("ignore")
def test_the_decisions_are_sssom() -> None:
    from sssom.parsers import parse_sssom_table  # noqa: PLC0415
    from sssom.validators import validate  # noqa: PLC0415

    found: Any = parse_sssom_table(str(LINKS))
    validate(found)
    assert len(found.df) == len(decisions.read(LINKS, "links")) == len(_rows())


def test_only_verified_items_are_accepted(shared: Path) -> None:
    seeds = _seeds(shared)
    for row in _rows():
        if row["object_id"].startswith("wd:"):
            (seed,) = _named(row, seeds)
            assert (seed["status"], f"wd:{seed['qid']}") == ("verified", row["object_id"])


def test_what_was_not_found_is_not_linked(shared: Path) -> None:
    seeds = _seeds(shared)
    by_status = {row["subject_id"]: {seed["status"] for seed in _named(row, seeds)} for row in _rows()}
    assert "unverified" not in set().union(*by_status.values())
    for row in _rows():
        if "not found" in by_status[row["subject_id"]]:
            assert row["object_id"] == "sssom:NoTermFound"


def test_accepted_items_are_in_the_open_data(shared: Path) -> None:
    with gzip.open(shared / "authority" / "names.tsv.gz", "rt", encoding="utf-8") as file:
        known = {line.split("\t", 1)[0] for line in file}
    accepted = {found.object for found in decisions.read(LINKS, "links") if found.verdict == "accepted"}
    missing = {iri.removeprefix("http://www.wikidata.org/entity/") for iri in accepted if iri} - known
    assert missing <= {"Q1001887"}, "only Ifrane comes from a source that is not in the table"


def test_what_no_sheet_names_has_no_decision() -> None:
    keys = {row["subject_id"].rpartition("/")[2].removeprefix("id:") for row in _rows()}
    assert keys.isdisjoint({"lyon", "united-kingdom", "european-union", "brussels", "america"})
