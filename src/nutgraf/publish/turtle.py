"""Sorted Turtle and TriG: a block a subject, a line an object, so that a diff is a review.

pyoxigraph writes the triples as canonical N-Triples, whose tokens are valid Turtle; what is left to do is
to group, to sort and to shorten strings. Subjects are in the order of their IRIs' code points, blank nodes
last; predicates (`a` first) and objects in the order of their N-Triples forms: a prefix never moves a line.

Source: https://www.w3.org/TR/turtle/, https://www.w3.org/TR/trig/
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple, serialize

from nutgraf.dataset.canonical import canonical_quads, canonical_triples
from nutgraf.terms.vocabulary import RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_A: Final = f"<{RDF_TYPE}>"
_LETTER: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""PN_CHARS_BASE, Turtle §6.5, https://www.w3.org/TR/turtle/#grammar-production-PN_CHARS_BASE"""
_LOCAL: Final = re.compile(rf"[{_LETTER}_0-9][{_LETTER}_0-9-]*")
"""The part of PN_LOCAL that needs no escape and that no parser is known to stumble on: no dot, no colon."""
_PREFIX: Final = re.compile(rf"(?:[{_LETTER}][{_LETTER}_0-9-]*)?")

_NATIVE: Final[dict[str, re.Pattern[str]]] = {
    f"<{XSD}boolean>": re.compile(r"true|false"),
    f"<{XSD}decimal>": re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}"),
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]{0,17}"),
}
"""Lexical forms written bare, Turtle §2.5.2 and §2.5.3: those that no parser's number type alters."""


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Write a graph as sorted Turtle.

    Args:
        triples: in any order, repetitions allowed; blank nodes are renamed by RDFC-1.0.
        prefixes: label → namespace; only those that get used are declared.

    Returns:
        The same text for every order of the same triples; empty for no triples.

    Raises:
        ValueError: a prefix label is not valid in Turtle.

    >>> from pyoxigraph import Literal, NamedNode
    >>> name = NamedNode("https://schema.org/name")
    >>> cop = Triple(NamedNode("https://example.org/cop29"), name, Literal("COP29", language="en"))
    >>> print(turtle([cop], {"schema": "https://schema.org/"}), end="")
    @prefix schema: <https://schema.org/> .
    <BLANKLINE>
    <https://example.org/cop29>
        schema:name "COP29"@en ;
    .

    Source: Turtle §2, https://www.w3.org/TR/turtle/#language-features
    """
    terms = _Terms(prefixes)
    return terms.head("\n".join(_blocks(list(triples), terms)))


def trig(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> str:
    """Write a dataset as sorted TriG: the default graph, then a block a graph, sorted by name.

    Args:
        quads: in any order, repetitions allowed; blank nodes are renamed by RDFC-1.0.
        prefixes: label → namespace; only those that get used are declared.

    Raises:
        ValueError: a prefix label is not valid in Turtle.

    Source: TriG §2, https://www.w3.org/TR/trig/#sec-trig-intro
    """
    terms = _Terms(prefixes)
    graphs: dict[str, list[Triple]] = defaultdict(list)
    for quad in canonical_quads(quads):
        name = quad.graph_name
        graphs["" if isinstance(name, DefaultGraph) else str(name)].append(quad.triple)
    return terms.head("\n".join(_graphs(graphs, terms)))


def _graphs(graphs: Mapping[str, list[Triple]], terms: _Terms) -> Iterator[str]:
    for name in sorted(graphs, key=_order):
        if not name:
            yield from _blocks(graphs[name], terms, canonical=True)
            continue
        blocks = "\n".join(_blocks(graphs[name], terms, "    ", canonical=True))
        yield f"{terms[name]} {{\n{blocks}}}\n"


def _blocks(
    triples: list[Triple], terms: _Terms, indent: str = "", *, canonical: bool = False
) -> Iterator[str]:
    text = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    if "_:" in text and not canonical:
        text = (serialize(canonical_triples(triples), format=RdfFormat.N_TRIPLES) or b"").decode()
    # A token has no line feed in it, and only an object may have a space. Strings rather than lists of
    # tokens: a million lists would keep the garbage collector busy for half of the time.
    subjects: dict[str, list[str]] = defaultdict(list)
    for line in text.split(" .\n")[:-1]:
        subject, _, statement = line.partition(" ")
        subjects[subject].append(statement)
    for subject in sorted(subjects, key=_order):
        yield _block(terms[subject], _in_order(subjects[subject]), terms, indent)


def _in_order(statements: list[str]) -> list[str]:
    statements.sort()
    types = [statement for statement in statements if statement.startswith(_A)]
    return (
        types + [statement for statement in statements if not statement.startswith(_A)]
        if types
        else statements
    )


def _block(subject: str, statements: list[str], terms: _Terms, indent: str) -> str:
    parts = [indent, subject]
    same_verb, new_verb = f" ,\n{indent}        ", f"\n{indent}    "
    last = verb = ""
    for statement in statements:
        if statement == last:
            continue
        last = statement
        predicate, _, value = statement.partition(" ")
        token = terms[value] if value[0] == "<" else terms.literal(value)
        if predicate == verb:
            parts += (same_verb, token)
        else:
            parts += (new_verb, terms.verb(predicate), " ", token)
            new_verb = f" ;\n{indent}    "
            verb = predicate
    parts.append(f" ;\n{indent}.\n")
    return "".join(parts)


def _order(token: str) -> str:
    """IRIs by code point, which the closing bracket would disturb; blank nodes after them."""
    return token.removesuffix(">")


class _Terms(dict[str, str]):
    """N-Triples token → Turtle token, each worked out once; remembers which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        for label in prefixes:
            if not _PREFIX.fullmatch(label):
                raise ValueError(f'"{label}" is not a valid prefix label in Turtle')
        by_length = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._namespaces = [(namespace, label) for label, namespace in by_length if namespace]
        self._starts = tuple(f"<{namespace}" for namespace, _ in self._namespaces)
        self._used: dict[str, str] = {}

    def __missing__(self, token: str) -> str:
        short = self._curie(token[1:-1]) if token.startswith(self._starts) else token
        self[token] = short
        return short

    def _curie(self, iri: str) -> str:
        for namespace, label in self._namespaces:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self._used[label] = namespace
                return f"{label}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def verb(self, token: str) -> str:
        return "a" if token == _A else self[token]

    def literal(self, token: str) -> str:
        """A literal or a blank node; only a datatype ends in a bracket."""
        if token[-1] != ">":
            return token
        quoted, _, datatype = token.rpartition("^^")
        native = _NATIVE.get(datatype)
        if native is not None and native.fullmatch(quoted, 1, len(quoted) - 1):
            return quoted[1:-1]
        return f"{quoted}^^{self[datatype]}"

    def head(self, body: str) -> str:
        """The body with the declarations that it needs."""
        lines = [f"@prefix {label}: <{self._used[label]}> .\n" for label in sorted(self._used)]
        return "".join([*lines, "\n", body]) if lines else body
