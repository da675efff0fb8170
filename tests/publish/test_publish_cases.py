"""A case is a folder: `input.nq` and the bytes that each writer makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from nutgraf.publish.context import Context
from nutgraf.publish.jsonld import jsonld_dataset
from nutgraf.publish.ntriples import nquads
from nutgraf.publish.turtle import trig, turtle
from nutgraf.terms.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

CASES: Final = Path(__file__).with_name("cases")
CONTEXT: Final = Path(__file__).parents[2] / "ontology" / "context.jsonld"


def context() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(CONTEXT.read_text(encoding="utf-8"))
    return loaded


def body_of_jsonld(quads: list[Quad]) -> str:
    """The document without its context, which is the same in all of them."""
    document = jsonld_dataset(quads, context())
    assert json.loads(document)["@context"] == context()["@context"]
    return document[document.index('  "@graph": ') :]


WRITERS: Final[dict[str, Callable[[list[Quad]], str]]] = {
    "output.nq": nquads,
    "output.ttl": lambda quads: turtle([quad.triple for quad in quads], PREFIXES),
    "output.trig": lambda quads: trig(quads, PREFIXES),
    "output.jsonld.txt": body_of_jsonld,
}


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/output.*")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_case(path: Path) -> None:
    source = (path.parent / "input.nq").read_text(encoding="utf-8")
    quads = [quad for quad in parse(source, RdfFormat.N_QUADS) if isinstance(quad, Quad)]
    assert WRITERS[path.name](quads) == path.read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    assert {path.parent for path in CASES.glob("*/output.*")} == set(CASES.iterdir())


def test_the_context_has_the_prefixes_of_the_vocabulary() -> None:
    assert Context.read(context()).prefixes == PREFIXES
