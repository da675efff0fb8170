"""Slots: what of a record goes into the statements of a rule, and where it stands in them.

Records with the same values in all slots of a rule make the same statement, and other records make another.
So repetitions are removed from the values of the slots, before the text of a statement is made.
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nutgraf.mapping.model import (
    Constant,
    LogicalSource,
    Reference,
    Template,
    TermMap,
    TermType,
)
from nutgraf.mapping.model import references as references_of
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.sql.terms import starts_absolute
from nutgraf.problems import Span
from nutgraf.terms.vocabulary import XSD_STRING

_SEPARATOR: Final = re.compile(r"[^A-Za-z0-9._~%\x80-\U0010ffff-]")
"""A character that no percent-encoded value holds."""

_NOWHERE: Final = Span("")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED: Final = re.compile('["\\\\\x00-\x1f\x7f\ufffe\uffff]')


class Form(enum.Enum):
    """What a slot holds of a reference."""

    TEXT = "text"
    QUOTED = "quoted"
    """The text of a literal in its quotes."""
    NATURAL = "natural"
    """A literal with its natural datatype."""


@dataclass(frozen=True, slots=True)
class ValueSlot:
    """One reference in one form."""

    reference: Reference
    form: Form


@dataclass(frozen=True, slots=True)
class TermSlot:
    """A whole term, where several values may make the same one.

    Attributes:
        suffix: the datatype or the language of a literal as N-Triples has it; None for the natural datatype.
        base: goes before a relative IRI.
    """

    expression: Constant | Reference | Template
    term_type: TermType
    suffix: str | None
    base: str


Slot = ValueSlot | TermSlot


@dataclass(frozen=True, slots=True)
class Piece:
    """A slot in the text of a term, percent-encoded as the term's type has it, or as it is."""

    slot: Slot
    encoding: TermType | None = None


TermText = tuple[str | Piece, ...]
"""A term in N-Triples: fixed text, and slots."""


def is_streamable(rule: Rule) -> bool:
    """Whether a rule reads one source, and has no joins, conditions, calls or numbers of records.

    At most one of its references has several values.
    """
    if rule.join or rule.conditions or rule.parent_conditions:
        return False
    if not isinstance(rule.logical_source, LogicalSource):
        return False
    has_key = any(True for _ in references_of(rule.subject_map.expression))
    several = [reference for reference in rule.references() if reference.path and reference.path.many]
    return has_key and len(several) <= 1 and all(_is_plain(term_map) for _, term_map in rule.term_maps())


def terms(rule: Rule, base: str, *, whole: bool = False) -> tuple[TermText, ...]:
    """The terms of a rule that is streamable: subject, predicate, object and, where there is one, graph.

    Args:
        rule: what makes the statement.
        base: the caller's, for a rule without its own.
        whole: make each term one slot.
    """
    bases = {"object": rule.object_base_iri or base}
    return tuple(
        _term(term_map, bases.get(position, rule.base_iri or base), whole=whole)
        for position, term_map in rule.term_maps()
    )


def slots(texts: Sequence[TermText]) -> list[Slot]:
    """The slots of some terms, each once, in order."""
    return list(dict.fromkeys(piece.slot for text in texts for piece in text if isinstance(piece, Piece)))


def skeleton(rules: Sequence[Sequence[TermText]]) -> tuple[object, ...]:
    """What rules share that differ only in what they read: their terms, with the slots numbered."""
    numbers: dict[Slot, int] = {}
    return tuple(tuple(tuple(_numbered(part, numbers) for part in text) for text in texts) for texts in rules)


def references(slot: Slot) -> Iterator[Reference]:
    """The references that a slot reads, as often as it does."""
    yield from references_of(slot.reference if isinstance(slot, ValueSlot) else slot.expression)


def many(slot: Slot) -> list[Reference]:
    """Those that may have several values."""
    return [reference for reference in references(slot) if reference.path and reference.path.many]


def quote(text: str) -> str:
    """A literal's text in the quotes and escapes of canonical N-Triples.

    >>> print(quote('a "b"'))
    "a \\"b\\""

    Source: https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples
    """
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _numbered(part: str | Piece, numbers: dict[Slot, int]) -> object:
    if isinstance(part, str):
        return part
    form = part.slot.form if isinstance(part.slot, ValueSlot) else None
    return (numbers.setdefault(part.slot, len(numbers)), form, part.encoding)


def _is_plain(term_map: TermMap) -> bool:
    datatype, language = term_map.datatype_map, term_map.language_map
    return (
        isinstance(term_map.expression, Constant | Reference | Template)
        and term_map.term_type is not TermType.UNSAFE_IRI
        and (datatype is None or isinstance(datatype.expression, Constant))
        and (language is None or isinstance(language.expression, Constant))
    )


def _term(term_map: TermMap, base: str, *, whole: bool) -> TermText:
    expression = term_map.expression
    assert isinstance(expression, Constant | Reference | Template), "streamable"
    suffix = _suffix(term_map)
    if not whole:
        if isinstance(expression, Constant) and term_map.term_type is not TermType.BLANK_NODE:
            is_iri = term_map.term_type.is_iri
            return (f"<{expression.value}>" if is_iri else quote(expression.value) + (suffix or ""),)
        if isinstance(expression, Reference) and term_map.term_type is TermType.LITERAL:
            return _literal(bare(expression), suffix)
        if isinstance(expression, Template) and _tells_apart(expression, term_map.term_type):
            parts = (
                part if isinstance(part, str) else Piece(ValueSlot(bare(part), Form.TEXT), term_map.term_type)
                for part in expression.parts
            )
            return ("<", *parts, ">")
    return (Piece(TermSlot(_without_places(expression), term_map.term_type, suffix, base)),)


def _literal(reference: Reference, suffix: str | None) -> TermText:
    if suffix is None:
        return (Piece(ValueSlot(reference, Form.NATURAL)),)
    return (Piece(ValueSlot(reference, Form.QUOTED)), *([suffix] if suffix else []))


def _suffix(term_map: TermMap) -> str | None:
    language, datatype = term_map.language_map, term_map.datatype_map
    if language and isinstance(language.expression, Constant):
        return f"@{language.expression.value}"
    if datatype and isinstance(datatype.expression, Constant):
        iri = datatype.expression.value
        return "" if iri == XSD_STRING else f"^^<{iri}>"
    return None


def _tells_apart(template: Template, term_type: TermType) -> bool:
    """Whether other values always make another IRI."""
    if not term_type.is_iri or not starts_absolute(template):
        return False
    between: str | None = None
    for part in template.parts:
        if isinstance(part, str):
            between = None if between is None else between + part
        elif between is not None and not _SEPARATOR.search(between):
            return False
        else:
            between = ""
    return True


def _without_places(expression: Constant | Reference | Template) -> Constant | Reference | Template:
    """Equal where the same is meant, wherever it is written."""
    if isinstance(expression, Reference):
        return bare(expression)
    if isinstance(expression, Constant):
        return Constant(expression.value, _NOWHERE)
    parts = tuple(part if isinstance(part, str) else bare(part) for part in expression.parts)
    return Template(parts, _NOWHERE)


def bare(reference: Reference) -> Reference:
    """A reference wherever it is written."""
    return dataclasses.replace(reference, span=_NOWHERE)
