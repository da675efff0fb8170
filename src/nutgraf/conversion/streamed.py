"""A run that writes its statements as lines while it makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from nutgraf import mapping
from nutgraf.conversion.job import NO_BASE, prepared
from nutgraf.dataset import lines
from nutgraf.mapping import RuleCount, targets
from nutgraf.mapping.stream.ladder import Sink
from nutgraf.mapping.stream.progress import Progress
from nutgraf.mapping.stream.run import OtherPlanError, stream
from nutgraf.problems import Problem


class TargetsError(Exception):
    """A mapping names files for what it makes."""


@dataclass(frozen=True)
class Written:
    """What was written as lines.

    Attributes:
        rules: what each rule made.
        statements: how many there are, each once.
    """

    rules: tuple[RuleCount, ...]
    statements: int


def write_lines(
    mappings: Sequence[Path],
    sink: Sink,
    *,
    graphs: bool,
    base: str | None = None,
    allow: Sequence[Path] = (),
    given: Mapping[str, pa.Table] | None = None,
    start: Path | None = None,
    memory: str | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    on_warning: Callable[[Problem], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Written:
    """Write the distinct statements of mapping files as N-Triples or N-Quads while they are made.

    Nothing that is in the sink counts before this returns.

    Args:
        mappings: YARRRML or RML files.
        sink: takes the text.
        graphs: whether to write N-Quads, and not N-Triples.
        base: as of `convert`, and so the next ones.
        allow: folders that may be read.
        given: tables that sources may name.
        start: a folder of the workspace.
        memory: what the engine may use before it spills to disk.
        on_step: told what is being done.
        on_warning: told what is odd and stops nothing.
        on_progress: told how far it is.

    Raises:
        TargetsError: a mapping has targets of its own; use `convert`.
        InputError, ContentError: as `convert`.
    """
    with prepared(mappings, base=base, allow=allow, given=given, start=start, memory=memory) as job:
        if targets.of_rules(mapping.plan(job.model)):
            raise TargetsError
        try:
            streamed = stream(
                job.model,
                sink,
                tables=job.tables,
                base=job.base,
                no_base=job.base == NO_BASE,
                graphs=graphs,
                connection=job.connection,
                folders=job.folders,
                on_step=on_step,
                on_warning=on_warning,
                on_progress=on_progress,
            )
            return Written(streamed.rules, streamed.statements)
        except OtherPlanError:
            sink.rewind(0)
            on_step("again, by the table of all statements")
        made = job.make(on_step, on_warning)
        on_step("writing")
        for part in lines.lines(job.connection, graphs=graphs):
            sink.write(memoryview(part))
        return Written(made, lines.count(job.connection, graphs=graphs))
