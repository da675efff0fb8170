"""The part of a graph that a page carries.

From the page's thing outwards, along the properties of schema.org: what schema.org says belongs to the
class and fits the range, in the page's language. Left out are claims and counts (what a source says is not
what the page's publisher says), things that are only planned where schema.org has no word for that, and
statements that their article calls alleged or denies.

A role stands between two things that its property joins; it has that property too.
Source: https://schema.org/Role, https://schema.org/docs/datamodel.html
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.dataset.canonical import canonical_triples
from nutgraf.dataset.schema_values import normalized
from nutgraf.publish.page.languages import in_language
from nutgraf.terms import schema_org
from nutgraf.terms.schema_org import DATES, NUMBERS, SchemaProperty
from nutgraf.terms.vocabulary import NUT, RDF_LANG_STRING, RDF_TYPE, SCHEMA, XSD, XSD_STRING

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

_NOT_OURS_TO_SAY: Final = frozenset({"Claim", "Observation"})
_PLAN_STATUS: Final = NUT + "planStatus"
_INVERSE: Final = {"superEvent": "subEvent"}
"""Property → what the thing at its other end has instead, written for the page's own thing only."""
DEPTH: Final = 8
"""How many links away from the root a thing is still described."""
_TEXTS: Final = frozenset({XSD_STRING, RDF_LANG_STRING})
_DATE_TYPES: Final = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth", "time"))
_NUMBER_TYPES: Final = frozenset(XSD + name for name in ("integer", "decimal", "double"))


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple, as the node that it is written under says it.

    Attributes:
        key: the name of the property there; that of the inverse when the node is the triple's object.
        value: the other end.
        triple: what it says.
    """

    key: str
    value: Term
    triple: Triple


@dataclass(frozen=True)
class PagePart:
    """What a page carries of a graph.

    Attributes:
        root: the page's thing.
        language: the page's language.
        nodes: node → what is written under it, `rdf:type` included; in the order of their distance.
        homes: node → the node and the property under which a nested page describes it; a tree.
    """

    root: Node
    language: str
    nodes: dict[Node, list[Statement]] = field(default_factory=dict)
    homes: dict[Node, tuple[Node, str]] = field(default_factory=dict)

    def triples(self) -> list[Triple]:
        """The distinct triples of the part."""
        return list(
            dict.fromkeys(statement.triple for statements in self.nodes.values() for statement in statements)
        )


def _order(statement: Statement) -> tuple[int, str, str]:
    return (*key_order(statement.key), str(statement.value))


_KEYS: Final = """
    @type @id mainEntity headline name alternateName url mainEntityOfPage description inLanguage image logo
    datePublished dateModified author publisher isPartOf startDate endDate duration location organizer
    roleName member memberOf superEvent about mentions
    """.split()
_RANK: Final = {key: number for number, key in enumerate(_KEYS)} | {"subEvent": 998, "sameAs": 999}


def key_order(key: str) -> tuple[int, str]:
    """Sort key of a property: what readers look for first, then by name, links to elsewhere last."""
    return _RANK.get(key, 500), key


def _is_of_a_role(statement: Statement) -> bool:
    """Whether a role has this property only because it stands for it."""
    described = schema_org.property_named(statement.key)
    return described is not None and not schema_org.any_is_a(_ROLES, described.domains)


_ROLES: Final = ("OrganizationRole", "PerformanceRole", "LinkRole")


def _is_below(part: PagePart, node: Node, ancestor: Node) -> bool:
    while node != ancestor:
        if node not in part.homes:
            return False
        node = part.homes[node][0]
    return True


class PageGraph:
    """A graph that pages are chosen from, made once for all pages in a language.

    Args:
        triples: the graph, in any order.
        language: BCP 47 tag of the pages; texts without a tag count as being in it.
        leave_out: statements that must not be published as they stand.
    """

    def __init__(
        self, triples: Iterable[Triple], language: str, *, leave_out: Collection[Triple] = ()
    ) -> None:
        self.language = language
        self._of: dict[Term, list[Triple]] = defaultdict(list)
        self._to: dict[Term, list[Triple]] = defaultdict(list)
        self._classes: dict[Term, list[str]] = defaultdict(list)
        self._planned: set[Term] = set()
        for triple in canonical_triples(
            normalized((triple for triple in triples if triple not in leave_out), language)
        ):
            self._add(triple)

    def _add(self, triple: Triple) -> None:
        subject, predicate, value = triple
        self._of[subject].append(triple)
        if predicate.value == RDF_TYPE:
            name = _schema_name(value)
            if name and schema_org.is_class(name):
                self._classes[subject].append(name)
        elif predicate.value == _PLAN_STATUS:
            self._planned.add(subject)
        elif not isinstance(value, Literal):
            self._to[value].append(triple)

    def part(self, root: Node, *, backwards: bool = False, depth: int = DEPTH) -> PagePart:
        """What a page about `root` carries.

        Args:
            root: the page's thing.
            backwards: also what links to the root: the roles of a person, the parts of an event.
            depth: how many links away from the root a thing is still described.

        Returns:
            The part; without nodes when the graph does not type the root with a class of schema.org.
        """
        if not self.is_publishable(root):
            return PagePart(root, self.language)
        loose: set[Node] = set()
        while True:
            part = self._walk(root, depth, loose, backwards=backwards)
            found = self._settle_roles(part)
            if not found:
                return part
            loose |= found

    def _walk(self, root: Node, depth: int, loose: Collection[Node], *, backwards: bool) -> PagePart:
        part = PagePart(root, self.language)
        said: set[Triple] = set()
        queue: deque[tuple[Node, int, bool]] = deque([(root, 0, backwards)])
        part.nodes[root] = []
        while queue:
            node, distance, inverse = queue.popleft()
            statements = sorted(self._statements(node, inverse=inverse), key=_order)
            if node in loose:
                statements = [statement for statement in statements if not _is_of_a_role(statement)]
            part.nodes[node] = [statement for statement in statements if statement.triple not in said]
            said.update(statement.triple for statement in statements)
            for statement in part.nodes[node]:
                value = statement.value
                if not self.is_described(value) or statement.key == "@type" or value in part.nodes:
                    continue
                if distance < depth and isinstance(value, NamedNode | BlankNode):
                    part.nodes[value] = []
                    part.homes[value] = (node, statement.key)
                    against = statement.triple.object == node and self.is_role(value)
                    queue.append((value, distance + 1, against))
        return part

    def _settle_roles(self, part: PagePart) -> set[Node]:
        """Move each role below the property that it stands for; return those that have no such place.

        A role is one only there: below another property, what it joins does not belong to it.
        """
        loose: set[Node] = set()
        for role in part.nodes:
            keys = {it.key for it in part.nodes[role] if _is_of_a_role(it)} if self.is_role(role) else set()
            if not keys or (role in part.homes and part.homes[role][1] in keys):
                continue
            places = [
                (node, statement.key)
                for node, statements in part.nodes.items()
                for statement in statements
                if statement.value == role and statement.key in keys and not _is_below(part, node, role)
            ]
            if places:
                part.homes[role] = places[0]
            else:
                loose.add(role)
        return loose

    def is_described(self, node: Term) -> bool:
        """Whether the graph types a node with a class of schema.org."""
        return node in self._of and bool(self._classes.get(node))

    def is_publishable(self, node: Term) -> bool:
        """Whether a page may describe a node."""
        kinds = self._classes.get(node)
        if not kinds or schema_org.any_is_a(kinds, _NOT_OURS_TO_SAY):
            return False
        return node not in self._planned or schema_org.any_is_a(kinds, frozenset({"Action"}))

    def _statements(self, node: Node, *, inverse: bool) -> Iterator[Statement]:
        """What is written under a node, in no order."""
        for name in self._classes[node]:
            kind = NamedNode(SCHEMA + name)
            yield Statement("@type", kind, Triple(node, NamedNode(RDF_TYPE), kind))
        by_key: dict[str, list[Statement]] = defaultdict(list)
        for triple in self._of[node]:
            statement = self._statement(node, triple)
            if statement:
                by_key[statement.key].append(statement)
        about = {statement.value for statement in by_key.get("about", ())}
        for key, statements in by_key.items():
            if key == "mentions":
                yield from (statement for statement in statements if statement.value not in about)
            else:
                yield from in_language(statements, key, lambda it: it.value, self.language)
        if inverse:
            yield from self._inverse_statements(node)

    def _statement(self, node: Node, triple: Triple) -> Statement | None:
        name = _schema_name(triple.predicate)
        described = schema_org.property_named(name) if name else None
        if not name or described is None or not self._belongs(node, name, described):
            return None
        return Statement(name, triple.object, triple) if self._fits(triple, name, described) else None

    def _belongs(self, node: Node, name: str, described: SchemaProperty) -> bool:
        if schema_org.any_is_a(self._classes[node], described.domains):
            return True
        return self.is_role(node) and any(
            _schema_name(triple.predicate) == name and self.is_publishable(triple.subject)
            for triple in self._to[node]
        )

    def _fits(self, triple: Triple, name: str, described: SchemaProperty) -> bool:
        value = triple.object
        if isinstance(value, Literal):
            return _literal_fits(value, described)
        if self.is_described(value):
            return self.is_publishable(value) and self._thing_fits(value, name, described)
        if not isinstance(value, NamedNode) or value in self._planned:
            return False
        member = _schema_name(value)
        if member and schema_org.is_member(member):
            return not described.ranges.isdisjoint(schema_org.member_classes(member))
        return bool(described.ranges - described.data_types)

    def _thing_fits(self, value: Term, name: str, described: SchemaProperty) -> bool:
        if schema_org.any_is_a(self._classes[value], described.ranges):
            return True
        return self.is_role(value) and any(
            _schema_name(further.predicate) == name for further in self._of[value]
        )

    def _inverse_statements(self, node: Node) -> Iterator[Statement]:
        """Links from elsewhere, which a page about the node shows as its own."""
        for triple in self._to[node]:
            name = _schema_name(triple.predicate)
            other = triple.subject
            if not name or isinstance(other, Triple) or not self.is_publishable(other):
                continue
            if name in _INVERSE:
                yield Statement(_INVERSE[name], other, triple)
            elif name == "member" and (self.is_role(other) or self.is_role(node)):
                described = schema_org.property_named(name)
                if described and (self.is_role(node) or self._belongs(other, name, described)):
                    yield Statement("memberOf", other, triple)

    def is_role(self, node: Term) -> bool:
        """Whether a node stands for a property with details, such as an office."""
        return schema_org.any_is_a(self._classes.get(node, ()), frozenset({"Role"}))


def _literal_fits(value: Literal, described: SchemaProperty) -> bool:
    datatype = value.datatype.value
    if datatype in _TEXTS:
        return described.takes_text
    if datatype in _DATE_TYPES:
        return bool(described.ranges & DATES)
    if datatype in _NUMBER_TYPES:
        return bool(described.ranges & NUMBERS)
    if datatype == XSD + "boolean":
        return "Boolean" in described.ranges
    return datatype == XSD + "duration" and "Duration" in described.ranges


def _schema_name(term: Term) -> str | None:
    """The name of a term of schema.org."""
    if isinstance(term, NamedNode) and term.value.startswith(SCHEMA):
        return term.value[len(SCHEMA) :]
    return None
