"""A data graph in memory, by subject and by object, and paths through it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, cast

from pyoxigraph import NamedNode

from nutgraf.shapes.sql.facts import lowered
from nutgraf.terms.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from nutgraf.shapes.paths import PropertyPath
    from nutgraf.shapes.report import Term

_TYPE = NamedNode(RDF_TYPE)
_SUBCLASS = NamedNode(RDFS + "subClassOf")


class Graph:
    """Distinct triples; language tags are in lower case, as they compare.

    Attributes:
        objects: subject → predicate → objects.
        subjects: object → predicate → subjects.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.objects: dict[Term, dict[NamedNode, dict[Term, None]]] = defaultdict(dict)
        self.subjects: dict[Term, dict[NamedNode, dict[Term, None]]] = defaultdict(dict)
        for triple in triples:
            subject, value = cast("Term", triple.subject), lowered(cast("Term", triple.object))
            self.objects[subject].setdefault(triple.predicate, {})[value] = None
            self.subjects[value].setdefault(triple.predicate, {})[subject] = None
        self._classes: dict[Term, frozenset[Term]] = {}

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The objects of a subject and predicate."""
        return list(self.objects.get(subject, {}).get(predicate, ()))

    def instances(self, of: Term) -> list[Term]:
        """The nodes of a class, or of its subclasses.

        Source: SHACL §1.1, https://www.w3.org/TR/shacl/#dfn-shacl-instance
        """
        found = (self.subjects.get(kind, {}).get(_TYPE, ()) for kind in self._below(of))
        return list(dict.fromkeys(node for nodes in found for node in nodes))

    def is_instance(self, node: Term, of: Term) -> bool:
        """Whether a node is of a class, or of one of its subclasses."""
        return not self._below(of).isdisjoint(self.objects.get(node, {}).get(_TYPE, ()))

    def follow(self, path: PropertyPath, nodes: list[Term], *, inverse: bool = False) -> list[Term]:
        """The distinct nodes at the end of a path from some nodes.

        Source: SHACL §2.3.1, https://www.w3.org/TR/shacl/#property-paths
        """
        match path.kind:
            case "predicate":
                index, predicate = self.subjects if inverse else self.objects, NamedNode(path.iri)
                found = (index.get(node, {}).get(predicate, ()) for node in nodes)
                return list(dict.fromkeys(end for ends in found for end in ends))
            case "inverse":
                return self.follow(path.parts[0], nodes, inverse=not inverse)
            case "sequence":
                for part in reversed(path.parts) if inverse else path.parts:
                    nodes = self.follow(part, nodes, inverse=inverse)
                return nodes
            case "alternative":
                ends = [end for part in path.parts for end in self.follow(part, nodes, inverse=inverse)]
                return list(dict.fromkeys(ends))
            case "zeroOrOne":
                return list(dict.fromkeys([*nodes, *self.follow(path.parts[0], nodes, inverse=inverse)]))
            case "oneOrMore":
                nodes = self.follow(path.parts[0], nodes, inverse=inverse)
        reached = dict.fromkeys(nodes)
        while nodes:
            nodes = [end for end in self.follow(path.parts[0], nodes, inverse=inverse) if end not in reached]
            reached |= dict.fromkeys(nodes)
        return list(reached)

    def _below(self, of: Term) -> frozenset[Term]:
        if of not in self._classes:
            found, waiting = {of}, [of]
            while waiting:
                for sub in self.subjects.get(waiting.pop(), {}).get(_SUBCLASS, ()):
                    if sub not in found:
                        found.add(sub)
                        waiting.append(sub)
            self._classes[of] = frozenset(found)
        return self._classes[of]
