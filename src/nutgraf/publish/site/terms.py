"""Labels of classes, properties and values: the site's messages, the vocabulary's labels, or their names."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.site.catalogue import FIRST, Catalogue
from nutgraf.terms.vocabulary import RDFS, SCHEMA, shorten
from nutgraf.workspace import Workspace

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Terms:
    """The labels that the workspace's vocabulary gives its terms.

    Attributes:
        labels: term's IRI → language → label.
    """

    labels: dict[str, dict[str, str]]

    @classmethod
    def load(cls, workspace: Workspace) -> Terms:
        """Read the labels of the vocabulary; none where there is no vocabulary.

        Raises:
            InputError: WSP107, it cannot be read.
        """
        found: dict[str, dict[str, str]] = defaultdict(dict)
        path = workspace.vocabulary
        try:
            quads = list(parse(path.read_bytes(), RdfFormat.TURTLE)) if path.is_file() else []
        except (OSError, SyntaxError) as error:
            place = Span(workspace.display(path), getattr(error, "lineno", None) or 1)
            raise InputError(Problem("WSP107", f"cannot read the vocabulary: {error}", place)) from error
        for quad in quads:
            subject, predicate, label = quad.triple
            named = predicate.value == f"{RDFS}label" and isinstance(subject, NamedNode)
            if named and isinstance(label, Literal):
                found[subject.value][label.language or FIRST] = label.value
        return cls(dict(found))

    def property(self, iri: str, catalogue: Catalogue, kind: str = "") -> str:
        """What a property is called, of a thing of some kind."""
        said = catalogue.find(f"property.{shorten(iri)}@{kind}")
        return said or self._label(iri, "property", catalogue)

    def inverse(self, iri: str, catalogue: Catalogue, kind: str = "") -> str:
        """What a property is called when read from its value, a thing of some kind."""
        curie = shorten(iri)
        said = catalogue.find(f"inverse.{curie}@{kind}") or catalogue.find(f"inverse.{curie}")
        return said or f"← {self.property(iri, catalogue)}"

    def value(self, iri: str, catalogue: Catalogue) -> str | None:
        """What a value of a closed list, or a class, is called; None where it is no term."""
        local = iri.removeprefix(SCHEMA)
        said = catalogue.find(f"class.{local}") if local != iri else None
        return said or self._own(iri, catalogue) or (None if local == iri else _spaced(local))

    def _label(self, iri: str, table: str, catalogue: Catalogue) -> str:
        said = catalogue.find(f"{table}.{shorten(iri)}") or self._own(iri, catalogue)
        return said or _spaced(re.split(r"[/#]", iri.rstrip("/#"))[-1])

    def _own(self, iri: str, catalogue: Catalogue) -> str | None:
        labels = self.labels.get(iri, {})
        return labels.get(catalogue.language) or labels.get(FIRST)


def _spaced(name: str) -> str:
    """A term's name as words.

    >>> _spaced("containedInPlace")
    'contained in place'
    """
    return _HUMP.sub(" ", name).lower()
