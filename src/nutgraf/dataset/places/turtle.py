"""Where each triple of a Turtle, TriG, N-Triples or N-Quads text stands.

pyoxigraph decides what a file says; this reader only follows a text that is known to be well-formed, and
gives the places of subject, predicate and object of each triple.

Sources: Turtle §6.5, https://www.w3.org/TR/turtle/#sec-grammar-grammar;
TriG §4.5, https://www.w3.org/TR/trig/#sec-grammar
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from nutgraf.terms.vocabulary import RDF, RDF_TYPE, XSD

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
    | (?P<long>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3})
    | (?P<short>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<directive>@prefix\b|@base\b)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
    | (?P<number>[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
    | (?P<bnode>_:[^\s<>"'(){}\[\];,#]*[^\s<>"'(){}\[\];,#.])
    | (?P<name>(?:[^\s<>"'(){}\[\];,\#^@:\\]*):(?:[^\s<>"'(){}\[\];,\#^@\\]|\\.)*)
    | (?P<word>[A-Za-z]+)
    | (?P<mark>\^\^|[\[\](){};,.])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_MAX_DEPTH: Final = 500

BLANK: Final = "_:"
"""The key of every blank node."""


@dataclass(frozen=True, slots=True)
class Range:
    """Characters of a text, from 0; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stated:
    """One triple of the text.

    Attributes:
        key: subject, predicate and object as N-Triples writes them, every blank node as `BLANK`.
        subject: where its subject stands, once for all triples of a subject.
        predicate: where its predicate stands, once for all objects of a predicate.
        value: where its object stands.
    """

    key: tuple[str, str, str]
    subject: Range
    predicate: Range
    value: Range


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class PlacesError(Exception):
    """The text cannot be followed."""


def read(text: str, base: str = "") -> list[Stated]:
    """The triples of a text in the order in which they are complete, an inner one before its outer one.

    Raises:
        PlacesError: the text is not what pyoxigraph read.
    """
    return list(_Reader(text, base).document())


def literal(value: str, datatype: str, language: str = "") -> str:
    """The key of a literal."""
    return f'"{value}"@{language.lower()}' if language else f'"{value}"^^{datatype}'


class _Reader:
    def __init__(self, text: str, base: str) -> None:
        self._tokens = self._scan(text)
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._next: _Token | None = next(self._tokens, None)
        self._depth = 0

    def _scan(self, text: str) -> Iterator[_Token]:
        at = 1 if text.startswith("\ufeff") else 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise PlacesError(f"no token at {at}")
            kind, end = match.lastgroup, match.end()
            if kind == "name":
                while text[end - 1] == "." and text[end - 2] != "\\":  # a name does not end in a full stop
                    end -= 1
            if kind == "number" and text[end - 1] == ".":
                end -= 1
            if kind != "space":
                yield _Token(kind, text[at:end], at, end)
            at = end

    def _take(self) -> _Token:
        token = self._next
        if token is None:
            raise PlacesError("the text ends early")
        self._next = next(self._tokens, None)
        return token

    def _is(self, *texts: str) -> bool:
        return self._next is not None and self._next.kind in {"mark", "word"} and self._next.text in texts

    def document(self) -> Iterator[Stated]:
        while self._next is not None:
            if self._next.kind == "directive" or self._keyword("prefix", "base"):
                self._directive()
            elif self._keyword("graph"):
                self._take()
                self._term()
            elif self._is("{", "}", "."):
                self._take()
            elif self._next.kind == "directive":
                self._directive()
            else:
                yield from self._statement()

    def _keyword(self, *words: str) -> bool:
        return self._next is not None and self._next.kind == "word" and self._next.text.lower() in words

    def _directive(self) -> None:
        word = self._take().text.lower().lstrip("@")
        if word == "base":
            self._base = self._iri(self._take().text)
            return
        name = self._take().text
        self._prefixes[name.rstrip(":")] = self._iri(self._take().text)

    def _statement(self) -> Iterator[Stated]:
        found: list[Stated] = []
        listed = self._is("[")
        key, subject = self._node(found)
        if self._is("{"):  # it was a graph's name
            return
        if not (listed and self._is(".", "}")):
            self._properties(key, subject, found, end=(".", "}"))
        yield from found

    def _properties(self, key: str, subject: Range, found: list[Stated], end: tuple[str, ...]) -> None:
        while not self._is(*end):
            token = self._take()
            if token.text == ";":
                continue
            predicate = RDF_TYPE if token.text == "a" else self._name(token)
            place = Range(token.start, token.end)
            while True:
                value, where = self._node(found)
                found.append(Stated((key, f"<{predicate}>", value), subject, place, where))
                if not self._is(","):
                    break
                self._take()
            if self._next is not None and self._next.kind in {"iri", "name", "bnode"}:
                self._take()  # the graph of an N-Quads line
            if self._next is None:
                raise PlacesError("the text ends early")

    def _node(self, found: list[Stated]) -> tuple[str, Range]:
        """A subject or an object; the triples that it holds are added to `found`."""
        if not self._is("[", "("):
            return self._term()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise PlacesError("nested too deep")
        opening = self._take()
        where = Range(opening.start, opening.end)
        if opening.text == "[":
            self._properties(BLANK, where, found, end=("]",))
            self._take()
            key = BLANK
        else:
            key = self._collection(where, found)
        self._depth -= 1
        return key, where

    def _collection(self, where: Range, found: list[Stated]) -> str:
        key = f"<{RDF}nil>"
        while not self._is(")"):
            if key == BLANK:
                found.append(Stated((BLANK, f"<{RDF}rest>", BLANK), where, where, where))
            value, place = self._node(found)
            found.append(Stated((BLANK, f"<{RDF}first>", value), where, place, place))
            key = BLANK
        if key == BLANK:
            found.append(Stated((BLANK, f"<{RDF}rest>", f"<{RDF}nil>"), where, where, where))
        self._take()
        return key

    def _term(self) -> tuple[str, Range]:
        token = self._take()
        where = Range(token.start, token.end)
        match token.kind:
            case "iri" | "name":
                return f"<{self._name(token)}>", where
            case "bnode":
                return BLANK, where
            case "number":
                kind = (
                    "double" if "e" in token.text.lower() else "decimal" if "." in token.text else "integer"
                )
                return literal(token.text, XSD + kind), where
            case "word" if token.text in {"true", "false"}:
                return literal(token.text, XSD + "boolean"), where
            case "long" | "short":
                return self._literal(token)
        raise PlacesError(f"{token.text} is no term")

    def _literal(self, token: _Token) -> tuple[str, Range]:
        width = 3 if token.kind == "long" else 1
        value = _unescaped(token.text[width:-width])
        if self._next is not None and self._next.kind == "language":
            tag = self._take()
            return literal(value, "", tag.text[1:].partition("--")[0]), Range(token.start, tag.end)
        if self._is("^^"):
            self._take()
            datatype = self._take()
            return literal(value, self._name(datatype)), Range(token.start, datatype.end)
        return literal(value, XSD + "string"), Range(token.start, token.end)

    def _name(self, token: _Token) -> str:
        if token.kind == "iri":
            return self._iri(token.text)
        label, colon, local = token.text.partition(":")
        if not colon or label not in self._prefixes:
            raise PlacesError(f"{token.text} has no prefix")
        return self._prefixes[label] + re.sub(r"\\(.)", r"\1", local)

    def _iri(self, text: str) -> str:
        iri = _unescaped(text[1:-1])
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
            return iri
        return urljoin(self._base, iri) if iri else self._base.partition("#")[0]


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        escape = match[1]
        return chr(int(escape[1:], 16)) if len(escape) > 1 else _ESCAPES.get(escape, escape)

    return _ESCAPE.sub(replaced, text)
