"""SHACL property paths.

Source: SHACL §2.3.1, https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from nutgraf.terms.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SH: Final = "http://www.w3.org/ns/shacl#"
SHAPE: Final = "https://nutgraf.example/shapes#"
LABELS: Final[dict[str, str]] = PREFIXES | {"sh": SH, "shape": SHAPE}
"""Prefix label → namespace, for the text of reports."""

Kind = Literal["predicate", "sequence", "alternative", "inverse", "zeroOrMore", "oneOrMore", "zeroOrOne"]

_SUFFIXES: Final = {"zeroOrMore": "*", "oneOrMore": "+", "zeroOrOne": "?"}
_SEPARATORS: Final = {"sequence": "/", "alternative": "|"}


def shorten(iri: str, prefixes: Mapping[str, str] = LABELS) -> str:
    """An IRI as people read it: a CURIE where a prefix fits, else in angle brackets.

    >>> shorten("https://schema.org/name")
    'schema:name'
    """
    for label, namespace in sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0])):
        local = iri.removeprefix(namespace)
        if local != iri and local.replace("-", "").replace("_", "").isalnum():
            return f"{label}:{local}"
    return f"<{iri}>"


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """A property path.

    Attributes:
        kind: "predicate", or how the parts make the path.
        iri: the predicate of a predicate path, else empty.
        parts: what a complex path is made of.

    >>> str(PropertyPath("inverse", parts=(PropertyPath("predicate", "https://schema.org/member"),)))
    '^<https://schema.org/member>'
    """

    kind: Kind
    iri: str = ""
    parts: tuple[PropertyPath, ...] = ()

    def __str__(self) -> str:
        """The path in SPARQL's syntax, with whole IRIs."""
        return self.short({})

    def short(self, prefixes: Mapping[str, str] = LABELS) -> str:
        """The path in SPARQL's syntax, with CURIEs.

        Source: SPARQL 1.1 §9.1, https://www.w3.org/TR/sparql11-query/#pp-language
        """
        if self.kind == "predicate":
            return shorten(self.iri, prefixes)
        inner = [_bracketed(part, prefixes) for part in self.parts]
        if self.kind in _SEPARATORS:
            return _SEPARATORS[self.kind].join(inner)
        return f"^{inner[0]}" if self.kind == "inverse" else f"{inner[0]}{_SUFFIXES[self.kind]}"

    def predicates(self) -> Iterator[str]:
        """The IRIs of the predicates in the path."""
        if self.kind == "predicate":
            yield self.iri
        for part in self.parts:
            yield from part.predicates()

    def simple(self) -> tuple[Literal["predicate", "inverse", "complex"], str]:
        """Whether one triple makes the path, forwards or backwards, and its predicate; else "complex"."""
        if self.kind == "predicate":
            return "predicate", self.iri
        if self.kind == "inverse" and self.parts[0].kind == "predicate":
            return "inverse", self.parts[0].iri
        return "complex", ""

    def turtle(self) -> str:
        """The path as a Turtle object.

        Source: SHACL §2.3.1.1 to §2.3.1.7, https://www.w3.org/TR/shacl/#property-path-predicate
        """
        inner = [part.turtle() for part in self.parts]
        if self.kind == "predicate":
            return f"<{self.iri}>"
        if self.kind == "sequence":
            return f"( {' '.join(inner)} )"
        if self.kind == "alternative":
            return f"[ <{SH}alternativePath> ( {' '.join(inner)} ) ]"
        return f"[ <{SH}{self.kind}Path> {inner[0]} ]"


def _bracketed(path: PropertyPath, prefixes: Mapping[str, str]) -> str:
    text = path.short(prefixes)
    return text if path.kind == "predicate" else f"({text})"
