"""The terms of a vocabulary, as its documentation shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["class", "property", "individual"]

KINDS: Final[tuple[Kind, ...]] = ("class", "property", "individual")


@dataclass(frozen=True, slots=True)
class Example:
    """A statement of the dataset, as N-Triples write its three terms."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """One term.

    Attributes:
        iri: its IRI.
        anchor: the fragment of its IRI, which is where it stands on the page.
        kind: what it is.
        labels: language → its name.
        comments: language → its definition.
        parents: IRIs of the classes or properties that it is narrower than.
        types: of an individual, the classes.
        domains: IRIs of the classes that have the property.
        ranges: IRIs of the classes and datatypes of its values.
        members: of a class, the vocabulary's own individuals of it.
        uses: how many statements of the dataset have the property, or the individual as object; how many
            instances the class has.
        examples: some of them.
    """

    iri: str
    anchor: str
    kind: Kind
    labels: Mapping[str, str]
    comments: Mapping[str, str]
    parents: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    uses: int = 0
    examples: tuple[Example, ...] = ()

    def label(self, language: str) -> str:
        """The name in a language, else in any, else the anchor."""
        return in_language(self.labels, language) or self.anchor

    def comment(self, language: str) -> str:
        """The definition in a language, else in any."""
        return in_language(self.comments, language)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A vocabulary with its terms.

    Attributes:
        iri: of the vocabulary itself.
        titles: language → title.
        descriptions: language → description.
        license: IRI of its licence.
        terms: sorted by kind, then by anchor.
    """

    iri: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    license: str | None
    terms: tuple[VocabularyTerm, ...] = field(default=())

    def of_kind(self, kind: Kind) -> list[VocabularyTerm]:
        """The terms of a kind, sorted."""
        return [term for term in self.terms if term.kind == kind]


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in English, else in the first there is; empty when there is none."""
    primary = language.partition("-")[0].lower()
    for tag in (language.lower(), primary, "en", ""):
        if tag in texts:
            return texts[tag]
    return texts[min(texts)] if texts else ""
