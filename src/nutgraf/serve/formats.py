"""The formats that are served: their names, media types and file name extensions.

The first media type of a format is what its answers are labelled with; the others are what clients also call
it. A graph of triples is a document in N-Quads and TriG, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: in `?format=` and, for graphs, the extension.
        title: for people.
        media_types: what `Accept` may call it, the proper one first.
        is_text: whether a charset is said.
        iri: what a service description calls it.
    """

    name: str
    title: str
    media_types: tuple[str, ...]
    iri: str
    is_text: bool = True

    @property
    def content_type(self) -> str:
        return f"{self.media_types[0]}; charset=utf-8" if self.is_text else self.media_types[0]


_W3: Final = "http://www.w3.org/ns/formats/"

SOLUTIONS: Final = (
    Format(
        "json",
        "JSON",
        ("application/sparql-results+json", "application/json", "text/json"),
        f"{_W3}SPARQL_Results_JSON",
        is_text=False,
    ),
    Format(
        "xml",
        "XML",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        f"{_W3}SPARQL_Results_XML",
        is_text=False,
    ),
    Format("csv", "CSV", ("text/csv",), f"{_W3}SPARQL_Results_CSV"),
    Format("tsv", "TSV", ("text/tab-separated-values",), f"{_W3}SPARQL_Results_TSV"),
)
"""Of what SELECT gives."""
BOOLEANS: Final = SOLUTIONS[:2]
"""Of what ASK gives."""
GRAPHS: Final = (
    Format(
        "ttl",
        "Turtle",
        ("text/turtle", "application/trig", "application/x-turtle", "text/n3", "text/rdf+n3"),
        f"{_W3}Turtle",
    ),
    Format(
        "nt",
        "N-Triples",
        ("application/n-triples", "application/n-quads", "text/plain"),
        f"{_W3}N-Triples",
        is_text=False,
    ),
    Format(
        "jsonld",
        "JSON-LD",
        ("application/ld+json", "application/json"),
        f"{_W3}JSON-LD",
        is_text=False,
    ),
    Format(
        "rdf",
        "RDF/XML",
        ("application/rdf+xml", "application/xml", "text/xml"),
        f"{_W3}RDF_XML",
        is_text=False,
    ),
)
"""Of graphs: what CONSTRUCT and DESCRIBE give, named graphs, and what is said of a thing."""
HTML: Final = Format("html", "HTML", ("text/html",), "")


def offers(formats: Iterable[Format]) -> dict[str, Format]:
    """Media type → format, best first: proper names before what else they are called."""
    known = list(formats)
    found = {each.media_types[0]: each for each in known}
    for each in known:
        for name in each.media_types[1:]:
            found.setdefault(name, each)
    return found


def named(formats: Iterable[Format], name: str) -> Format | None:
    """The format that `?format=` names: by its name, or by a media type."""
    known = list(formats)
    return next((each for each in known if each.name == name), None) or offers(known).get(name)
