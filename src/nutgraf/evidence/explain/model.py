"""An explanation as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from nutgraf.problems import Span


@dataclass(frozen=True, slots=True, order=True)
class Words:
    """Words of an article by their place.

    Attributes:
        article: the article's key.
        start: first code point of the normalised text.
        end: code point after the last.
        sha256: of the words in UTF-8.
        sentence: the sentence around them, where the text is at hand and asked for.
        highlight: where in `sentence` the words are, as (start, end).
    """

    article: str
    start: int
    end: int
    sha256: str
    sentence: str | None = None
    highlight: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A rule of a mapping, and where it stands."""

    triples_map: str
    span: Span


@dataclass(frozen=True, slots=True)
class Derivation:
    """A named rule that computes the value, and the words that it computes from."""

    rule: str
    inputs: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """One record that makes a statement.

    Attributes:
        kind: stated, derived, register, link, build metadata, or evidence for what the evidence graphs say.
        graph: IRI of the graph that the statement is in.
        article: key of the article, where one states it.
        record: where in its file the record is, as a JSON Pointer.
        place: the record's place in its file.
        rule: the rule of the mapping that made the statement of it.
        words: what states it.
        modality: actual, planned, aim, alleged or denied.
        speakers: IRIs of those whose word it is, where it is not the article's own.
        via: IRIs of the mentions through which the words reach the thing.
        derivation: how the value is computed, where it is.
    """

    kind: str
    graph: str
    article: str | None = None
    record: str | None = None
    place: Span | None = None
    rule: Rule | None = None
    words: tuple[Words, ...] = ()
    modality: str | None = None
    speakers: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    derivation: Derivation | None = None


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """A SHACL shape that checks a statement, and where it is declared."""

    iri: str
    span: Span


@dataclass(frozen=True, slots=True)
class Explanation:
    """A statement with all that supports it.

    Attributes:
        id: hash of subject, predicate and object, as in the IRI of its statement node.
        subject: IRI.
        predicate: IRI.
        object: IRI or lexical form.
        datatype: of a literal.
        language: tag of a literal.
        is_iri: whether the object is an IRI.
        supports: in order of article and place.
        sources: keys of the articles that state it; articles with the same text count as one.
        shapes: the shapes that check it.
    """

    id: str
    subject: str
    predicate: str
    object: str
    datatype: str | None
    language: str | None
    is_iri: bool
    supports: tuple[Support, ...]
    sources: tuple[str, ...]
    shapes: tuple[Shape, ...]
