"""Compare the articles of a workspace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from nutgraf.evidence.compare.difference import facts
from nutgraf.evidence.compare.identity import Identity
from nutgraf.evidence.compare.model import Assertion, Fact, Merge
from nutgraf.evidence.explain.model import Explanation
from nutgraf.evidence.explain.trace import Trace

_MOST: Final = 0.8
_LONG: Final = 20


@dataclass(frozen=True)
class Comparison:
    """What the articles of a workspace agree on.

    Attributes:
        articles: their keys, sorted.
        copies: article → the article that it is a copy of; those that are none are left out.
        facts: every fact with who states it.
        merges: why things are one, or kept apart.
    """

    articles: tuple[str, ...]
    copies: dict[str, str]
    facts: tuple[Fact, ...]
    merges: tuple[Merge, ...]


def compare(trace: Trace) -> Comparison:
    """Compare what the articles of a workspace state."""
    explained = trace.facts()
    assertions = sorted({each for found in explained for each in _assertions(found)})
    copies = copies_of(trace.texts, explained)
    identity = Identity.of(assertions)
    found = facts(assertions, identity, copies)
    told = {article: first for article, first in copies.items() if article != first}
    return Comparison(tuple(sorted(trace.texts)), told, tuple(found), tuple(identity.log))


def _assertions(found: Explanation) -> Iterator[Assertion]:
    for support in found.supports:
        states = support.kind in {"stated", "derived"}
        if states or support.kind in {"register", "link"}:
            article = support.article if states and support.article else ""
            datatype = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString" if found.language else ""
            yield Assertion(
                found.subject,
                found.predicate,
                found.object,
                found.is_iri,
                found.datatype or datatype,
                article,
                support.modality or "actual",
            )


def copies_of(texts: dict[str, str], explained: Iterable[Explanation]) -> dict[str, str]:
    """Article → the first article with the same text, or with most of the same long spans.

    Args:
        texts: article → SHA-256 of its text.
        explained: statements whose spans have a hash: what two articles share shows by these, even where
            the texts are not at hand.
    """
    spans: dict[str, set[str]] = defaultdict(set)
    for found in explained:
        for support in found.supports:
            spans_of = (words for words in support.words if words.end - words.start >= _LONG)
            for words in spans_of:
                spans[words.article].add(words.sha256)
    first: dict[str, str] = {}
    # The first articles by what their copies share with them, so that not all pairs are looked at.
    by_text: dict[str, str] = {}
    by_span: dict[str, list[str]] = defaultdict(list)
    for article in sorted(texts):
        alike = {other for span in spans[article] for other in by_span[span]}
        if texts[article] in by_text:
            alike.add(by_text[texts[article]])
        first[article] = min((o for o in alike if _is_copy(article, o, texts, spans)), default=article)
        if first[article] == article:
            by_text[texts[article]] = article
            for span in spans[article]:
                by_span[span].append(article)
    return first


def _is_copy(one: str, other: str, texts: dict[str, str], spans: dict[str, set[str]]) -> bool:
    if texts[one] == texts[other]:
        return True
    smaller = min(len(spans[one]), len(spans[other]))
    return smaller > 0 and len(spans[one] & spans[other]) >= _MOST * smaller
