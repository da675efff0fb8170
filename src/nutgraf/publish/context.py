"""The part of a JSON-LD context that our documents use, read strictly and turned round for compaction.

Supported: `@version` 1.1; `"term": "IRI"`, which is a prefix too where the IRI ends in a general delimiter;
`"term": {"@id": IRI, "@type": "@id" or a datatype}`. All else is refused, so that nothing is half understood.

Source: JSON-LD 1.1 §4.1, §9.15, https://www.w3.org/TR/json-ld11/#context-definitions
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nutgraf.problems import InputError, Problem, Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_GENERAL_DELIMITERS: Final = tuple(":/?#[]@")
_TERM: Final = re.compile(r"[A-Za-z][\w.-]*(?::[\w.-]+)?")


@dataclass(frozen=True, slots=True)
class ContextTerm:
    """A term that values are written under.

    Attributes:
        name: the key in a node object.
        coercion: "@id", a datatype IRI, or None.
    """

    name: str
    coercion: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """A context, read for compaction.

    Attributes:
        prefixes: label → namespace.
        terms: IRI → its one term.
    """

    prefixes: Mapping[str, str]
    terms: Mapping[str, ContextTerm]

    @classmethod
    def read(cls, context: Mapping[str, Any]) -> Context:
        """Read a context, bare or as the document `{"@context": {...}}`.

        Raises:
            ValueError: a feature that is not supported, or two terms of one IRI.

        >>> context = Context.read({"schema": "https://schema.org/", "name": "schema:name"})
        >>> context.terms
        {'https://schema.org/name': ContextTerm(name='name', coercion=None)}
        """
        definitions = dict(context.get("@context", context))
        if definitions.pop("@version", 1.1) != 1.1:  # noqa: PLR2004
            raise ValueError("the JSON-LD context has an unknown @version; only 1.1 is supported")
        prefixes = _prefixes(definitions)
        terms: dict[str, ContextTerm] = {}
        for name, definition in definitions.items():
            if not _TERM.fullmatch(name):
                raise ValueError(f'the JSON-LD context defines "{name}", which is not supported')
            if name in prefixes:
                continue
            iri, coercion = _definition(name, definition, prefixes)
            if iri in terms:
                raise ValueError(f'the JSON-LD context has two terms of <{iri}>, one of them "{name}"')
            if ":" in name and _expand(name, prefixes) != iri:
                raise ValueError(f'the JSON-LD context lets "{name}" stand for another IRI, <{iri}>')
            terms[iri] = ContextTerm(name, coercion)
        return cls(prefixes, terms)

    def key(self, iri: str) -> ContextTerm:
        """How a property is written: its term, else a CURIE, else the IRI."""
        return self.terms.get(iri) or ContextTerm(self.reference(iri))

    def type_name(self, iri: str) -> str:
        """How a class or a datatype is written: as a property is, but only ever by name."""
        return self.key(iri).name

    def reference(self, iri: str) -> str:
        """How an IRI is written as a value: a CURIE or itself, never a term.

        Raises:
            ValueError: the IRI's scheme is also a prefix, so that JSON-LD would expand it again.

        Source: JSON-LD 1.1 API §6.3, https://www.w3.org/TR/json-ld11-api/#iri-compaction
        """
        fitting = [
            (namespace, label) for label, namespace in self.prefixes.items() if iri.startswith(namespace)
        ]
        for namespace, label in sorted(fitting, key=lambda pair: (-len(pair[0]), pair[1])):
            local = iri[len(namespace) :]
            if local and not local.startswith("//"):
                return f"{label}:{local}"
        scheme, _, rest = iri.partition(":")
        if scheme in self.prefixes and not rest.startswith("//"):
            raise ValueError(f'<{iri}> cannot be written in JSON-LD while "{scheme}" is a prefix')
        return iri


def _prefixes(definitions: Mapping[str, Any]) -> dict[str, str]:
    prefixes = {
        name: value
        for name, value in definitions.items()
        if isinstance(value, str) and value.endswith(_GENERAL_DELIMITERS)
    }
    for name, namespace in prefixes.items():
        if ":" in name or _expand(namespace, prefixes) != namespace:
            raise ValueError(f'the JSON-LD context makes the prefix "{name}" of another prefix')
    return prefixes


def _definition(name: str, definition: object, prefixes: Mapping[str, str]) -> tuple[str, str | None]:
    """The IRI of a term, and what its values are coerced to."""
    parts = {"@id": definition} if isinstance(definition, str) else definition
    if not isinstance(parts, dict) or "@id" not in parts or not parts.keys() <= {"@id", "@type"}:
        raise ValueError(f'the JSON-LD context defines "{name}" by other means than @id and @type')
    kind = parts.get("@type")
    coercion = kind if kind in (None, "@id") else _expand(kind, prefixes)
    return _expand(parts["@id"], prefixes), coercion


def _expand(value: object, prefixes: Mapping[str, str]) -> str:
    if not isinstance(value, str) or ":" not in value or value.startswith("@"):
        raise ValueError(f"the JSON-LD context has {value!r} where an IRI is supported only")
    label, _, local = value.partition(":")
    return prefixes[label] + local if label in prefixes and not local.startswith("//") else value


def load(path: Path, display: str) -> dict[str, Any]:
    """What the `@context` of a JSON-LD context file says.

    Args:
        path: the file.
        display: its path as messages should show it.

    Raises:
        InputError: WSP106 it cannot be read, or has no `@context`.
    """
    try:
        context: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        place = Span(display)
        raise InputError(Problem("WSP106", f"cannot read the JSON-LD context: {error}", place)) from error
    return context
