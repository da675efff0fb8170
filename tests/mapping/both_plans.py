"""One mapping by both plans: streamed, and by way of the table of all statements."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyoxigraph

from nutgraf.engine.duckdb import Connection, connect
from nutgraf.mapping import Folders, RuleCount, load, run
from nutgraf.mapping.model import RmlMapping
from nutgraf.mapping.stream.run import OtherPlanError, stream
from nutgraf.problems import InputError, Problem, in_order
from tests.mapping.mapping_runner import BASE, quad


@dataclass(frozen=True)
class Made:
    """What a plan made of a mapping, or why it made nothing.

    Attributes:
        quads: in the order in which they were made.
        counts: (records, statements) of each rule.
        warnings: what is odd.
        problems: why nothing was made.
    """

    quads: tuple[pyoxigraph.Quad, ...] = ()
    counts: tuple[tuple[int, int], ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class _Lines:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.text = b""

    def write(self, data: memoryview) -> None:
        self.text += bytes(data)

    def mark(self) -> int:
        """The place where the next part goes."""
        return len(self.text)

    def rewind(self, mark: int) -> None:
        """Forget everything from a place on."""
        self.text = self.text[:mark]


Plan = Callable[[RmlMapping, Mapping[str, pa.Table], str, Connection, Folders], Made | None]


def naive(
    model: RmlMapping, tables: Mapping[str, pa.Table], base: str, connection: Connection, folders: Folders
) -> Made:
    """By way of the table of all statements, from which repetitions are removed at the end."""
    warnings: list[Problem] = []
    counts = run(
        model,
        tables=tables,
        base=base,
        connection=connection,
        lineage=False,
        folders=folders,
        on_warning=warnings.append,
    )
    quads = tuple(map(quad, connection.table("statements").fetchall()))
    return Made(quads, _numbers(counts), _texts(warnings))


def streamed(
    model: RmlMapping, tables: Mapping[str, pa.Table], base: str, connection: Connection, folders: Folders
) -> Made | None:
    """As the statements are made; None where this is left to the other plan."""
    warnings: list[Problem] = []
    sink = _Lines()
    try:
        done = stream(
            model,
            sink,
            tables=tables,
            base=base,
            no_base=False,
            graphs=True,
            connection=connection,
            folders=folders,
            on_warning=warnings.append,
        )
    except OtherPlanError:
        return None
    quads = tuple(pyoxigraph.parse(sink.text, format=pyoxigraph.RdfFormat.N_QUADS))
    assert done.statements == len(quads) == sink.text.count(b"\n")
    return Made(quads, _numbers(done.rules), _texts(warnings))


def make(
    plan: Plan,
    mapping: Path,
    tables: Mapping[str, pa.Table] | None = None,
    *,
    base: str = BASE,
    directory: Path | None = None,
) -> Made | None:
    """Run a mapping by a plan in a new database.

    Args:
        plan: `naive` or `streamed`.
        mapping: YARRRML or RML.
        tables: that its sources may name.
        base: goes before relative IRIs.
        directory: where its files are; default: beside it.
    """
    try:
        model = load([mapping], display=lambda path: path.name)
        with _workplace(directory or mapping.parent) as (connection, folders):
            return plan(model, tables or {}, base, connection, folders)
    except InputError as error:
        return Made(problems=_texts(error.problems))


@contextmanager
def _workplace(directory: Path) -> Iterator[tuple[Connection, Folders]]:
    with tempfile.TemporaryDirectory() as staging:
        folders = Folders((directory,), Path(staging), working=directory)
        connection = connect(directories=folders.readable, threads=2)
        try:
            yield connection, folders
        finally:
            connection.close()


def _numbers(counts: tuple[RuleCount, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((count.records, count.statements) for count in counts)


def _texts(problems: tuple[Problem, ...] | list[Problem]) -> tuple[str, ...]:
    return tuple(map(str, in_order(list(problems))))
