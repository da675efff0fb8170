"""JSON-LD of a page's part of a graph: one nested root, or a flat `@graph`.

Values are written as search engines take them: bare strings, ISO dates, numbers, addresses. A value has
another form only where a bare one would be read back as something else.

Source: https://developers.google.com/search/docs/appearance/structured-data/intro-structured-data
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from nutgraf.dataset.schema_values import normal_value
from nutgraf.publish.page.model import Node, PagePart, Statement, Term, key_order
from nutgraf.terms import schema_org
from nutgraf.terms.vocabulary import SCHEMA, XSD, XSD_STRING

CONTEXT: Final = "https://schema.org"

_SAFE_DIGITS: Final = 15
_FRACTION: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")


def nested(part: PagePart) -> dict[str, Any]:
    """The part as one root object, each node described once, where it is nearest to the root.

    Everywhere else a node is its `@id` alone, so that a cycle ends there.
    """
    writer = _Writer(part)
    bodies: dict[Node, dict[str, Any]] = {node: {} for node in part.nodes}
    for node, statements in part.nodes.items():
        values: dict[str, list[Any]] = {}
        for statement in statements:
            value = statement.value
            if isinstance(value, NamedNode | BlankNode) and part.homes.get(value) == (node, statement.key):
                written: Any = bodies[value]
            else:
                written = writer.value(statement)
            values.setdefault(statement.key, []).append(written)
        bodies[node].update(writer.body(node, values))
    return {"@context": CONTEXT} | bodies[part.root]


def flat(part: PagePart) -> dict[str, Any]:
    """The part as a `@graph` with an object a node, the root first, for sites that already have one."""
    writer = _Writer(part, flat=True)
    nodes = []
    for node, statements in part.nodes.items():
        values: dict[str, list[Any]] = {}
        for statement in statements:
            values.setdefault(statement.key, []).append(writer.value(statement))
        nodes.append(writer.body(node, values))
    return {"@context": CONTEXT, "@graph": nodes}


class _Writer:
    def __init__(self, part: PagePart, *, flat: bool = False) -> None:
        self._part = part
        self._flat = flat
        counts = Counter(statement.value for statements in part.nodes.values() for statement in statements)
        self._shared = {node for node in part.nodes if counts[node] > (node != part.root)}

    def body(self, node: Node, values: Mapping[str, list[Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {
            key: listed[0] if len(listed) == 1 else listed for key, listed in values.items()
        }
        if isinstance(node, NamedNode):
            found["@id"] = node.value
        elif node in self._shared or self._flat:
            found["@id"] = str(node)
        return {key: found[key] for key in sorted(found, key=key_order)}

    def value(self, statement: Statement) -> Any:
        """A value that is not nested here."""
        value = statement.value
        match value:
            case NamedNode() if statement.key == "@type":
                return value.value.removeprefix(SCHEMA)
            case NamedNode():
                return value.value if self._is_address(statement, value) else {"@id": value.value}
            case BlankNode():
                return {"@id": str(value)}
            case Literal():
                return _literal(SCHEMA + statement.key, value, self._part.language)
            case _:
                raise ValueError(f"JSON-LD cannot express {value}")

    def _is_address(self, statement: Statement, value: NamedNode) -> bool:
        """Whether a bare string is read as this IRI, and is the usual way to write it."""
        described = schema_org.property_named(statement.key)
        if described is None or value in self._part.nodes:
            return False
        usual = "URL" in described.ranges or schema_org.is_member(value.value.removeprefix(SCHEMA))
        return usual and normal_value(SCHEMA + statement.key, Literal(value.value)) == value


def _literal(predicate: str, literal: Literal, language: str) -> Any:
    tag = literal.language
    if tag is not None and tag.lower() != language.lower():
        return {"@language": tag, "@value": literal.value}
    bare = _native(literal)
    if _read(predicate, bare, language) == literal:
        return bare
    if _read(predicate, literal.value, language) == literal:
        return literal.value
    if tag is not None:
        return {"@language": tag, "@value": literal.value}
    return {"@type": literal.datatype.value, "@value": literal.value}


def _native(literal: Literal) -> Any:
    """The JSON number or truth value for a literal, or its text."""
    text, datatype = literal.value, literal.datatype.value.removeprefix(XSD)
    if datatype == "integer" and len(text) <= _SAFE_DIGITS and text.removeprefix("-").isdecimal():
        return int(text)
    if datatype == "decimal" and len(text) <= _SAFE_DIGITS and _FRACTION.fullmatch(text):
        return float(text)
    if datatype == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text


def _read(predicate: str, value: Any, language: str) -> Term:
    """What a JSON-LD processor and the ranges of schema.org make of a bare value.

    Source: JSON-LD 1.1 API §8.2.2, https://www.w3.org/TR/json-ld11-api/#object-to-rdf-conversion
    """
    if isinstance(value, bool):
        literal = Literal("true" if value else "false", datatype=NamedNode(f"{XSD}boolean"))
    elif isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        literal = Literal(str(int(value)), datatype=NamedNode(f"{XSD}integer"))
    elif isinstance(value, float):
        literal = Literal(repr(value), datatype=NamedNode(f"{XSD}double"))
    else:
        literal = Literal(value, datatype=NamedNode(XSD_STRING))
    return normal_value(predicate, literal, language)
