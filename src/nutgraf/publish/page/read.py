"""Read a page's JSON-LD back into the triples that it says, in the form that our graphs have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.dataset.jsonld_input import read_jsonld
from nutgraf.dataset.schema_values import normalized
from nutgraf.terms import schema_org
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA

_TURNED: Final = {f"{SCHEMA}subEvent": NamedNode(f"{SCHEMA}superEvent")}
_MEMBER: Final = NamedNode(f"{SCHEMA}member")


def read_page(
    document: str | bytes | dict[str, Any] | list[Any],
    *,
    base_iri: str | None = None,
    language: str | None = None,
) -> list[Triple]:
    """The triples of a page's JSON-LD, whoever wrote it.

    Args:
        document: its text, or what `json.loads` makes of it.
        base_iri: the page's address; relative IRIs are resolved against it.
        language: what texts without a language are in; default: the `inLanguage` of the page's root.

    Raises:
        InputError: RDF101 or RDF104, see `read_jsonld`.
    """
    triples = [quad.triple for quad in read_jsonld(document, base_iri=base_iri)]
    return normalized_page(triples, language)


def normalized_page(
    triples: Iterable[Triple], language: str | None = None, *, fallback: str | None = None
) -> list[Triple]:
    """Triples that any consumer found in a page, in the form that our graphs have.

    Values take the form that the terms' ranges give them, and relations the direction that we keep:
    `superEvent` for `subEvent`, and `member` for the `memberOf` of a role.

    Args:
        triples: what the consumer found.
        language: what texts without a language are in; default: the `inLanguage` of the page's root.
        fallback: the same, where the root does not say.
    """
    found = list(normalized(triples))
    tag = language or _language(found) or fallback
    return list(dict.fromkeys(_one_direction(list(normalized(found, tag)))))


def _language(triples: Iterable[Triple]) -> str | None:
    """The `inLanguage` of what nothing else links to, where there is one only."""
    known = list(triples)
    inner = {triple.object for triple in known if triple.object != triple.subject}
    tags = {
        triple.object.value
        for triple in known
        if triple.predicate.value == f"{SCHEMA}inLanguage"
        and isinstance(triple.object, Literal)
        and triple.subject not in inner
    }
    return tags.pop() if len(tags) == 1 else None


def _one_direction(triples: list[Triple]) -> Iterator[Triple]:
    roles = {
        triple.subject
        for triple in triples
        if triple.predicate.value == RDF_TYPE
        and isinstance(triple.object, NamedNode)
        and schema_org.is_a(triple.object.value.removeprefix(SCHEMA), "Role")
    }
    for triple in triples:
        subject, predicate, value = triple
        turned = _TURNED.get(predicate.value)
        if predicate.value == f"{SCHEMA}memberOf" and (subject in roles or value in roles):
            turned = _MEMBER
        if turned is not None and isinstance(value, NamedNode | BlankNode):
            yield Triple(value, turned, subject)
        else:
            yield triple
