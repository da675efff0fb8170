"""Validation reports: results in a fixed order, as text and as the W3C's report graph.

Source: SHACL §3.6, https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from nutgraf.shapes.paths import LABELS, SH, PropertyPath, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Term: TypeAlias = NamedNode | BlankNode | Literal

VIOLATION: Final = SH + "Violation"
WARNING: Final = SH + "Warning"
INFO: Final = SH + "Info"

_WORDS: Final = {VIOLATION: "violation", WARNING: "warning", INFO: "info"}
_REPORT: Final = "urn:nutgraf:report"
_RESULT: Final = "urn:nutgraf:result:"
_ID_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result.

    Blank nodes are those of the canonical form of the data graph or of the shapes graph, labelled
    `data_c14n0` and `shape_c14n0`: the labels depend on the graphs alone.

    Attributes:
        focus: the focus node.
        path: the result path, if it is a property shape's.
        value: the value node at fault, if there is one.
        component: IRI of the constraint component.
        severity: IRI of the severity.
        source_shape: the shape.
        message: what is wrong, in English where the shape says it in English.

    Source: SHACL §3.6.2, https://www.w3.org/TR/shacl/#results-validation-result
    """

    focus: Term
    path: PropertyPath | None
    value: Term | None
    component: str
    severity: str
    source_shape: NamedNode | BlankNode
    message: str

    def sort_key(self) -> tuple[str, ...]:
        """Orders results by focus node, then path, value, shape and the rest."""
        return (
            str(self.focus),
            str(self.path or ""),
            str(self.value or ""),
            str(self.source_shape),
            self.component,
            self.severity,
            self.message,
        )


@dataclass(frozen=True, slots=True)
class Detail:
    """What an engine can say of a result beyond the standard's report.

    Attributes:
        expected: what the constraint asks for, as what follows "must".
        count: the number that it asks for, if it does.
        other: IRI of the other property that it speaks of, if it does.
        nearest: of sh:or and sh:xone, which of the shapes came nearest and what it still lacks.
    """

    expected: str = ""
    count: int | None = None
    other: str | None = None
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A validation report.

    Attributes:
        results: sorted; what two shapes or two constraints find alike stands twice, as in the standard.
        details: result → more about it, as far as the engine knows it.
        unmatched: the shapes with targets that no node of the data is one of.
    """

    results: tuple[Result, ...]
    details: Mapping[Result, Detail] = field(default_factory=dict, compare=False, hash=False)
    unmatched: tuple[NamedNode | BlankNode, ...] = field(default=(), compare=False)

    @classmethod
    def of(
        cls,
        results: Iterable[Result],
        details: Mapping[Result, Detail] | None = None,
        unmatched: Iterable[NamedNode | BlankNode] = (),
    ) -> Report:
        """The report of some results, in any order."""
        ordered = tuple(sorted(results, key=Result.sort_key))
        return cls(ordered, details or {}, tuple(sorted(unmatched, key=str)))

    @property
    def conforms(self) -> bool:
        """Whether there is no result, of any severity.

        Source: SHACL §3.6.1.1, https://www.w3.org/TR/shacl/#conforms
        """
        return not self.results

    @property
    def violates(self) -> bool:
        """Whether a result is more than a warning: what stops a build."""
        return any(result.severity not in (WARNING, INFO) for result in self.results)

    def to_turtle(self) -> str:
        """The report graph; the same text for the same results.

        The report and its results have IRIs, the latter made from what they say.

        Source: SHACL §3.6, https://www.w3.org/TR/shacl/#validation-report
        """
        return "".join(turtle(lambda: iter(self.results), lambda names: iter(sorted(names))))

    def to_text(self, prefixes: Mapping[str, str] = LABELS) -> str:
        """The report for people: a line of counts, then a paragraph for each distinct result."""
        distinct = list(dict.fromkeys(self.results))
        counts = Counter(_word(result.severity) for result in distinct)
        total = ", ".join(f"{number} {_plural(word, number)}" for word, number in sorted(counts.items()))
        lines = [f"does not conform: {total}" if total else "conforms"]
        for result in distinct:
            lines.append(f"{_word(result.severity)}: {described(result, prefixes)}")
            lines.append(f"  {circumstances(result, prefixes)}")
        return "\n".join(lines) + "\n"


def turtle(
    results: Callable[[], Iterator[Result]], in_order: Callable[[Iterator[str]], Iterator[str]]
) -> Iterator[str]:
    """The report graph, bit by bit.

    Args:
        results: gives all results in the order of a report; asked three times.
        in_order: sorts texts.
    """
    conforms = next(results(), None) is None
    yield f"@prefix sh: <{SH}> .\n\n<{_REPORT}>\n    a sh:ValidationReport ;\n    sh:conforms "
    yield "true" if conforms else "false"
    for number, name in enumerate(in_order(_names(results()))):
        yield f" ,\n        {name}" if number else f" ;\n    sh:result\n        {name}"
    yield " ;\n.\n"
    for name, result in zip(_names(results()), results(), strict=True):
        yield "\n" + _block(name, _properties(result))


def described(result: Result, prefixes: Mapping[str, str] = LABELS) -> str:
    """The message of a result with the value at fault, where it is not the focus node itself."""
    if result.value is None or result.value == result.focus:
        return result.message
    return f"{result.message}: {display(result.value, prefixes)}"


def circumstances(result: Result, prefixes: Mapping[str, str] = LABELS) -> str:
    """Focus node, path and shape of a result."""
    path = f", path {result.path.short(prefixes)}" if result.path else ""
    shape = display(result.source_shape, prefixes)
    return f"focus node {display(result.focus, prefixes)}{path}, shape {shape}"


def display(term: Term, prefixes: Mapping[str, str] = LABELS) -> str:
    """A term as people read it."""
    if isinstance(term, NamedNode):
        return shorten(term.value, prefixes)
    quoted, separator, datatype = str(term).rpartition("^^<")
    return (
        f"{quoted}^^{shorten(datatype[:-1], prefixes)}" if separator and datatype.endswith(">") else str(term)
    )


def _names(results: Iterable[Result]) -> Iterator[str]:
    """An IRI for each result, made from what it says and how often that was said before.

    Equal results stand together.
    """
    before, times = None, 0
    for result in results:
        times = times + 1 if result == before else 0
        before = result
        said = "\n".join((*result.sort_key(), str(times)))
        yield f"<{_RESULT}{hashlib.sha256(said.encode()).hexdigest()[:_ID_LENGTH]}>"


def _properties(result: Result) -> list[str]:
    lines = ["a sh:ValidationResult", f"sh:focusNode {result.focus}"]
    if result.path is not None:
        lines.append(f"sh:resultPath {result.path.turtle()}")
    if result.value is not None:
        lines.append(f"sh:value {result.value}")
    return [
        *lines,
        f"sh:sourceConstraintComponent <{result.component}>",
        f"sh:sourceShape {result.source_shape}",
        f"sh:resultSeverity <{result.severity}>",
        f"sh:resultMessage {Literal(result.message)}",
    ]


def _block(subject: str, properties: list[str]) -> str:
    return f"{subject}\n    " + " ;\n    ".join(properties) + " ;\n.\n"


def _word(severity: str) -> str:
    return _WORDS.get(severity, severity)


def _plural(word: str, number: int) -> str:
    return word if number == 1 or word == _WORDS[INFO] else f"{word}s"
