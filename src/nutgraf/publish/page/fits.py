"""Whether a value fits the range of a property.

Source: https://schema.org/docs/datamodel.html
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from nutgraf.publish.page.model import Term
from nutgraf.terms.schema_org import DATES, NUMBERS, SchemaProperty
from nutgraf.terms.vocabulary import RDF_LANG_STRING, SCHEMA, XSD, XSD_STRING

_TEXTS: Final = frozenset({XSD_STRING, RDF_LANG_STRING})
_DATE_TYPES: Final = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth", "time"))
_NUMBER_TYPES: Final = frozenset(XSD + name for name in ("integer", "decimal", "double"))


def literal_fits(value: Literal, described: SchemaProperty) -> bool:
    """Whether a text, a date, a number or a truth value is of one of the property's data types."""
    datatype = value.datatype.value
    if datatype in _TEXTS:
        return described.takes_text
    if datatype in _DATE_TYPES:
        return bool(described.ranges & DATES)
    if datatype in _NUMBER_TYPES:
        return bool(described.ranges & NUMBERS)
    if datatype == XSD + "boolean":
        return "Boolean" in described.ranges
    return datatype == XSD + "duration" and "Duration" in described.ranges


def schema_name(term: Term) -> str | None:
    """The name of a term of schema.org."""
    if isinstance(term, NamedNode) and term.value.startswith(SCHEMA):
        return term.value[len(SCHEMA) :]
    return None
