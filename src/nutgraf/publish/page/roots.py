"""The page of an article and the page of a thing, as JSON-LD documents."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad, Triple

from nutgraf.dataset.schema_values import normalized
from nutgraf.problems import InputError, Problem
from nutgraf.publish.page.model import PagePart
from nutgraf.publish.page.part import PageGraph
from nutgraf.publish.page.tree import flat, nested
from nutgraf.terms import schema_org
from nutgraf.terms.vocabulary import NUT, OA, RDF, RDF_TYPE, SCHEMA

Profile = Literal["page", "graph"]

PROFILES: Final[dict[Profile, Callable[[PagePart], dict[str, Any]]]] = {"page": nested, "graph": flat}
"""Profile → how a part is written; the profile `full` is `nutgraf.publish.jsonld`."""

DEFAULT_LANGUAGE: Final = "en"
_EVENT_NEEDS: Final = ("name", "startDate", "location")
"""Source: https://developers.google.com/search/docs/appearance/structured-data/event"""
_ENTITY_DEPTH: Final = 3
"""From a person to the office, the body, and what the body belongs to."""
_ROOTS: Final = frozenset({"Person", "Organization", "Place", "Event", "DefinedTerm", "CreativeWork"})


class Pages:
    """The pages that a dataset can fill.

    Args:
        quads: the whole dataset.
        base: IRI that the workspace's nodes start with.
    """

    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        self._base = base
        self._quads = list(quads)
        self._unsettled = unsettled(self._quads)
        self._articles: dict[str, list[Triple]] = defaultdict(list)
        self._shared: dict[object, list[Triple]] = defaultdict(list)
        self._all: dict[str, PageGraph] = {}
        prefix = f"{base}graph/article/"
        shared = {NamedNode(f"{base}graph/register"), NamedNode(f"{base}graph/links")}
        for quad in self._quads:
            name = quad.graph_name
            if name in shared:
                self._shared[quad.subject].append(quad.triple)
            elif isinstance(name, NamedNode) and name.value.startswith(prefix):
                self._articles[name.value[len(prefix) :]].append(quad.triple)

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        return sorted(self._articles)

    def article(self, article: str, *, language: str | None = None) -> PagePart:
        """What the page of an article carries: its graph, and what is known of the things it names.

        Args:
            article: the article's id.
            language: BCP 47 tag of the page; default: the article's own.

        Raises:
            InputError: PAG101 the dataset has no such article.
        """
        root = NamedNode(f"{self._base}id/{article}")
        own = dict.fromkeys(self._articles.get(article, ()))
        named = {term for triple in own for term in (triple.subject, triple.object)}
        triples = own | dict.fromkeys(triple for node in named for triple in self._shared.get(node, ()))
        found = language or _language(own, root) or DEFAULT_LANGUAGE
        part = PageGraph(triples, found, leave_out=self._unsettled).part(root)
        if not part.nodes:
            raise InputError(
                Problem(
                    "PAG101",
                    f'no article "{article}" in the output',
                    why=f"the articles are {', '.join(self.articles()) or 'none'}",
                )
            )
        return part

    def entity(self, root: str, *, language: str = DEFAULT_LANGUAGE) -> PagePart:
        """What the page of a person, a body, a place or an event carries: what all articles state of it.

        Args:
            root: the thing's IRI.
            language: BCP 47 tag of the page.

        Raises:
            InputError: PAG102 nothing describes it; PAG103 it is of a class that has no page, or it is
                an event without name, startDate or location.
        """
        thing = NamedNode(root)
        if language not in self._all:
            triples = dict.fromkeys(quad.triple for quad in self._quads)
            self._all[language] = PageGraph(triples, language, leave_out=self._unsettled)
        part = self._all[language].part(thing, backwards=True, depth=_ENTITY_DEPTH)
        if not part.nodes:
            raise InputError(Problem("PAG102", f"nothing that a page can carry is known of <{root}>"))
        kinds = _kinds(part)
        if not schema_org.any_is_a(kinds, _ROOTS):
            raise InputError(
                Problem(
                    "PAG103",
                    f"<{root}> is of a class that has no page: {', '.join(kinds)}",
                    why=f"pages have {', '.join(sorted(_ROOTS))}",
                )
            )
        missing = [key for key in _EVENT_NEEDS if not any(it.key == key for it in part.nodes[thing])]
        if schema_org.any_is_a(kinds, frozenset({"Event"})) and missing:
            raise InputError(
                Problem(
                    "PAG103",
                    f"the event <{root}> cannot be the root of a page: it has no {' and no '.join(missing)}",
                    why="search engines take an event only with name, startDate and location",
                    fix="let it stand nested in the pages of its articles",
                )
            )
        return part

    def addresses(self) -> dict[str, str]:
        """The `schema:url` of each article that has one → the article's id."""
        found: dict[str, str] = {}
        for article in self.articles():
            root = NamedNode(f"{self._base}id/{article}")
            for triple in normalized(self._articles[article]):
                if triple.subject == root and triple.predicate.value == f"{SCHEMA}url":
                    found[str(getattr(triple.object, "value", ""))] = article
        return found


def document(part: PagePart, profile: Profile = "page", *, page: str | None = None) -> dict[str, Any]:
    """The JSON-LD of a part. A person is the `mainEntity` of a ProfilePage.

    Args:
        part: what the page carries.
        profile: "page" for one nested root, "graph" for a flat `@graph`.
        page: the page's own address, for the ProfilePage.

    Raises:
        ValueError: the part is empty.

    Source: https://developers.google.com/search/docs/appearance/structured-data/profile-page
    """
    if not part.nodes:
        raise ValueError("nothing that a page can carry")
    written = PROFILES[profile](part)
    if not schema_org.any_is_a(_kinds(part), frozenset({"Person"})):
        return written
    context = {"@context": written.pop("@context")}
    wrapper: dict[str, Any] = {"@type": "ProfilePage"}
    if page is not None:
        wrapper |= {"@id": page, "url": page}
    wrapper["inLanguage"] = part.language
    if profile == "graph":
        reference = {"@id": written["@graph"][0]["@id"]}
        return context | {"@graph": [wrapper | {"mainEntity": reference}, *written["@graph"]]}
    return context | wrapper | {"mainEntity": written}


def text(written: dict[str, Any]) -> str:
    """A document as a file of its own holds it, with a line feed at its end."""
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def unsettled(quads: Iterable[Quad]) -> frozenset[Triple]:
    """The statements that every annotation calls alleged or denied.

    A triple cannot carry that, so a page must not carry the triple.
    """
    doubted: set[object] = set()
    settled: set[object] = set()
    bodies: dict[object, list[object]] = {}
    parts: dict[object, dict[str, Any]] = {}
    for quad in quads:
        predicate = quad.predicate.value
        if predicate == f"{NUT}modality":
            (doubted if quad.object in _DOUBTS else settled).add(quad.subject)
        elif predicate == f"{OA}hasBody":
            bodies.setdefault(quad.subject, []).append(quad.object)
        elif predicate in _REIFICATION:
            parts.setdefault(quad.subject, {})[predicate] = quad.object
    doubtful = {body for node in doubted for body in bodies.get(node, ())}
    doubtful -= {body for node in settled for body in bodies.get(node, ())}
    return frozenset(
        Triple(*(parts[node][key] for key in _REIFICATION))
        for node in doubtful
        if len(parts.get(node, ())) == len(_REIFICATION)
    )


_DOUBTS: Final = frozenset({NamedNode(f"{NUT}Alleged"), NamedNode(f"{NUT}Denied")})
_REIFICATION: Final = (f"{RDF}subject", f"{RDF}predicate", f"{RDF}object")


def _kinds(part: PagePart) -> list[str]:
    return [
        it.value.value.removeprefix(SCHEMA)
        for it in part.nodes[part.root]
        if it.triple.predicate.value == RDF_TYPE and isinstance(it.value, NamedNode)
    ]


def _language(triples: Iterable[Triple], root: NamedNode) -> str | None:
    tags = [
        triple.object.value
        for triple in normalized(triples)
        if triple.subject == root
        and triple.predicate.value == f"{SCHEMA}inLanguage"
        and isinstance(triple.object, RdfLiteral)
    ]
    return min(tags, default=None)
