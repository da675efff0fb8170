"""The keys of a YARRRML document and its parts: each spelling → the one that we use; and what we refuse.

Source: https://rml.io/yarrrml/spec/
"""

from __future__ import annotations

from typing import Final

from nutgraf.mapping.yarrrml.functions import CALL
from nutgraf.mapping.yarrrml.node import Node


def _spelled(*spellings: str) -> dict[str, str]:
    """`("subjects", "subject", "s")`: each spelling → the first."""
    return dict.fromkeys(spellings, spellings[0])


DOCUMENT: Final = {
    **_spelled("prefixes"),
    **_spelled("base"),
    **_spelled("sources"),
    **_spelled("mappings", "mapping", "m"),
    **_spelled("authors", "author"),
}
DOCUMENT_UNSUPPORTED: Final = frozenset({"targets", "external", "functions"})
CONDITIONS: Final = _spelled("conditions", "condition")
MAPPING: Final = {
    **CONDITIONS,
    **_spelled("sources", "source"),
    **_spelled("subjects", "subject", "s"),
    **_spelled("predicateobjects", "predicateobject", "po"),
    **_spelled("graphs", "graph", "g"),
}
MAPPING_UNSUPPORTED: Final = frozenset({"targets", "target", "changeDetection"})
PREDICATE_OBJECT: Final = {
    **CONDITIONS,
    **_spelled("predicates", "predicate", "p"),
    **_spelled("objects", "object", "o"),
    **_spelled("graphs", "graph", "g"),
}
TERM: Final = {**_spelled("value", "v"), **_spelled("type", "t")}
CALLED_TERM: Final = {**CALL, **_spelled("type", "t")}
CALLED_OBJECT: Final = {**CALLED_TERM, **CONDITIONS, **_spelled("datatype"), **_spelled("language")}
OBJECT: Final = {**TERM, **CONDITIONS, **_spelled("datatype"), **_spelled("language")}
REFERENCE: Final = {
    **_spelled("mapping", "m"),
    **_spelled("conditions", "condition"),
}
REFERENCE_UNSUPPORTED: Final = frozenset({"targets", "target"})
PREDICATE_OBJECT_UNSUPPORTED: Final = frozenset({"function", "fn", "f", "mapping", "targets", "target"})
TERM_UNSUPPORTED: Final = frozenset(
    {"function", "fn", "f", "parameters", "pms", "mapping", "condition", "conditions", "join", "joins"}
    | {"targets", "target"}
)


def is_call(node: Node) -> bool:
    """Whether a term is what a function gives."""
    return isinstance(node.value, dict) and any(CALL.get(key) == "function" for key in node.value)


def is_reference(node: Node) -> bool:
    """Whether an object is a subject of another mapping."""
    return isinstance(node.value, dict) and any(REFERENCE.get(key) == "mapping" for key in node.value)
