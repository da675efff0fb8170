"""The sources of YARRRML: named ones, and those that stand in a mapping."""

from __future__ import annotations

from typing import Final

from nutgraf.mapping.access import FileAccess
from nutgraf.mapping.model import LogicalSource, ReferenceFormulation
from nutgraf.mapping.references import parse_iterator
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.problems import Problem

_FORMULATIONS: Final = {"csv": ReferenceFormulation.CSV, "jsonpath": ReferenceFormulation.JSON_PATH}
_FIELDS: Final = {
    "access": "access",
    "iterator": "iterator",
    "referenceFormulation": "referenceFormulation",
}
_UNSUPPORTED: Final = frozenset(
    {"credentials", "delimiter", "encoding", "query", "queryFormulation", "security", "table", "type"}
)
_SHORT_LENGTH: Final = 2


def named_sources(node: Node) -> dict[str, LogicalSource | None]:
    """The sources under the top-level key; None for one that has problems."""
    return {name: _read_source(child) for name, child in node.members("sources")}


def mapping_sources(node: Node, named: dict[str, LogicalSource | None]) -> list[LogicalSource]:
    """The sources of one mapping: names, or sources written out."""
    found = [_mapping_source(item, named) for item in node.items()]
    return [source for source in found if source]


def _mapping_source(node: Node, named: dict[str, LogicalSource | None]) -> LogicalSource | None:
    if not isinstance(node.value, str):
        return _read_source(node)
    if node.value in named:
        return named[node.value]
    if "~" in node.value:
        node.report("MAP104", "a source in a mapping is a list", fix=f"write [['{node.value}', iterator]]")
        return None
    node.report(
        "MAP115",
        f'no source is named "{node.value}"',
        why=f"the sources are {', '.join(sorted(named)) or 'none'}",
        fix="declare it under sources",
    )
    return None


def _read_source(node: Node) -> LogicalSource | None:
    if isinstance(node.value, list):
        return _short_source(node)
    fields = node.fields("a source", _FIELDS, _UNSUPPORTED)
    if not isinstance(node.value, dict):
        return None
    if "access" not in fields:
        node.report("MAP107", "the source has no access", fix="name its file: access: event.json")
        return None
    access = fields["access"].text("access")
    formulation = (
        fields["referenceFormulation"].text("referenceFormulation")
        if "referenceFormulation" in fields
        else None
    )
    if access is None:
        return None
    return _source(node, access, formulation, fields.get("iterator"))


def _short_source(node: Node) -> LogicalSource | None:
    """`[event.json~jsonpath, '$[*]']`."""
    items = node.items()
    if not 1 <= len(items) <= _SHORT_LENGTH:
        node.report(
            "MAP104",
            "a source is a list of a file and an iterator",
            fix="write [event.json~jsonpath, '$[*]']",
        )
        return None
    text = items[0].text("a source's file")
    if text is None:
        return None
    file, _, formulation = text.rpartition("~") if "~" in text else (text, "", "")
    return _source(node, file, formulation or None, items[1] if len(items) == _SHORT_LENGTH else None)


def _source(node: Node, file: str, written: str | None, iterator_node: Node | None) -> LogicalSource | None:
    formulation = _FORMULATIONS.get((written or "").lower())
    if formulation is None:
        node.report(
            "MAP106" if written else "MAP107",
            f'the reference formulation "{written}" is not supported yet'
            if written
            else "the source has no reference formulation",
            why="a source is read as csv or jsonpath",
            fix="write file~csv or file~jsonpath",
        )
        return None
    text = iterator_node.text("an iterator") if iterator_node else None
    iterator = parse_iterator(text, formulation, (iterator_node or node).span)
    if isinstance(iterator, Problem):
        node.problems.append(iterator)
        return None
    names, selector = iterator
    return LogicalSource(file, formulation, names, node.span, FileAccess(mapping=node.span.file), selector)
