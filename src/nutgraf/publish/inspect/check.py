"""Checking a page's triples by SHACL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Quad, Triple

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.shapes import run
from nutgraf.shapes.load import load


def check(triples: Iterable[Triple], shapes: Sequence[Path]) -> run.Outcome:
    """Validate the triples of a page.

    Args:
        triples: what the page states.
        shapes: the files of the shapes graph.

    Raises:
        InputError: SHP1xx, a shapes file cannot be read or run.
    """
    data = list(dict.fromkeys(triples))
    with engine.connect() as connection:
        table.create(connection, (Quad(*triple) for triple in data))
        return run.validate(connection, load(shapes), lambda: data)
