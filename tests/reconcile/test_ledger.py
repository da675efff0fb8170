"""Decisions are added, never changed, and no crash loses or breaks one."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sssom.parsers import parse_sssom_table

from nutgraf.problems import InputError
from nutgraf.reconcile import decisions, ledger
from nutgraf.reconcile.ledger import Ledger, NewDecision

_ROOT = Path(__file__).parent.parent.parent
BASE = "https://nutgraf.example/"


def at(folder: Path, name: str = "links.sssom.tsv") -> Ledger:
    return Ledger(folder / name, f"seeds/{name}", BASE, folder / "own", dt.date(2026, 11, 24))


def accepted(key: str, item: str = "Q1", **more: Any) -> NewDecision:
    return NewDecision(f"{BASE}id/{key}", key.title(), "accepted", item, f"item {item}", **more)


def rejected(key: str, item: str) -> NewDecision:
    return NewDecision(f"{BASE}id/{key}", key.title(), "rejected", item, by="A. Editor")


def missing(key: str) -> NewDecision:
    return NewDecision(f"{BASE}id/{key}", key.title(), "not found", None, by="orcid:0000-0002-1825-0097")


def test_the_first_decision_makes_a_file_that_the_build_reads(tmp_path: Path) -> None:
    at(tmp_path).add(
        [accepted("a", "Q1", confidence=0.88, source="names.tsv.gz"), missing("b"), rejected("c", "Q3")]
    )
    found = at(tmp_path).read()
    assert [(each.subject, each.verdict, each.object) for each in found] == [
        (f"{BASE}id/a", "accepted", "http://www.wikidata.org/entity/Q1"),
        (f"{BASE}id/b", "not found", None),
        (f"{BASE}id/c", "rejected", "http://www.wikidata.org/entity/Q3"),
    ]
    text = (tmp_path / "links.sssom.tsv").read_text(encoding="utf-8")
    assert "\tsemapv:LexicalMatching\t" in text
    assert "\tsemapv:ManualMappingCuration\torcid:0000-0002-1825-0097\t" in text
    assert "\t0.88\t2026-11-24\tsource:names.tsv.gz" in text


def test_sssom_accepts_the_file(tmp_path: Path) -> None:
    path = tmp_path / "links.sssom.tsv"
    path.write_bytes((_ROOT / "seeds" / "links.sssom.tsv").read_bytes())
    at(tmp_path).add([accepted("a", confidence=0.9, source="wikidata"), missing("b"), rejected("c", "Q3")])
    before = len(decisions.read(_ROOT / "seeds" / "links.sssom.tsv", "links"))
    frame = parse_sssom_table(str(path)).df
    assert len(frame) == before + 3
    rows = frame.set_index("subject_id")
    assert rows.loc["id:a", "mapping_tool"] == "nutgraf"
    assert rows.loc["id:b", "author_id"] == "orcid:0000-0002-1825-0097"
    assert rows.loc["id:c", "predicate_modifier"] == "Not"
    assert set(frame["mapping_justification"]) == {"semapv:LexicalMatching", "semapv:ManualMappingCuration"}


def test_rows_that_are_there_stay_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "links.sssom.tsv"
    original = (_ROOT / "seeds" / "links.sssom.tsv").read_bytes()
    path.write_bytes(original)
    at(tmp_path).add([rejected("c", "Q3")])
    old, new = original.split(b"\n"), path.read_bytes().split(b"\n")
    columns = next(number for number, line in enumerate(old) if not line.startswith(b"#"))
    assert new[:columns] == old[:columns]
    assert new[columns].startswith(old[columns] + b"\t")
    assert new[columns + 1 : len(old) - 1] == old[columns + 1 : -1]
    assert len(new) == len(old) + 1
    once = path.read_bytes()
    at(tmp_path).add([rejected("d", "Q4")])
    assert path.read_bytes().startswith(once), "with its columns there, a decision is one row more"


def test_windows_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "links.sssom.tsv"
    at(tmp_path).add([missing("a")])
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    at(tmp_path).add([missing("b")])
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert len(at(tmp_path).read()) == 2


CONFLICTS = {
    "another item": [accepted("a", "Q2")],
    "the same item": [accepted("a", "Q1")],
    "rejecting what is accepted": [rejected("a", "Q1")],
    "not found after all": [missing("a")],
    "two at once": [accepted("new", "Q2"), accepted("new", "Q3")],
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_decision_is_not_overwritten(name: str, tmp_path: Path) -> None:
    at(tmp_path).add([accepted("a", "Q1")])
    before = (tmp_path / "links.sssom.tsv").read_bytes()
    with pytest.raises(InputError) as caught:
        at(tmp_path).add([missing("fine"), *CONFLICTS[name]])
    assert {problem.code for problem in caught.value.problems} == {"LNK201"}
    assert (tmp_path / "links.sssom.tsv").read_bytes() == before, "all or none"


def test_another_candidate_may_be_rejected_besides(tmp_path: Path) -> None:
    at(tmp_path).add([accepted("a", "Q1")])
    at(tmp_path).add([rejected("a", "Q2"), rejected("a", "Q3")])
    assert [each.verdict for each in at(tmp_path).read()] == ["accepted", "rejected", "rejected"]


def test_hostile_text_makes_no_cell_and_no_row(tmp_path: Path) -> None:
    hostile = "a\tb\nid:x\tc\r\n#d\u2028e\x0b"
    at(tmp_path).add(
        [
            NewDecision(
                f"{BASE}id/a", hostile, "accepted", "Q1", hostile, hostile, comment=hostile, source=hostile
            )
        ]
    )
    (decision,) = at(tmp_path).read()
    assert decision.verdict == "accepted"


def test_a_superseded_row_is_kept_with_the_reason(tmp_path: Path) -> None:
    at(tmp_path).add([accepted("a", "Q1"), accepted("b", "Q2")])
    old = at(tmp_path).read()[:1]
    at(tmp_path).supersede(dict.fromkeys(old, "Q1 was merged into Q9"), [accepted("a", "Q9")])
    assert [each.object for each in at(tmp_path).read()] == [
        "http://www.wikidata.org/entity/Q2", "http://www.wikidata.org/entity/Q9",
    ]  # fmt: skip
    archive = at(tmp_path, "links.superseded.sssom.tsv")
    assert [each.object for each in archive.read()] == ["http://www.wikidata.org/entity/Q1"]
    assert "superseded=2026-11-24|reason=Q1 was merged into Q9" in archive.path.read_text(encoding="utf-8")


STEPS = ["os.fsync", "Path.replace", "decisions.read"]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_the_file_whole(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(tmp_path).add([accepted("a")])
    path = tmp_path / "links.sssom.tsv"
    before = path.read_bytes()
    real_read = decisions.read

    def fail(*arguments: Any) -> Any:
        if step == "decisions.read" and not str(arguments[0]).endswith(".part"):
            return real_read(*arguments)
        raise OSError(28, "No space left on device")

    target = {
        "os.fsync": (os, "fsync"),
        "Path.replace": (Path, "replace"),
        "decisions.read": (decisions, "read"),
    }
    monkeypatch.setattr(*target[step], fail)
    with pytest.raises(InputError, match="LNK202 cannot write the decisions: No space left"):
        at(tmp_path).add([missing("b")])
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["links.sssom.tsv", "own"]
    at(tmp_path).add([missing("b")])
    assert len(at(tmp_path).read()) == 2


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious", encoding="utf-8")
    (tmp_path / "links.sssom.tsv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="LNK202"):
        at(tmp_path).add([missing("a")])
    assert (tmp_path / "elsewhere").read_text(encoding="utf-8") == "precious"


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=lambda number=number: at(tmp_path).add([missing(f"k{number}")]))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(at(tmp_path).read()) == 12


_WRITER = """
import sys
from pathlib import Path
from nutgraf.reconcile.ledger import Ledger, NewDecision
folder = Path(sys.argv[1])
book = Ledger(folder / "links.sssom.tsv", "links", "https://nutgraf.example/", folder / "own")
for number in range(10_000):
    book.add([NewDecision(f"https://nutgraf.example/id/k{number}", "k", "not found", None, by="me")])
    print(number, flush=True)
"""


@pytest.mark.parametrize("seen", [1, 7, 23])
def test_a_killed_writer_loses_no_decision_that_it_reported(seen: int, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        reported = -1
        for line in process.stdout:
            reported = int(line)
            if reported >= seen:
                process.kill()
                break
        reported = max([reported, *(int(line) for line in process.stdout if line.strip().isdigit())])
    found = at(tmp_path).read()
    assert len(found) >= reported + 1
    at(tmp_path).add([missing("after")])
    assert len(at(tmp_path).read()) == len(found) + 1


def test_the_columns_are_those_of_sssom() -> None:
    assert set(decisions.REQUIRED) <= set(ledger.COLUMNS)
