"""What a validation found, in a line for each thing to do: for pages, whose nodes have no place in a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.shapes.findings import LEVELS, unlabelled
from nutgraf.shapes.report import Report, Result, described, display
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA

_ORDER: Final = ("error", "warning", "note")
_SHOWN: Final = 3
_NAMES: Final = (SCHEMA + "name", SCHEMA + "headline")


def write(report: Report, triples: Iterable[Triple]) -> str:
    """The report, the gravest first; what is said of several nodes stands once, with the first of them.

    Args:
        report: what was found.
        triples: the data, which says what a blank node is.
    """
    names = _blank(triples)
    groups: dict[tuple[int, str, str], list[Result]] = defaultdict(list)
    for result in dict.fromkeys(report.results):
        level = LEVELS.get(result.severity, "error")
        groups[_ORDER.index(level), level, described(result)].append(result)
    lines = [_line(level, message, results, names) for (_, level, message), results in sorted(groups.items())]
    return "".join(f"{line}\n" for line in lines) or "conforms\n"


def _line(level: str, message: str, results: list[Result], names: dict[BlankNode, str]) -> str:
    focus = [unlabelled(result.focus) for result in results]
    nodes = [names.get(node, "a node") if isinstance(node, BlankNode) else display(node) for node in focus]
    more = f" and {len(nodes) - _SHOWN} more" if len(nodes) > _SHOWN else ""
    return f"{level}: {message}\n  at {', '.join(nodes[:_SHOWN])}{more}"


def _blank(triples: Iterable[Triple]) -> dict[BlankNode, str]:
    """What each blank node is, as people read it: its class and its name."""
    kinds: dict[BlankNode, str] = {}
    names: dict[BlankNode, str] = {}
    for subject, predicate, value in triples:
        if isinstance(subject, BlankNode):
            if predicate.value == RDF_TYPE and isinstance(value, NamedNode):
                kinds.setdefault(subject, value.value.removeprefix(SCHEMA))
            elif predicate.value in _NAMES and isinstance(value, Literal):
                names.setdefault(subject, f' "{value.value}"')
    return {
        node: f"the {kinds.get(node, 'node')}{names.get(node, '')}" for node in kinds.keys() | names.keys()
    }
