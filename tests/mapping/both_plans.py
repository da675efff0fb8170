"""One mapping by both plans: streamed, and by way of the table of all statements."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from nutgraf.engine.duckdb import Connection, connect
from nutgraf.mapping import Folders, RuleCount, load, run
from nutgraf.mapping.model import RmlMapping
from nutgraf.mapping.stream.run import OtherPlanError, stream
from nutgraf.problems import InputError, Problem, in_order
from tests.mapping.mapping_runner import quad


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


def naive(model: RmlMapping, base: str, connection: Connection, folders: Folders, *, graphs: bool) -> Made:
    """By way of the table of all statements, from which repetitions are removed at the end."""
    warnings: list[Problem] = []
    counts = run(
        model,
        tables={},
        base=base,
        connection=connection,
        lineage=False,
        folders=folders,
        on_warning=warnings.append,
    )
    quads = map(quad, connection.table("statements").fetchall())
    if not graphs:
        quads = map(in_no_graph, quads)
    return Made(tuple(dict.fromkeys(quads)), _numbers(counts), _texts(warnings))


def streamed(
    model: RmlMapping, base: str, connection: Connection, folders: Folders, *, graphs: bool
) -> Made | None:
    """As the statements are made; None where this is left to the other plan."""
    warnings: list[Problem] = []
    sink = _Lines()
    try:
        done = stream(
            model,
            sink,
            tables={},
            base=base,
            no_base=False,
            graphs=graphs,
            connection=connection,
            folders=folders,
            on_warning=warnings.append,
        )
    except OtherPlanError:
        return None
    quads = tuple(pyoxigraph.parse(sink.text, format=pyoxigraph.RdfFormat.N_QUADS))
    assert done.statements == len(quads) == sink.text.count(b"\n")
    return Made(quads, _numbers(done.rules), _texts(warnings))


def make_both(mapping: Path, *, base: str, graphs: bool = True) -> tuple[Made, Made | None]:
    """Run a mapping of files beside it by both plans, which must come to the same.

    Args:
        mapping: YARRRML or RML.
        base: goes before relative IRIs.
        graphs: whether to make quads, and not triples.

    Returns:
        What `naive` and what `streamed` made; None where the second leaves it to the first.
    """
    with _workplace(mapping.parent) as (connection, folders):
        try:
            stream = None
            model = load([mapping], display=lambda path: path.name)
            stream = streamed(model, base, connection, folders, graphs=graphs)
            table = naive(model, base, connection, folders, graphs=graphs)
        except InputError as error:
            table = Made(problems=_texts(error.problems))
    if stream is not None:
        assert len(stream.quads) == len(set(stream.quads))
        assert set(stream.quads) == set(table.quads)
        assert stream.counts == table.counts
        assert stream.warnings == table.warnings
        assert stream.problems == table.problems
    return table, stream


def in_no_graph(one: pyoxigraph.Quad) -> pyoxigraph.Quad:
    """The triple of a quad, in the default graph."""
    return pyoxigraph.Quad(one.subject, one.predicate, one.object, pyoxigraph.DefaultGraph())


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
