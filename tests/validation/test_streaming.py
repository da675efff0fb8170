"""However many results there are, only some are in memory; and a report can stop early or be cut short."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from nutgraf.cli import progress, rdf
from nutgraf.cli.reports import as_json, github, sarif, text
from nutgraf.cli.reports.view import View
from nutgraf.cli.validate import FORMATS
from nutgraf.shapes import core
from nutgraf.shapes.findings import Finding, fingerprint
from nutgraf.shapes.report import Detail, Report, Result, turtle
from nutgraf.shapes.spool import Spool
from nutgraf.shapes.sql import engine
from nutgraf.shapes.watch import Seen
from nutgraf.validation import Wanted, collect, collect_files, validate_files

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <urn:> .
:S sh:targetClass :A ; sh:property :P , :Q , :R .
:P sh:path :p ; sh:minCount 1 ; sh:severity sh:Warning .
:Q sh:path :q ; sh:maxCount 1 .
:R sh:path :q ; sh:datatype <http://www.w3.org/2001/XMLSchema#integer> ; sh:severity sh:Info .
"""
NODES = 40
RESULTS = 4 * NODES


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Path], list[Path]]:
    monkeypatch.chdir(tmp_path)
    data, shapes = Path("data.nt"), Path("shapes.ttl")
    lines = []
    for n in range(NODES):
        lines.append(f"<urn:n{n}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:A> .\n")
        lines += [f'<urn:n{n}> <urn:q> "{n}-{m}" .\n' for m in range(2)]
    data.write_text("".join(lines), encoding="utf-8")
    shapes.write_text(SHAPES, encoding="utf-8")
    return [data], [shapes]


@pytest.fixture
def in_lots(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Makes the SQL engine run, seven results at a time; says how many each lot had."""
    sizes: list[int] = []
    original = engine.parts

    def parts(*arguments: Any, **named: Any) -> Iterator[Report]:
        few = {} if named["size"] is None else {"size": 7}
        for part in original(*arguments, **named | few):
            sizes.append(len(part.results))
            yield part

    monkeypatch.setattr(core, "MOST_SMALL", 0)
    monkeypatch.setattr(engine, "parts", parts)
    return sizes


def test_lots_give_the_report_of_all_at_once(
    files: tuple[list[Path], list[Path]], in_lots: list[int]
) -> None:
    whole = validate_files(*files)
    assert len(whole.report.results) == RESULTS
    in_lots.clear()
    with collect_files(*files, Wanted()) as found:
        assert max(in_lots) == 7
        assert sum(in_lots) == RESULTS
        view = View(found)
        assert tuple(view.findings()) == whole.findings
        assert "".join(view.turtle()) == whole.report.to_turtle()


def test_findings_are_never_all_held(
    files: tuple[list[Path], list[Path]], in_lots: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lot is all that is made at once, and a report comes in small pieces."""
    lots: list[int] = []
    original = collect._Collector._findings

    def noted(self: collect._Collector, part: Report) -> list[Finding]:
        found = original(self, part)
        lots.append(len(found))
        return found

    monkeypatch.setattr(collect._Collector, "_findings", noted)
    with collect_files(*files, Wanted()) as found:
        assert max(lots) <= 7
        pieces = View(found).findings()
        assert iter(pieces) is pieces
        for write in FORMATS.values():
            written = write(View(found))
            assert iter(written) is written
            assert max(map(len, written)) < 6000


def test_the_spool_counts_what_is_found_again() -> None:
    result = Result(NamedNode("urn:a"), None, None, "urn:c", "urn:s", NamedNode("urn:S"), "message")
    other = Result(NamedNode("urn:b"), None, None, "urn:c", "urn:s", NamedNode("urn:S"), "message")
    report = Report.of([result, other, result, result])
    with Spool() as spool:
        assert [spool.add(_finding(item)) for item in (other, result, result, result)] == [
            True, True, False, False,
        ]  # fmt: skip
        assert len(spool) == 2
        assert list(spool.results()) == list(report.results)
        assert "".join(turtle(spool.results, spool.sorted)) == report.to_turtle()
        spool.clear()
        assert (len(spool), list(spool.results())) == (0, [])


def _finding(result: Result) -> Finding:
    return Finding(result, (), None, None, Detail())


def test_some_results_only(files: tuple[list[Path], list[Path]], in_lots: list[int]) -> None:
    with collect_files(*files, Wanted(most=10)) as found:
        assert (len(found.spool), found.left_out) == (10, RESULTS - 10)
        assert found.left_out_fails
        view = View(found)
        assert view.fails
        assert "150 more left out" in view.counts()
        assert "truncated: 150 more results" in "".join(text.write(view))
        assert json.loads("".join(as_json.write(view)))["leftOut"] == 150
        run = json.loads("".join(sarif.write(view)))["runs"][0]
        assert "150" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
        assert "150 more results" in "".join(github.write(view))
        assert "".join(view.turtle()).startswith("# this report is truncated: 150 more results")


@pytest.mark.parametrize("small", [True, False])
def test_the_first_violation_only(
    files: tuple[list[Path], list[Path]], small: bool, request: pytest.FixtureRequest
) -> None:
    if not small:
        request.getfixturevalue("in_lots")
    with collect_files(*files, Wanted(first=True)) as found:
        (finding,) = View(found).findings()
        assert finding.level == "error"
        assert found.partial
        assert "partial" in "".join(text.write(View(found)))
        assert json.loads("".join(as_json.write(View(found))))["partial"] is True


def test_without_a_violation_nothing_is_cut(files: tuple[list[Path], list[Path]]) -> None:
    files[1][0].write_text(SHAPES.replace(", :Q ,", ","), encoding="utf-8")
    with collect_files(*files, Wanted(first=True)) as found:
        assert (len(found.spool), found.partial) == (3 * NODES, False)


def test_what_is_accepted_is_not_counted_among_the_most(files: tuple[list[Path], list[Path]]) -> None:
    known = {fingerprint(result) for result in validate_files(*files).report.results[:100]}
    with collect_files(*files, Wanted(most=50, accepted=frozenset(known))) as found:
        assert (found.accepted, len(found.spool), found.left_out) == (100, 50, RESULTS - 150)


def test_the_report_graph_has_what_is_accepted_too(files: tuple[list[Path], list[Path]]) -> None:
    whole = validate_files(*files)
    known = {fingerprint(result) for result in whole.report.results[:100]}
    with collect_files(*files, Wanted(accepted=frozenset(known))) as found:
        assert "".join(View(found).turtle()) == whole.report.to_turtle()
        assert len(list(View(found).findings())) == RESULTS - 100


def test_progress_is_told(files: tuple[list[Path], list[Path]], in_lots: list[int]) -> None:
    told: list[Seen] = []
    with collect_files(*files, Wanted(watch=told.append)):
        pass
    examined = [seen for seen in told if seen.stage == "examined"]
    assert [seen.done for seen in examined] == list(range(1, len(examined) + 1))
    assert examined[-1].done == examined[-1].total
    assert examined[-1].nodes >= NODES
    assert examined[-1].results == RESULTS
    assert [seen for seen in told if seen.stage == "located"][-1].done == RESULTS


def test_nothing_is_shown_where_stderr_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.shown() as watch:
        watch(Seen("examined", 1, 2))
        watch(None)
    assert capfd.readouterr() == ("", "")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "nutgraf", "validate", "data.nt", "--shapes", "shapes.ttl", *arguments]


def test_the_command(files: tuple[list[Path], list[Path]]) -> None:
    first = subprocess.run(command("--fail-fast"), capture_output=True, text=True, check=False)
    assert first.returncode == 1
    assert "1 error" in first.stdout
    assert first.stderr == ""
    some = subprocess.run(command("--max-results", "1"), capture_output=True, text=True, check=False)
    assert some.returncode == 1
    assert f"{RESULTS - 1} more left out" in some.stdout


def test_an_unfinished_report_is_never_left(files: tuple[list[Path], list[Path]]) -> None:
    Path("report.json").write_text("the last", encoding="utf-8")

    def pieces() -> Iterator[str]:
        yield "{"
        raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        rdf.deliver_parts(pieces(), Path("report.json"))
    assert Path("report.json").read_text(encoding="utf-8") == "the last"
    assert sorted(path.name for path in Path().iterdir()) == ["data.nt", "report.json", "shapes.ttl"]
