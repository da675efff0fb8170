"""JSON-LD, profile `full`: lossless, flat and sorted.

One object a node, `@id` and `@type` first, then the terms by name. A value is written short only where
every conforming processor reads the same term back; all else is a value object. The context is inlined:
nobody has to fetch anything to read the document.

Source: JSON-LD 1.1 API §8.4, https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from nutgraf.dataset.canonical import canonical_quads
from nutgraf.publish.context import Context, ContextTerm
from nutgraf.publish.json_text import json_text
from nutgraf.terms.vocabulary import RDF_TYPE, XSD, XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Node: TypeAlias = dict[str, Any]

_SAFE_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Canonical, and exact in the double that JavaScript reads: RFC 8259 §6."""
_INTEGER: Final = XSD + "integer"
_INTEGERS: Final = frozenset({_INTEGER, XSD + "nonNegativeInteger", XSD + "positiveInteger"})
_BOOLEANS: Final = {"true": True, "false": False}


def jsonld(triples: Iterable[Triple], context: Mapping[str, Any]) -> str:
    """Write a graph as flat JSON-LD.

    Args:
        triples: in any order, repetitions allowed; blank nodes are renamed by RDFC-1.0.
        context: what the document's `@context` says, see `Context` for what is supported.

    Returns:
        The same text for every order of the same triples, with a line feed at its end.

    Raises:
        ValueError: the context has a feature that is not supported; or a term cannot be written without
            loss: a triple term, a base direction, an IRI whose scheme is one of the context's prefixes.

    >>> from pyoxigraph import Literal, NamedNode
    >>> name = NamedNode("https://schema.org/name")
    >>> cop = Triple(NamedNode("https://example.org/cop29"), name, Literal("COP29"))
    >>> print(jsonld([cop], {"schema": "https://schema.org/", "name": "schema:name"}), end="")
    {
      "@context": {
        "schema": "https://schema.org/",
        "name": "schema:name"
      },
      "@graph": [
        {
          "@id": "https://example.org/cop29",
          "name": "COP29"
        }
      ]
    }
    """
    return jsonld_dataset((Quad(*triple) for triple in triples), context)


def jsonld_dataset(quads: Iterable[Quad], context: Mapping[str, Any]) -> str:
    """Write a dataset as flat JSON-LD: a named graph is the `@graph` of the object with its name.

    Args and errors are those of `jsonld`.

    Source: JSON-LD 1.1 §4.9, https://www.w3.org/TR/json-ld11/#named-graphs
    """
    prepared = _prepared(json.dumps(dict(context)))
    reader = prepared.context
    graphs: dict[str, list[Triple]] = defaultdict(list)
    for quad in canonical_quads(quads):
        graphs[_order(quad.graph_name)].append(quad.triple)
    nodes = _nodes(graphs.pop("", []), reader)
    for name in sorted(graphs):
        graph = _nodes(graphs[name], reader)
        node = nodes.setdefault(name, {"@id": _name(name, reader)})
        node["@graph"] = [graph[key] for key in sorted(graph)]
    written = json_text([nodes[key] for key in sorted(nodes)], "\n  ")
    return f'{{\n  "@context": {prepared.text},\n  "@graph": {written}\n}}\n'


@dataclass(frozen=True)
class _Prepared:
    """A context, read and written once for all documents."""

    context: Context
    text: str


@lru_cache(maxsize=8)
def _prepared(context: str) -> _Prepared:
    parsed = json.loads(context)
    text = json.dumps(parsed.get("@context", parsed), ensure_ascii=False, indent=2)
    return _Prepared(Context.read(parsed), text.replace("\n", "\n  "))


def _order(term: NamedNode | BlankNode | Triple | DefaultGraph) -> str:
    """A sort key and name: the IRI, or `_:` and the label, or nothing for the default graph."""
    match term:
        case NamedNode():
            return term.value
        case BlankNode():
            return str(term)
        case DefaultGraph():
            return ""
        case _:
            raise ValueError(f"JSON-LD cannot express {term} without loss")


def _name(order: str, context: Context) -> str:
    return order if order.startswith("_:") else context.reference(order)


def _nodes(triples: list[Triple], context: Context) -> dict[str, Node]:
    """The node objects of one graph, by the subject's sort key."""
    statements: dict[str, dict[str, list[tuple[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        key, json_value = _statement(predicate.value, value, context)
        statements[_order(subject)][key].append((str(value), json_value))
    return {
        subject: {"@id": _name(subject, context)} | {key: _values(keys[key]) for key in sorted(keys)}
        for subject, keys in statements.items()
    }


def _statement(
    predicate: str, value: NamedNode | BlankNode | Literal | Triple, context: Context
) -> tuple[str, Any]:
    if predicate != RDF_TYPE or not isinstance(value, NamedNode | BlankNode):
        term = context.key(predicate)
        return term.name, _value(value, term, context)
    return "@type", context.type_name(value.value) if isinstance(value, NamedNode) else str(value)


def _values(values: list[tuple[str, Any]]) -> Any:
    """One value bare, several as an array in the order of their N-Triples forms."""
    values.sort(key=lambda pair: pair[0])
    return values[0][1] if len(values) == 1 else [value for _, value in values]


def _value(
    value: NamedNode | BlankNode | Literal | Triple, term: ContextTerm, context: Context
) -> str | int | dict[str, str]:
    match value:
        case NamedNode() | BlankNode():
            reference = context.reference(value.value) if isinstance(value, NamedNode) else str(value)
            return reference if term.coercion == "@id" else {"@id": reference}
        case Literal(direction=None):
            return _literal(value, term.coercion, context)
        case _:
            raise ValueError(f"JSON-LD cannot express {value} without loss")


def _literal(literal: Literal, coercion: str | None, context: Context) -> str | int | dict[str, str]:
    """The shortest form that is read back as the same literal.

    Source: JSON-LD 1.1 API §5.2.2, §8.6, https://www.w3.org/TR/json-ld11-api/#value-expansion
    """
    lexical, datatype = literal.value, literal.datatype.value
    if literal.language is not None:
        return {"@value": lexical, "@language": literal.language}
    if datatype == coercion or (coercion is None and datatype in (_INTEGER, XSD + "boolean")):
        native = _native(lexical, datatype)
        if native is not None:
            return native
    if datatype == coercion or (coercion is None and datatype == XSD_STRING):
        return lexical
    if datatype == XSD_STRING:
        return {"@value": lexical}
    return {"@value": lexical, "@type": context.type_name(datatype)}


def _native(lexical: str, datatype: str) -> int | None:
    """The JSON number or boolean that is converted to this very lexical form and datatype."""
    if datatype in _INTEGERS and _SAFE_INTEGER.fullmatch(lexical):
        return int(lexical)
    return _BOOLEANS.get(lexical) if datatype == XSD + "boolean" else None
