"""Saved queries: SPARQL files whose comments name their parameters.

A line `# param: session = <https://…>` gives a variable its default term.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from nutgraf.dataset.store import Term
from nutgraf.problems import InputError, Problem, Span
from nutgraf.terms.vocabulary import PREFIXES

_PARAMETER: Final = re.compile(r"^#\s*param:\s*(.+)$")


def parameters(text: str, file: str) -> dict[str, Term]:
    """The parameters of a saved query with their defaults.

    Raises:
        InputError: QRY104, a `param` comment is not `name = term`.
    """
    found: dict[str, Term] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _PARAMETER.match(line):
            name, term = setting(match[1], Span(file, number, match.start(1) + 1, len(match[1])))
            found[name] = term
    return found


def setting(text: str, span: Span | None = None) -> tuple[str, Term]:
    """Read `name = term`; the term is written as in Turtle, with our prefixes.

    Raises:
        InputError: QRY104, it is something else.

    >>> setting("year = 2024")[0]
    'year'
    """
    name, _, value = text.partition("=")
    name = name.strip().removeprefix("?")
    term = _term(value.strip()) if name.isidentifier() else None
    if term is None:
        message = f'"{text.strip()}" is not a parameter'
        raise InputError(
            Problem("QRY104", message, span, fix='write name=<iri>, name=prefix:local or name="text"')
        )
    return name, term


def _term(text: str) -> Term | None:
    """The one term that a text writes in Turtle; None when it writes anything else."""
    prefixes = "".join(f"@prefix {label}: <{iri}> .\n" for label, iri in PREFIXES.items())
    try:
        quads = list(parse(f"{prefixes}<x:s> <x:p> {text} .", RdfFormat.TURTLE))
    except SyntaxError:
        return None
    if len(quads) != 1 or not isinstance(quads[0], Quad):
        return None
    return quads[0].object
