"""The triples of a mapping with their places.

pyoxigraph gives positions of errors only. A triple's place is found by looking for its object in the
text: the nth triple with an object belongs to the nth time it is written.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import pyoxigraph

from nutgraf.mapping.rml.vocabulary import CURRENT, MAPPING_NAMESPACES, R2RML, RML, RML_2014
from nutgraf.problems import InputError, Problem, Severity, Span

Subject = pyoxigraph.NamedNode | pyoxigraph.BlankNode
Object = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal
_BASE: Final = "https://mapping.invalid/"
"""Where the `<#name>` of a document without @base lies; such a name is only good inside the document."""

_LEADING: Final = (
    *("Map", "logicalSource", "source", "dialect", "logicalTarget", "target", "joinCondition"),
    *("functionExecution", "functionValue", "input"),
    *("viewOn", "field", "leftJoin", "innerJoin", "parentLogicalView"),
)
"""How the properties end that lead to a part of the mapping."""

_SAFE_LOCAL: Final = re.compile(r"[\w.-]*$")


@dataclass(frozen=True)
class Value:
    """The object of a triple.

    Attributes:
        term: the object.
        span: where it stands, as well as can be told.
    """

    term: Object
    span: Span


class Graph:
    """The triples of one file in the current vocabulary."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self.is_2014 = False
        self._values: dict[Subject, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        self._subject_places: dict[Subject, Span] = {}
        places = _Places(text, file)
        for triple in _parse(text, file):
            if isinstance(triple.subject, pyoxigraph.Triple) or isinstance(triple.object, pyoxigraph.Triple):
                self.report("MAP106", "a triple term is not supported yet", Span(file))
                continue
            predicate = triple.predicate.value
            self.is_2014 |= predicate.startswith((R2RML, RML_2014))
            value = Value(triple.object, places.next(triple.object))
            self._values[triple.subject][CURRENT.get(predicate, predicate)].append(value)
            self._subject_places.setdefault(triple.subject, places.first(triple.subject))
        self._refuse_relative()

    def _refuse_relative(self) -> None:
        """A relative IRI is good for leading from one map to another, and for nothing that is made."""
        for properties in self._values.values():
            for predicate, values in properties.items():
                for value in values:
                    leads = predicate.endswith(_LEADING) and value.term in self._values
                    if value.term.value.startswith(_BASE) and not leads:
                        name = value.term.value.removeprefix(_BASE)
                        fix = "write a full IRI, or add @base"
                        self.report("MAP110", f"the IRI <{name}> is relative", value.span, fix=fix)

    def subjects(self) -> list[Subject]:
        """What is said something of, in the order of the file."""
        return list(self._values)

    def position(self, subject: Subject) -> int:
        """Which of the subjects it is, from 0: what a blank node has instead of a lasting name."""
        return self.subjects().index(subject)

    def values(self, subject: Subject, name: str) -> list[Value]:
        """The objects of one RML property, in order."""
        found = self._values[subject].get(RML + name, []) if subject in self._values else []
        return [self._placed(value) for value in found]

    def foreign(self, subject: Subject, predicate: str) -> list[Value]:
        """The objects of a property of another vocabulary, by its IRI, in order."""
        return list(self._values[subject].get(predicate, ())) if subject in self._values else []

    def predicates(self, subject: Subject) -> list[str]:
        """The IRIs of all properties that a node has."""
        return list(self._values.get(subject, ()))

    def span(self, subject: Subject) -> Span:
        """Where a node is written, or the first thing that is said of it."""
        place = self._subject_places[subject]
        if place.line > 1:
            return place
        spans = [value.span for values in self._values[subject].values() for value in values]
        return min((span for span in spans if span.line > 1), default=place)

    def _placed(self, value: Value) -> Value:
        """A blank node stands where the first thing that is said of it stands."""
        if isinstance(value.term, pyoxigraph.BlankNode) and value.term in self._values:
            return Value(value.term, self.span(value.term))
        return value

    def one(self, subject: Subject, name: str) -> Value | None:
        """The object of a property that stands once; a second one is a problem."""
        found = self.values(subject, name)
        for extra in found[1:]:
            self.report("MAP108", f"there is a second rml:{name}", extra.span, fix="keep one of them")
        return found[0] if found else None

    def resource(self, value: Value, name: str) -> Subject | None:
        """The node that a property leads to; a literal there is a problem."""
        if isinstance(value.term, pyoxigraph.Literal):
            self.report("MAP104", f"rml:{name} must lead to a node", value.span)
            return None
        return value.term

    def refuse_others(self, subject: Subject, what: str, allowed: frozenset[str], span: Span) -> bool:
        """Report each mapping property of a node that is not read; whether there was one."""
        refused = False
        for predicate, values in self._values.get(subject, {}).items():
            name = predicate.removeprefix(RML)
            if name not in allowed and predicate.startswith(MAPPING_NAMESPACES):
                refused = True
                place = values[0].span if values[0].span.line > 1 else span
                self.report("MAP106", f'"{_local(predicate)}" of {what} is not supported yet', place)
        return refused

    def report(
        self, code: str, message: str, span: Span, *, why: str | None = None, fix: str | None = None
    ) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, message, span, why, fix))

    def tolerate(self, problem: Problem) -> None:
        """Note a mistake: in the vocabulary of 2014 a warning, after which what is wrong is left out."""
        severity: Severity = "warning" if self.is_2014 else "error"
        self.problems.append(dataclasses.replace(problem, severity=severity))


def current(term: Object) -> str:
    """The text of a term, an older vocabulary's IRI as the current one.

    >>> current(pyoxigraph.NamedNode("http://www.w3.org/ns/r2rml#Literal"))
    'http://w3id.org/rml/Literal'
    """
    return CURRENT.get(term.value, term.value) if isinstance(term, pyoxigraph.NamedNode) else term.value


def _parse(text: str, file: str) -> list[pyoxigraph.Triple]:
    try:
        quads = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE, base_iri=_BASE))
    except SyntaxError as error:
        span = Span(file, error.lineno or 1, error.offset or 1)
        raise InputError(Problem("MAP101", f"not valid Turtle: {error.msg}", span)) from error
    except ValueError as error:
        raise InputError(Problem("MAP101", f"not valid Turtle: {error}", Span(file))) from error
    return [quad.triple for quad in quads]


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


class _Places:
    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._found: dict[str, list[int]] = {}
        self._taken: dict[str, int] = defaultdict(int)

    def next(self, term: object) -> Span:
        """The place of the next triple that has this object."""
        pattern = _written(term)
        if pattern is None:
            return Span(self._file)
        if pattern not in self._found:
            matches = re.finditer(pattern, self._text)
            self._found[pattern] = [match.start() for match in matches if not self._is_subject(match.start())]
        places = self._found[pattern]
        if not places:
            return Span(self._file)
        taken = min(self._taken[pattern], len(places) - 1)
        self._taken[pattern] += 1
        return self._span(places[taken])

    def first(self, term: object) -> Span:
        """The first place where a term is written."""
        pattern = _written(term)
        match = re.search(pattern, self._text) if pattern else None
        return self._span(match.start()) if match else Span(self._file)

    def _is_subject(self, offset: int) -> bool:
        while offset and self._text[offset - 1].isspace():
            offset -= 1
        return not offset or self._text[offset - 1] == "."

    def _span(self, offset: int) -> Span:
        line = self._text.count("\n", 0, offset) + 1
        return Span(self._file, line, offset - self._text.rfind("\n", 0, offset))


def _written(term: object) -> str | None:
    """A pattern of how Turtle writes a term."""
    if isinstance(term, pyoxigraph.Literal):
        text = term.value.replace("\\", "\\\\").replace('"', '\\"')
        return f"(?:\"{re.escape(text)}\"|'{re.escape(term.value)}')"
    if isinstance(term, pyoxigraph.NamedNode):
        local = _SAFE_LOCAL.search(term.value)
        name = local[0] if local else ""
        short = rf"|<[^<>\s]*{re.escape(name)}>|(?<![\w<])[\w.-]*:{re.escape(name)}(?![\w-])" if name else ""
        return f"<{re.escape(term.value)}>{short}"
    return None
