"""What is compared, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["agreed", "only here", "differing"]
DifferenceKind = Literal["value", "precision", "granularity", "succession", "modality"]


@dataclass(frozen=True, slots=True, order=True)
class Assertion:
    """A statement as one article makes it, or as the register or an accepted link has it.

    Attributes:
        subject: IRI.
        predicate: IRI.
        object: IRI or lexical form.
        is_iri: whether the object is an IRI.
        datatype: of a literal.
        article: key of the article; empty for the register and the links, which are no sources.
        modality: actual, planned, aim, alleged or denied.
    """

    subject: str
    predicate: str
    object: str
    is_iri: bool = True
    datatype: str = ""
    article: str = ""
    modality: str = "actual"


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """How two statements of one thing differ.

    Attributes:
        kind: value, they exclude each other; precision, one says more of the same; granularity, one names
            the part or representative and the other the whole; succession, each is true of its time;
            modality, one calls actual what another calls planned or alleged.
        other: the other value, or the modalities.
        articles: who says the other.
        why: what the kind was seen by.
    """

    kind: DifferenceKind
    other: str
    articles: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and the articles that state it.

    Attributes:
        subject: IRI; of things that were merged, the first.
        predicate: IRI; times of one kind have one predicate whatever their precision.
        value: IRI or lexical form.
        is_iri: whether the value is an IRI.
        articles: (article, modality) of each that states it.
        sources: the articles, copies of one text counted once.
        verdict: agreed by two sources or more, only here, or differing.
        differences: from other statements of the same thing.
    """

    subject: str
    predicate: str
    value: str
    is_iri: bool
    articles: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    verdict: Verdict
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """Why several articles are taken to speak of one thing, or why two things are kept apart.

    Attributes:
        node: IRI of the thing.
        others: IRIs that were merged into it; none where the sheets share its key.
        articles: who speaks of it.
        reasons: authority ids, structured keys, the register.
        apart: whether this is a merge that a rule forbade.
    """

    node: str
    others: tuple[str, ...]
    articles: tuple[str, ...]
    reasons: tuple[str, ...]
    apart: bool = False
