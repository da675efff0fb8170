"""Rules that have no short way: the distinct lines of everything that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nutgraf.engine import duckdb as engine
from nutgraf.engine.texts import joined
from nutgraf.mapping.counts import RuleCount, count
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.run import generate
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.sql import statements
from nutgraf.mapping.stream.ladder import Sink
from nutgraf.problems import Problem

_BATCH = 65536


class RelativeIriError(Exception):
    """An IRI is relative and there is no base."""


def write(
    rules: Sequence[Rule],
    sources: Sources,
    base: str,
    connection: engine.Connection,
    sink: Sink,
    *,
    graphs: bool,
    no_base: bool,
    on_step: Callable[[str], None],
) -> tuple[int, tuple[RuleCount, ...], list[Problem]]:
    """Write what rules make that are not streamed.

    Args:
        rules: of a plan; no other rule makes one of their statements.
        sources: of the run.
        base: goes before relative IRIs.
        connection: where the tables are made.
        sink: takes the lines.
        graphs: whether to write N-Quads, and not N-Triples.
        no_base: whether `base` only stands for one that is missing.
        on_step: told what is being done.

    Returns:
        How many statements there are, what each rule made, and warnings.

    Raises:
        InputError: as of `nutgraf.mapping.run`.
        RelativeIriError: there is an IRI that needs a base.
    """
    try:
        found, warnings = generate(
            rules, sources, base, connection, lineage=False, identified=False, on_step=on_step
        )
        if no_base and engine.rows(connection, statements.relative(base)):
            raise RelativeIriError
        counts = count(connection, rules, found)
        written = 0
        for batch in engine.batches(connection, statements.lines(graphs=graphs), _BATCH):
            sink.write(joined(batch.column(0)))
            written += len(batch)
        return written, counts, warnings
    finally:
        engine.drop(connection, "TABLE", statements.GENERATED)
