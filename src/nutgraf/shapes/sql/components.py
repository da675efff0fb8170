"""The table of the Core constraint components: which query checks which.

Source: SHACL §4, https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from typing import Final

from nutgraf.shapes.sql import closed, counts, logic, pairs, ranges, strings, values

PLAIN: Final[dict[str, str]] = {
    "Class": values.CLASS,
    "Datatype": values.DATATYPE,
    "NodeKind": values.NODE_KIND,
    "In": values.IN,
    "MinCount": counts.MIN_COUNT,
    "MaxCount": counts.MAX_COUNT,
    "HasValue": counts.HAS_VALUE,
    "MinLength": strings.MIN_LENGTH,
    "MaxLength": strings.MAX_LENGTH,
    "LanguageIn": strings.LANGUAGE_IN,
    "UniqueLang": strings.UNIQUE_LANG,
    "MinExclusive": ranges.MIN_EXCLUSIVE,
    "MinInclusive": ranges.MIN_INCLUSIVE,
    "MaxExclusive": ranges.MAX_EXCLUSIVE,
    "MaxInclusive": ranges.MAX_INCLUSIVE,
    "Equals": pairs.EQUALS,
    "Disjoint": pairs.DISJOINT,
    "LessThan": pairs.LESS_THAN,
    "LessThanOrEquals": pairs.LESS_THAN_OR_EQUALS,
    "Closed": closed.CLOSED,
}
"""Component → its query, which checks all shapes that have it at once."""

REFERRING: Final[dict[str, str]] = {
    "Node": logic.NODE,
    "Not": logic.NOT,
    "And": logic.AND,
    "Or": logic.OR,
    "Xone": logic.XONE,
    "QualifiedMinCount": logic.QUALIFIED_MIN_COUNT,
    "QualifiedMaxCount": logic.QUALIFIED_MAX_COUNT,
}
"""Component → its query, which checks all shapes of one level that have it."""

PATTERN: Final = "Pattern"
"""`strings.patterns`: a query for each pattern, a constant that DuckDB compiles once, or Python."""

SPARQL: Final = "SPARQL"
"""`queries.run`: pyoxigraph answers each query at each focus node."""

PROPERTY: Final = "Property"
"""No check of its own: the property shape reports for itself, see `targets` and `logic.FAILED`."""
