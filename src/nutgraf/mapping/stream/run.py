"""Runs a mapping unit by unit and writes its statements as they are made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import targets
from nutgraf.mapping.counts import RuleCount
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.model import Constant, RmlMapping
from nutgraf.mapping.plan import Rule, plan
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.stream import general
from nutgraf.mapping.stream.ahead import Preparation
from nutgraf.mapping.stream.columns import NoSchemaError
from nutgraf.mapping.stream.ladder import Ladder, Sink, Tally
from nutgraf.mapping.stream.progress import Meter, Progress
from nutgraf.mapping.stream.scan import Scans
from nutgraf.mapping.stream.units import Unit, divide
from nutgraf.problems import InputError, Problem


class OtherPlanError(Exception):
    """The short cuts do not hold, or data is odd: `nutgraf.mapping.run` makes it, or says what is wrong."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """What was written.

    Attributes:
        rules: what each rule made.
        statements: how many lines there are, each once.
    """

    rules: tuple[RuleCount, ...]
    statements: int


def stream(
    mapping: RmlMapping,
    sink: Sink,
    *,
    tables: Mapping[str, pa.Table],
    base: str,
    no_base: bool,
    graphs: bool,
    connection: engine.Connection,
    folders: Folders,
    on_step: Callable[[str], None] = lambda _: None,
    on_warning: Callable[[Problem], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Streamed:
    """Write the distinct statements of a mapping as N-Triples or N-Quads.

    The lines come in the order of the rules and, within a unit of rules, of the records or of what is read of
    them: the same input gives the same bytes.

    Args:
        mapping: what `load` gave; without targets.
        sink: takes the text.
        tables: as of `nutgraf.mapping.run`, and so the next ones.
        base: goes before relative IRIs.
        no_base: whether `base` only stands for one that is missing.
        graphs: whether to write N-Quads, and not N-Triples.
        connection: where to work; nothing is left there.
        folders: where the files may be.
        on_step: told what is being done.
        on_warning: told what is odd.
        on_progress: told how far it is.

    Raises:
        OtherPlanError: run `nutgraf.mapping.run` instead; the sink holds nothing that counts.
        MemoryError: the engine has not enough.
    """
    rules = plan(mapping)
    if targets.of_rules(rules):
        raise OtherPlanError("the mapping has targets")
    sources = Sources(connection, tables, folders, on_step)
    scans = Scans(connection, sources, relative=not no_base)
    run = _Run(connection, sources, scans, sink, base, graphs=graphs, no_base=no_base)
    try:
        made, warnings = run.write(rules, on_step, on_progress)
    except engine.OutOfMemoryError as error:
        raise MemoryError(str(error)) from error
    except (engine.EngineError, InputError, NoSchemaError, general.RelativeIriError) as error:
        raise OtherPlanError(str(error)) from error
    finally:
        scans.close()
        sources.close()
    for problem in (*mapping.warnings, *warnings):
        on_warning(dataclasses.replace(problem, severity="warning"))
    return made


@dataclass(frozen=True)
class _Run:
    connection: engine.Connection
    sources: Sources
    scans: Scans
    sink: Sink
    base: str
    graphs: bool
    no_base: bool

    def write(
        self, rules: Sequence[Rule], on_step: Callable[[str], None], on_progress: Callable[[Progress], None]
    ) -> tuple[Streamed, list[Problem]]:
        shown = [rule if self.graphs else dataclasses.replace(rule, graph_map=None) for rule in rules]
        division = divide(shown, self.base, lambda rule: self._is_streamable(rules[rule.number]))
        tally = Tally()
        self._write_units(division.units, tally, on_step, on_progress)
        counts = self._counts([rule for rule in rules if rule.number not in division.general], tally)
        lines = tally.lines
        warnings: list[Problem] = []
        if division.general:
            chosen = [rule for rule in rules if rule.number in division.general]
            more, made, warnings = general.write(
                chosen,
                self.sources,
                self.base,
                self.connection,
                self.sink,
                graphs=self.graphs,
                no_base=self.no_base,
                on_step=on_step,
            )
            lines += more
            counts += made
        return Streamed(tuple(sorted(counts, key=lambda each: each.rule.number)), lines), warnings

    def _write_units(
        self,
        units: Sequence[Unit],
        tally: Tally,
        on_step: Callable[[str], None],
        on_progress: Callable[[Progress], None],
    ) -> None:
        sizes = [[self.scans.size(branch.source) for branch in unit.branches] for unit in units]
        meter = Meter(on_progress, sum(size for found in sizes for size, _ in found))
        self._share(units)
        preparation = Preparation(self.connection, self.scans)
        try:
            with self.connection.cursor() as reader:
                ladder = Ladder(reader, preparation, self.sink, tally, meter)
                for found, (unit, ready) in zip(sizes, preparation.each(units), strict=True):
                    on_step(f"mapping {unit.branches[0].source.label}")
                    meter.begin(sum(size for size, _ in found), found[0][1] if len(found) == 1 else 0)
                    ladder.write(unit, ready)
                    meter.end(tally.lines)
        finally:
            preparation.close()

    def _share(self, units: Sequence[Unit]) -> None:
        """Read a file once for all units but the first star of it, which reads most and runs alone."""
        seen: set[Path | None] = set()
        for unit in units:
            for branch in unit.branches:
                path = self.scans.path(branch.source)
                if path in seen or not (unit.star and len(unit.branches) == 1):
                    self.scans.share(branch.source, branch.slots)
                else:
                    seen.add(path)

    def _is_streamable(self, rule: Rule) -> bool:
        """Whether a rule can be streamed, and its graph does not matter where none is written."""
        graph = rule.graph_map
        is_left_out = not self.graphs and graph and not isinstance(graph.expression, Constant)
        return not is_left_out and self.scans.can_read(rule)

    def _counts(self, rules: Sequence[Rule], tally: Tally) -> list[RuleCount]:
        """What each rule made. A rule that made nothing may read what is not there.

        Raises:
            OtherPlanError: it does.
        """
        known = {
            rule.logical_source: tally.records[rule.number] for rule in rules if rule.number in tally.records
        }
        counts = []
        for rule in rules:
            made = tally.made.get(rule.number, 0)
            if not made and not self.scans.has_names(rule):
                raise OtherPlanError("a reference names nothing")
            if rule.logical_source not in known:
                known[rule.logical_source] = self.scans.count(rule)
            counts.append(RuleCount(rule, known[rule.logical_source], made))
        return counts
