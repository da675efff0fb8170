"""The dataset in VoID: how large it is, which terms it uses, where it links to, how to get it.

Source: https://www.w3.org/TR/void/
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.publish.description.about import About
from nutgraf.publish.description.census import Census, GraphKind, LinkSet
from nutgraf.publish.description.statements import Statements, node, nodes, texts
from nutgraf.terms.vocabulary import WD

_FEATURES: Final = ("N-Quads", "TriG", "Turtle", "N-Triples", "JSON-LD")
_KINDS: Final[dict[str, dict[str, str]]] = {
    "article": {"en": "What the articles state", "fr": "Ce qu’énoncent les articles"},
    "evidence": {"en": "The places of the words that state it", "fr": "Les endroits des mots qui l’énoncent"},
    "links": {"en": "Links to other datasets", "fr": "Liens vers d’autres jeux de données"},
    "register": {
        "en": "Names and types of what the articles share",
        "fr": "Noms et types de ce que partagent les articles",
    },
}
_TARGETS: Final[dict[str, tuple[str, str]]] = {WD: ("https://www.wikidata.org/", "Wikidata")}
"""Namespace of entities → home page and name of the dataset that has them."""


def void(about: About) -> list[Triple]:
    """What VoID says of the dataset, its parts and its links."""
    told = Statements(about.dataset)
    _dataset(told, about)
    _partitions(told, about.census)
    for kind in about.census.graphs:
        _subset(told, kind)
    for links in about.census.linksets:
        _linkset(told, links)
    return told.triples


def _dataset(told: Statements, about: About) -> None:
    census, dataset = about.census, about.dataset
    told.say(dataset, "a", node("void:Dataset"))
    told.say(dataset, "dcterms:title", about.title)
    told.say(dataset, "dcterms:description", *texts(about.description()))
    told.say(dataset, "dcterms:license", *nodes([about.license] if about.license else []))
    told.say(dataset, "foaf:homepage", NamedNode(f"{about.base}dataset.html"))
    told.say(dataset, "void:uriSpace", f"{about.base}id/")
    told.say(dataset, "void:triples", census.triples)
    told.say(dataset, "void:entities", census.entities)
    told.say(dataset, "void:classes", len(census.classes))
    told.say(dataset, "void:properties", len(census.properties))
    told.say(dataset, "void:distinctSubjects", census.subjects)
    told.say(dataset, "void:distinctObjects", census.objects)
    told.say(dataset, "void:exampleResource", *nodes(sorted({thing for _, thing in census.examples})))
    told.say(dataset, "void:vocabulary", *nodes(vocabularies(census)))
    told.say(dataset, "void:feature", *(node(f"formats:{name}") for name in _FEATURES))
    # VoID's dumps hold the dataset whole, so the facts alone are not among them.
    complete = [about.address(dump) for dump in about.dumps if dump.kind.complete]
    told.say(dataset, "void:dataDump", *nodes(complete))


def vocabularies(census: Census) -> list[str]:
    """The namespaces of the classes and properties, sorted.

    Source: VoID §4.3, https://www.w3.org/TR/void/#vocabularies
    """
    used = {count.of for count in (*census.classes, *census.properties)}
    return sorted({term[: max(term.rfind("#"), term.rfind("/")) + 1] for term in used})


def _partitions(told: Statements, census: Census) -> None:
    for count in census.classes:
        part = told.about(count.of, prefix="class")
        told.say(told.dataset, "void:classPartition", NamedNode(part))
        told.say(part, "void:class", NamedNode(count.of))
        told.say(part, "void:entities", count.number)
    for count in census.properties:
        part = told.about(count.of, prefix="property")
        told.say(told.dataset, "void:propertyPartition", NamedNode(part))
        told.say(part, "void:property", NamedNode(count.of))
        told.say(part, "void:triples", count.number)


def _subset(told: Statements, kind: GraphKind) -> None:
    part = told.part(f"graphs-{kind.name}")
    told.say(told.dataset, "void:subset", NamedNode(part))
    told.say(part, "a", node("void:Dataset"))
    told.say(part, "dcterms:title", *texts(_KINDS.get(kind.name, {"en": kind.name})))
    told.say(part, "void:triples", kind.triples)


def _linkset(told: Statements, links: LinkSet) -> None:
    part = f"{told.about(links.predicate, prefix='links')}-{_target_name(told, links.target)}"
    target = told.about(links.target, prefix="target")
    told.say(told.dataset, "void:subset", NamedNode(part))
    told.say(part, "a", node("void:Linkset"))
    told.say(part, "void:linkPredicate", NamedNode(links.predicate))
    told.say(part, "void:subjectsTarget", NamedNode(told.dataset))
    told.say(part, "void:objectsTarget", NamedNode(target))
    told.say(part, "void:triples", links.triples)
    told.say(target, "a", node("void:Dataset"))
    told.say(target, "void:uriSpace", links.target)
    if links.target in _TARGETS:
        home, name = _TARGETS[links.target]
        told.say(target, "foaf:homepage", NamedNode(home))
        told.say(target, "dcterms:title", Literal(name))


def _target_name(told: Statements, target: str) -> str:
    return told.about(target, prefix="").rpartition("#-")[2]
