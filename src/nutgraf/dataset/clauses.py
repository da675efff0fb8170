"""Find SERVICE and FROM in a query's text, which the engine does not tell and cannot be told to ignore.

pyoxigraph has no switch for federation: it would go to the network. So the text is cut into tokens, and
SERVICE is looked for outside of strings, comments, IRIs, variables and local names. Where the text can be
cut in two ways and names "service" at all, it is refused too: a question asked in vain is better than a
request sent.

Source: SPARQL 1.1 §19.8, https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from typing import Final

_OPAQUE: Final = re.compile(
    r"""
      "{3} (?: "{0,2} (?: [^"\\] | \\[tbnrf"'\\] ) )* "{3}
    | '{3} (?: '{0,2} (?: [^'\\] | \\[tbnrf"'\\] ) )* '{3}
    | " (?: [^"\\\r\n] | \\[tbnrf"'\\] )* "
    | ' (?: [^'\\\r\n] | \\[tbnrf"'\\] )* '
    | (?P<iri> < [^<>"{}|^`\\\x00-\x20]* > )
    | \# [^\r\n]*
    | [?$] \w+
    | (?P<prefix> [\w.-]* : ) (?: [\w:-] | \\[_~.\-!$&'()*+,;=/?\#@%] )*
    """,
    re.VERBOSE,
)
"""What may say "service" and mean nothing by it; narrower than the grammar, never wider."""
_AMBIGUOUS: Final = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*://).*[#')]")
"""An IRI that could also be a less-than sign, more of the expression, and a comment, a string or its end."""


def names_service(query: str) -> bool:
    """Whether a SPARQL query has, or may have, a SERVICE clause.

    >>> names_service("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }")
    True
    >>> names_service("SELECT ?service { ?service schema:serviceType 'secret service' } # no service")
    False
    """
    if not _mentions(query):
        return False
    if re.search(r"\\u", query, re.IGNORECASE):
        return True
    for match in _OPAQUE.finditer(query):
        iri = match["iri"]
        if iri is not None and _AMBIGUOUS.match(iri):
            return True
    rest = _OPAQUE.sub(lambda match: f" {match['prefix'] or ''} ", query)
    return _mentions(rest) or any(mark in rest for mark in "\"'\\")


def has_dataset_clause(query: str) -> bool:
    """Whether a SPARQL query says with FROM which graphs it asks.

    >>> has_dataset_clause("SELECT * FROM <https://example.org/g> { ?s ?p ?o }")
    True
    >>> has_dataset_clause("SELECT ?from { ?from ?p 'from here' }")
    False

    Source: SPARQL 1.1 §13.2, https://www.w3.org/TR/sparql11-query/#specifyingDataset
    """
    return re.search(r"\bfrom\b", _OPAQUE.sub(" ", query), re.IGNORECASE) is not None


def https_schema_org(query: str) -> str:
    """The query with `https://schema.org/` for `http://schema.org/` in its IRIs, as in the data.

    >>> https_schema_org("SELECT * { ?s <http://schema.org/url> 'http://schema.org/' }")
    "SELECT * { ?s <https://schema.org/url> 'http://schema.org/' }"
    """
    return _OPAQUE.sub(
        lambda match: (
            match[0].replace("<http://schema.org/", "<https://schema.org/", 1) if match["iri"] else match[0]
        ),
        query,
    )


def _mentions(text: str) -> bool:
    """As a case-insensitive parser might read it: the long s is an S, too."""
    return "service" in text.casefold()
