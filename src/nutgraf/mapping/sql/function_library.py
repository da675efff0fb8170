"""The functions that a mapping may call, each with the SQL that it stands for; `register` adds one's own.

Source: https://w3id.org/rml/fnml/spec, and https://fno.io/ for the functions' names
"""

from __future__ import annotations

from typing import Final

from nutgraf.mapping.sql.date_functions import DATE_FUNCTIONS
from nutgraf.mapping.sql.function import Function
from nutgraf.mapping.sql.iri_functions import IRI_FUNCTIONS
from nutgraf.mapping.sql.logic_functions import LOGIC_FUNCTIONS
from nutgraf.mapping.sql.string_functions import STRING_FUNCTIONS

FUNCTIONS: Final[dict[str, Function]] = STRING_FUNCTIONS | LOGIC_FUNCTIONS | DATE_FUNCTIONS | IRI_FUNCTIONS
"""IRI → function."""


def register(iri: str, function: Function) -> None:
    """Add a function, or put another in its place."""
    FUNCTIONS[iri] = function
