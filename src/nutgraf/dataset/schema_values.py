"""One form for the values of schema.org's properties, whoever wrote them.

The same date reaches us as a plain string, as a `schema:Date` (what the official JSON-LD context makes of
it) or as an `xsd:date`; the same address as a string or as an IRI; the namespace with `http` or `https`.
Here the range of the property decides: dates and numbers get XSD's types, addresses become IRIs, names of
enumeration members too. Nothing that fits no range is touched.

Source: https://schema.org/docs/datamodel.html#conformance, https://schema.org/docs/faq.html#19
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.terms import schema_org
from nutgraf.terms.schema_org import DATES, NUMBERS, SchemaProperty
from nutgraf.terms.vocabulary import SCHEMA, XSD, XSD_STRING

HTTP_SCHEMA: Final = "http://schema.org/"

NATURAL_TEXT: Final = frozenset(
    """
    abstract alternateName alternativeHeadline areaServed articleBody articleSection award caption
    creditText dateline description disambiguatingDescription headline honorificPrefix honorificSuffix
    jobTitle keywords knowsAbout legalName name roleName slogan text unitText
    """.split()
)
"""The properties whose texts are in a language; those of the others are codes, hashes and the like."""

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+", re.ASCII)
_ZONE: Final = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_TIME: Final = rf"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?{_ZONE}"
_DAY: Final = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_YMD: Final = r"(?:\d+Y)?(?:\d+M)?(?:\d+D)?"
_HMS: Final = r"(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?"
_FORMS: Final[tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]] = (
    ("date", DATES, re.compile(_DAY + _ZONE, re.ASCII)),
    ("dateTime", DATES, re.compile(rf"{_DAY}T{_TIME}", re.ASCII)),
    ("gYearMonth", DATES, re.compile(rf"\d{{4}}-(?:0[1-9]|1[0-2]){_ZONE}", re.ASCII)),
    ("gYear", DATES, re.compile(rf"\d{{4}}{_ZONE}", re.ASCII)),
    ("time", DATES, re.compile(_TIME, re.ASCII)),
    ("duration", frozenset({"Duration"}), re.compile(rf"P(?=.){_YMD}(?:T(?=.){_HMS})?", re.ASCII)),
    ("integer", NUMBERS, re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)),
    ("decimal", NUMBERS, re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{1,15}", re.ASCII)),
    ("boolean", frozenset({"Boolean"}), re.compile(r"true|false")),
)
"""XSD type, the ranges that call for it, and the texts that are of it."""

_TRUTH: Final = {f"{SCHEMA}True": "true", f"{SCHEMA}False": "false"}


def normalized(triples: Iterable[Triple], language: str | None = None) -> Iterator[Triple]:
    """Triples with schema.org's terms in one namespace and their values in one form.

    Args:
        triples: of any origin; those with other predicates only have their namespace mended.
        language: what texts without a language are in, where the property holds words (`NATURAL_TEXT`).

    >>> from pyoxigraph import Literal, NamedNode
    >>> start = NamedNode("http://schema.org/startDate")
    >>> given = Triple(NamedNode("https://example.org/e"), start, Literal("2024-11-07"))
    >>> next(normalized([given])).object.datatype.value
    'http://www.w3.org/2001/XMLSchema#date'
    """
    for triple in triples:
        subject, predicate, value = (https_term(term) for term in triple)
        named = cast("NamedNode", predicate)
        yield Triple(cast("NamedNode", subject), named, normal_value(named.value, value, language))


Term = NamedNode | BlankNode | Literal | Triple


def normal_value(predicate: str, value: Term, language: str | None = None) -> Term:
    """The one form of a value under a predicate; see the module."""
    described = _property(predicate)
    if described is None:
        return value
    if isinstance(value, NamedNode) and value.value in _TRUTH and "Boolean" in described.ranges:
        return _typed(_TRUTH[value.value], "boolean")
    if not isinstance(value, Literal) or value.language is not None:
        return value
    datatype = value.datatype.value
    if datatype == XSD_STRING or datatype.startswith(SCHEMA):
        return _from_text(predicate, described, value.value, language)
    if datatype == f"{XSD}double" and described.ranges & NUMBERS:
        return _from_double(value)
    return value


@lru_cache(maxsize=4096)
def _property(predicate: str) -> SchemaProperty | None:
    return schema_org.property_named(predicate[len(SCHEMA) :]) if predicate.startswith(SCHEMA) else None


def https_term(term: Term) -> Term:
    """The term with `http://schema.org/` read as `https://schema.org/`, in datatypes and triples too.

    Source: https://schema.org/docs/faq.html#19
    """
    match term:
        case NamedNode() if term.value.startswith(HTTP_SCHEMA):
            return NamedNode(SCHEMA + term.value[len(HTTP_SCHEMA) :])
        case Literal() if term.language is None and term.datatype.value.startswith(HTTP_SCHEMA):
            return Literal(term.value, datatype=cast("NamedNode", https_term(term.datatype)))
        case Triple():
            return Triple(*(https_term(part) for part in term))  # type: ignore[arg-type]
        case _:
            return term


def _from_text(predicate: str, described: SchemaProperty, text: str, language: str | None) -> Term:
    if _ADDRESS.fullmatch(text) and ("URL" in described.ranges or not described.takes_text):
        try:
            return normal_value(predicate, https_term(NamedNode(text)))
        except ValueError:  # it looks like an address and is none
            return Literal(text)
    if not described.takes_text:
        if schema_org.is_member(text) and not described.ranges.isdisjoint(schema_org.member_classes(text)):
            return NamedNode(SCHEMA + text)
        for datatype, ranges, form in _FORMS:
            if described.ranges & ranges and form.fullmatch(text):
                return _typed(text, datatype)
    elif language and predicate[len(SCHEMA) :] in NATURAL_TEXT:
        return Literal(text, language=language)
    return Literal(text)


def _from_double(value: Literal) -> Literal:
    """A JSON number with a fraction: JSON-LD makes a double of it, and the page meant a decimal."""
    try:
        number = Decimal(value.value)
    except ArithmeticError:
        return value
    text = format(number, "f")
    return _typed(text, "decimal") if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text) else value


def _typed(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(XSD + datatype))
