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
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.dataset.canonical import canonical_triples
from nutgraf.dataset.schema_values import normalized
from nutgraf.publish.page.fits import literal_fits, schema_name
from nutgraf.publish.page.languages import in_language
from nutgraf.publish.page.model import Node, PagePart, Statement, Term, statement_order
from nutgraf.publish.page.roles import is_of_a_role, settle_roles
from nutgraf.terms import schema_org
from nutgraf.terms.schema_org import SchemaProperty
from nutgraf.terms.vocabulary import NUT, RDF_TYPE, SCHEMA

_NOT_OURS_TO_SAY: Final = frozenset({"Claim", "Observation"})
_PLAN_STATUS: Final = NUT + "planStatus"
_INVERSE: Final = {"superEvent": "subEvent"}
"""Property → what the thing at its other end has instead, written for the page's own thing only."""
DEPTH: Final = 8
"""How many links away from the root a thing is still described."""


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
            name = schema_name(value)
            if name and schema_org.is_class(name):
                self._classes[subject].append(name)
        elif predicate.value == _PLAN_STATUS:
            self._planned.add(subject)
        elif not isinstance(value, Literal):
            self._to[value].append(triple)

    def part(
        self, root: Node, *, backwards: bool = False, depth: int = DEPTH, quoted: bool = False
    ) -> PagePart:
        """What a page about `root` carries.

        Args:
            root: the page's thing.
            backwards: also what links to the root: the roles of a person, the parts of an event.
            depth: how many links away from the root a thing is still described.
            quoted: also a claim, as long as the page says who makes it or where it stands.

        Returns:
            The part; without nodes when the graph does not type the root with a class of schema.org.
        """
        if not self.is_publishable(root) and not (quoted and self._is_quoted(root)):
            return PagePart(root, self.language)
        loose: set[Node] = set()
        while True:
            part = self._walk(root, depth, loose, backwards=backwards)
            found = settle_roles(part, self.is_role)
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
            statements = sorted(self._statements(node, inverse=inverse), key=statement_order)
            if node in loose:
                statements = [statement for statement in statements if not is_of_a_role(statement)]
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

    def is_described(self, node: Term) -> bool:
        """Whether the graph types a node with a class of schema.org."""
        return node in self._of and bool(self._classes.get(node))

    def is_publishable(self, node: Term) -> bool:
        """Whether a page may describe a node."""
        kinds = self._classes.get(node)
        if not kinds or schema_org.any_is_a(kinds, _NOT_OURS_TO_SAY):
            return False
        return node not in self._planned or schema_org.any_is_a(kinds, frozenset({"Action"}))

    def _is_quoted(self, node: Node) -> bool:
        """Whether a node is a claim that says whose it is; what is only planned or aimed at is none."""
        is_claim = schema_org.any_is_a(self._classes.get(node, ()), frozenset({"Claim"}))
        whose = (NamedNode(f"{SCHEMA}author"), NamedNode(f"{SCHEMA}appearance"))
        said = any(triple.predicate in whose for triple in self._of.get(node, ()))
        return is_claim and said and node not in self._planned

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
        name = schema_name(triple.predicate)
        described = schema_org.property_named(name) if name else None
        if not name or described is None or not self._belongs(node, name, described):
            return None
        return Statement(name, triple.object, triple) if self._fits(triple, name, described) else None

    def _belongs(self, node: Node, name: str, described: SchemaProperty) -> bool:
        if schema_org.any_is_a(self._classes[node], described.domains):
            return True
        return self.is_role(node) and any(
            schema_name(triple.predicate) == name and self.is_publishable(triple.subject)
            for triple in self._to[node]
        )

    def _fits(self, triple: Triple, name: str, described: SchemaProperty) -> bool:
        value = triple.object
        if isinstance(value, Literal):
            return literal_fits(value, described)
        if self.is_described(value):
            return self.is_publishable(value) and self._thing_fits(value, name, described)
        if not isinstance(value, NamedNode) or value in self._planned:
            return False
        member = schema_name(value)
        if member and schema_org.is_member(member):
            return not described.ranges.isdisjoint(schema_org.member_classes(member))
        return bool(described.ranges - described.data_types)

    def _thing_fits(self, value: Term, name: str, described: SchemaProperty) -> bool:
        if schema_org.any_is_a(self._classes[value], described.ranges):
            return True
        return self.is_role(value) and any(
            schema_name(further.predicate) == name for further in self._of[value]
        )

    def _inverse_statements(self, node: Node) -> Iterator[Statement]:
        """Links from elsewhere, which a page about the node shows as its own."""
        for triple in self._to[node]:
            name = schema_name(triple.predicate)
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
