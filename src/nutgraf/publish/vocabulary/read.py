"""Read a vocabulary's terms from its RDF, and from the dataset what is done with them.

Source: RDF Schema 1.1, https://www.w3.org/TR/rdf-schema/; schema.org's `domainIncludes` and
`rangeIncludes`, https://schema.org/docs/datamodel.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.publish.description.quads import load
from nutgraf.publish.vocabulary.model import KINDS, Example, Kind, Vocabulary, VocabularyTerm
from nutgraf.terms.vocabulary import DCTERMS, RDF, RDF_TYPE, RDFS, SCHEMA

_OWL: Final = "http://www.w3.org/2002/07/owl#"
_ONTOLOGY: Final = f"{_OWL}Ontology"
_CLASSES: Final = frozenset({f"{RDFS}Class", f"{_OWL}Class"})
_PROPERTIES: Final = frozenset(
    {f"{RDF}Property"} | {f"{_OWL}{name}Property" for name in ("Object", "Datatype", "Annotation")}
)
_MOST: Final = 2
"""How many examples a term has."""

_REIFICATION: Final = [f"<{RDF}{name}>" for name in ("subject", "predicate", "object")]
"""A statement about a statement is no use of what that one is made of."""
_USES: Final = """
with after as (
  select s, p, o, lag(s) over () as s0, lag(p) over () as p0, lag(o) over () as o0 from quads
), triples as (
  select s, p, o from after where s is distinct from s0 or p <> p0 or o <> o0
), used as (
  select s, p, o, unnest(
    case when starts_with(p, $namespace) then [p] else [] end
    || case when starts_with(o, $namespace) and o <> p and p not in $reification then [o] else [] end
  ) as term
  from triples where starts_with(p, $namespace) or starts_with(o, $namespace)
)
select term, count(*),
  min({'inner': contains(s, '#'), 'size': length(s) + length(o), 's': s, 'p': p, 'o': o}, $most)
from used group by term order by term
"""
"""The lines are sorted, so the same triple again stands next to it; only the best examples are remembered."""


class _Use(NamedTuple):
    number: int
    examples: list[Example]


def read(triples: Iterable[Triple], dataset: Path | None = None) -> Vocabulary | None:
    """The vocabulary that a graph defines.

    Args:
        triples: the graph.
        dataset: canonical N-Quads in which the terms may be used; None to count nothing.

    Returns:
        The vocabulary; None when no `owl:Ontology` is in the graph.
    """
    said: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            said[subject.value][predicate.value].append(value)
    ontology = next((iri for iri in sorted(said) if _ONTOLOGY in _iris(said[iri][RDF_TYPE])), None)
    if ontology is None:
        return None
    namespace = ontology if ontology.endswith(("#", "/")) else f"{ontology}#"
    used = _uses(dataset, namespace) if dataset is not None else {}
    terms = [
        _used(term, used)
        for iri in said
        if iri.startswith(namespace) and (term := _term(iri, namespace, said[iri])) is not None
    ]
    return Vocabulary(
        iri=ontology,
        titles=_texts(said[ontology][f"{DCTERMS}title"]),
        descriptions=_texts(said[ontology][f"{DCTERMS}description"]),
        license=next(iter(_iris(said[ontology][f"{DCTERMS}license"])), None),
        terms=tuple(sorted(_with_members(terms), key=lambda term: (KINDS.index(term.kind), term.anchor))),
    )


def _term(iri: str, namespace: str, said: Mapping[str, list[NamedNode | Literal]]) -> VocabularyTerm | None:
    types = _iris(said.get(RDF_TYPE, ()))
    kind = _kind(types)
    return kind and VocabularyTerm(
        iri=iri,
        anchor=iri.removeprefix(namespace),
        kind=kind,
        labels=_texts(said.get(f"{RDFS}label", ())),
        comments=_texts(said.get(f"{RDFS}comment", ())),
        parents=_iris(said.get(f"{RDFS}subClassOf", ())) + _iris(said.get(f"{RDFS}subPropertyOf", ())),
        types=types if kind == "individual" else (),
        domains=_iris(said.get(f"{SCHEMA}domainIncludes", ())) + _iris(said.get(f"{RDFS}domain", ())),
        ranges=_iris(said.get(f"{SCHEMA}rangeIncludes", ())) + _iris(said.get(f"{RDFS}range", ())),
    )


def _kind(types: Iterable[str]) -> Kind | None:
    known = set(types)
    if known & _CLASSES:
        return "class"
    if known & _PROPERTIES:
        return "property"
    return "individual" if known else None


def _with_members(terms: list[VocabularyTerm]) -> list[VocabularyTerm]:
    members: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for each in term.types:
            members[each].append(term.iri)
    return [replace(term, members=tuple(sorted(members[term.iri]))) for term in terms]


def _used(term: VocabularyTerm, used: Mapping[str, _Use]) -> VocabularyTerm:
    found = used.get(term.iri)
    return replace(term, uses=found.number, examples=tuple(found.examples)) if found else term


def _uses(dataset: Path, namespace: str) -> dict[str, _Use]:
    found: dict[str, _Use] = {}
    with load(dataset) as connection:
        values = {"namespace": f"<{namespace}", "most": _MOST, "reification": _REIFICATION}
        for term, number, best in connection.execute(_USES, values).fetchall():
            found[term[1:-1]] = _Use(number, [Example(each["s"], each["p"], each["o"]) for each in best])
    return found


def _iris(values: Iterable[NamedNode | Literal]) -> tuple[str, ...]:
    return tuple(sorted(value.value for value in values if isinstance(value, NamedNode)))


def _texts(values: Iterable[NamedNode | Literal]) -> dict[str, str]:
    literals = [value for value in values if isinstance(value, Literal)]
    return {(value.language or "").lower(): value.value for value in sorted(literals, key=str)}
