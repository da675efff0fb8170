"""Results as a person mends them: what is wrong, where, what was expected, which shape says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode

from nutgraf.shapes.paths import SH
from nutgraf.shapes.report import INFO, WARNING, Detail, display

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nutgraf.problems import Span
    from nutgraf.shapes.report import Report, Result, Term

CODES: Final = {WARNING: "SHP202", INFO: "SHP203"}
"""Severity → code; a violation or a severity of one's own is SHP201."""
LEVELS: Final = {WARNING: "warning", INFO: "note"}
"""Severity → how grave it is; a violation or a severity of one's own is an error."""

FIXES: Final = {
    "MinCount": "add what is missing",
    "MaxCount": "keep one value, or make two things of it",
    "UniqueLang": "keep one text a language",
    "Datatype": "correct the value, or its datatype",
    "Pattern": "correct the value",
    "MinInclusive": "correct the value",
    "MinExclusive": "correct the value",
    "MaxInclusive": "correct the value",
    "MaxExclusive": "correct the value",
    "MinLength": "correct the value",
    "MaxLength": "shorten the value",
    "In": "choose one of the allowed values",
    "LessThan": "correct one of the two values",
    "LessThanOrEquals": "correct one of the two values",
    "Equals": "give both properties the same values",
    "Disjoint": "take the value out of one of the two properties",
    "NodeKind": "write the value as the kind of node that is asked for",
    "Class": "refer to another thing, or correct the type of this one",
    "Node": "refer to another thing, or complete this one",
    "Closed": "take the property out, or add it to the shape",
    "HasValue": "add the value",
    "LanguageIn": "tag the text with one of the languages",
    "QualifiedMinCount": "add what is missing",
    "QualifiedMaxCount": "take out what is too much",
}
"""Constraint component → what to do; the shape's message says the rest."""

_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Finding:
    """One result, with all that a report shows.

    Attributes:
        result: what was found.
        spans: where to mend it, the best place first; then other places that have to do with it.
        shape_span: where the shape asks for it.
        label: what people call the focus node, if the data says.
        detail: what was expected, and more.
    """

    result: Result
    spans: tuple[Span, ...]
    shape_span: Span | None
    label: str | None
    detail: Detail

    @property
    def code(self) -> str:
        """SHP201, SHP202 or SHP203."""
        return CODES.get(self.result.severity, "SHP201")

    @property
    def level(self) -> str:
        """How grave it is: "error", "warning" or "note"."""
        return level(self.result)

    @property
    def component(self) -> str:
        """The constraint component's name, such as "MinCount"."""
        return component_name(self.result.component)

    @property
    def rule(self) -> str:
        """What results are grouped by: shape and component."""
        shape = self.result.source_shape
        path = f"({self.result.path.short()})" if self.result.path else ""
        name = display(shape) if isinstance(shape, NamedNode) else f"shape{path}"
        return f"{name} {self.component}"

    @property
    def value(self) -> str | None:
        """The value at fault, as people read it."""
        return None if self.result.value is None else display(unlabelled(self.result.value))

    @property
    def focus(self) -> str:
        """The focus node, as people read it."""
        return display(unlabelled(self.result.focus))

    @property
    def fix(self) -> str | None:
        """What to do, where it is known."""
        return FIXES.get(self.component)

    @property
    def fingerprint(self) -> str:
        """A name of the result that does not change when it moves in its file.

        A blank node's label may; then so does the name.
        """
        return fingerprint(self.result)

    def sort_key(self) -> tuple[object, ...]:
        """By rule, then place, then result."""
        first = self.spans[0] if self.spans else None
        place = (first.file, first.line, first.column) if first else ("", 0, 0)
        return (self.rule, place, self.result.sort_key())


def findings(
    report: Report,
    spans: Mapping[Result, tuple[Span, ...]],
    shape_spans: Mapping[tuple[Term, str], Span],
    labels: Mapping[Term, str],
) -> list[Finding]:
    """The distinct results of a report, each with its places, by rule and place.

    Args:
        report: what an engine found.
        spans: result → its places.
        shape_spans: shape and name of a component → where the shape asks for it.
        labels: node → what people call it.
    """
    found = [
        Finding(
            result,
            spans.get(result, ()),
            shape_spans.get((unlabelled(result.source_shape), component_name(result.component))),
            labels.get(unlabelled(result.focus)),
            report.details.get(result, Detail()),
        )
        for result in dict.fromkeys(report.results)
    ]
    return sorted(found, key=Finding.sort_key)


def fingerprint(result: Result) -> str:
    """A name of a result that does not change when it moves in its file; see `Finding.fingerprint`."""
    return hashlib.sha256("\n".join(result.sort_key()[:-1]).encode()).hexdigest()[:_LENGTH]


def level(result: Result) -> str:
    """How grave a result is: "error", "warning" or "note"."""
    return LEVELS.get(result.severity, "error")


def component_name(iri: str) -> str:
    """The name of a constraint component.

    >>> component_name("http://www.w3.org/ns/shacl#MinCountConstraintComponent")
    'MinCount'
    """
    return iri.removeprefix(SH).removesuffix("ConstraintComponent")


def parameter(component: str) -> str:
    """The parameter that makes a component's constraint: the IRI of a predicate.

    >>> parameter("MinCount")
    'http://www.w3.org/ns/shacl#minCount'
    """
    return SH + component[:1].lower() + component[1:]


def unlabelled(term: Term) -> Term:
    """A term of a report as the data or the shapes have it: blank nodes without the report's prefix."""
    if isinstance(term, BlankNode):
        return BlankNode(term.value.removeprefix("data_").removeprefix("shape_"))
    return term
