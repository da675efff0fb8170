"""JSON-LD of the web, read offline: the official schema.org context is replaced by a small one of ours.

The official context maps each term to its namespace and gives some values a type, in ways that change from
release to release; `schema_values` types them by the terms' ranges instead. No other remote context is
read, and nothing is ever fetched.

Source: JSON-LD 1.1 §3.1, https://www.w3.org/TR/json-ld11/#the-context
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pyoxigraph import Quad, RdfFormat, parse

from nutgraf.problems import InputError, Problem, Span
from nutgraf.terms.vocabulary import SCHEMA

PINNED_CONTEXT: Final[dict[str, Any]] = {
    "type": "@type",
    "id": "@id",
    "@vocab": SCHEMA,
    "schema": SCHEMA,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
}
"""What the official context says apart from its types."""

_OFFICIAL: Final = re.compile(
    r"(?:https?:)?//(?:www\.)?schema\.org/?(?:docs/jsonldcontext\.json(?:ld)?)?", re.IGNORECASE
)


def names_schema_org(context: object) -> bool:
    """Whether a context is the address of the official one."""
    return isinstance(context, str) and _OFFICIAL.fullmatch(context) is not None


def read_jsonld(
    document: str | bytes | dict[str, Any] | list[Any],
    *,
    base_iri: str | None = None,
    file: str = "JSON-LD",
    rename_blank_nodes: bool = False,
) -> list[Quad]:
    """The quads of a JSON-LD document.

    Args:
        document: its text, or what `json.loads` makes of it.
        base_iri: what relative IRIs are resolved against.
        file: how problems call it.
        rename_blank_nodes: give them labels that no other document has.

    Raises:
        InputError: RDF101 it is not JSON or not JSON-LD; RDF104 it names another remote context.
    """
    try:
        parsed = json.loads(document) if isinstance(document, str | bytes) else document
        text = json.dumps(_pinned(parsed, file))
        quads = parse(text, RdfFormat.JSON_LD, base_iri=base_iri, rename_blank_nodes=rename_blank_nodes)
        return [quad for quad in quads if isinstance(quad, Quad)]
    except json.JSONDecodeError as error:
        raise InputError(
            Problem("RDF101", f"not JSON: {error.msg}", Span(file, error.lineno, error.colno))
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(Problem("RDF103", f"not UTF-8: {error.reason}", Span(file))) from error
    except RecursionError as error:
        raise InputError(Problem("RDF101", "nested too deeply", Span(file))) from error
    except SyntaxError as error:
        raise InputError(Problem("RDF101", error.msg, Span(file))) from error


def _pinned(value: Any, file: str) -> Any:
    if isinstance(value, list):
        return [_pinned(item, file) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _context(item, file) if key == "@context" else _pinned(item, file) for key, item in value.items()
    }


def _context(context: Any, file: str) -> Any:
    if isinstance(context, list):
        return [_context(item, file) for item in context]
    if names_schema_org(context):
        return PINNED_CONTEXT
    if isinstance(context, str) or (isinstance(context, dict) and "@import" in context):
        raise InputError(
            Problem(
                "RDF104",
                "the JSON-LD names a remote context",
                Span(file),
                why="nothing is fetched while parsing",
                fix='write the context into the file, as "@context": {…}',
            )
        )
    return context
