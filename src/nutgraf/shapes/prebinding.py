"""What a SPARQL-based constraint's query may do, and whether pyoxigraph pre-binds its variables as it should.

pyoxigraph gives a variable its value in the patterns of triples. In BIND, and in an inner group where the
variable stands in expressions alone, it does not; such a query is pySHACL's.

Source: SHACL §5.2.1 and §A, https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_OPAQUE: Final = re.compile(
    r"""
      \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
    | <[^<>"{}|^`\\\x00-\x20]*>
    | \#[^\r\n]*
    """,
    re.VERBOSE | re.DOTALL,
)
_FORBIDDEN: Final = ("minus", "values", "service")
_AS_THIS: Final = re.compile(r"\b[Aa][Ss]\s*[$?](?:this|currentShape|shapesGraph|PATH)\b")
_SELECT: Final = re.compile(r"\bselect\b(.*)$", re.IGNORECASE | re.DOTALL)
_THIS: Final = re.compile(r"[$?]this\b")
_VARIABLE: Final = re.compile(r"[$?]\w+")
_COMPUTED: Final = re.compile(r"[()*]|\b(?:reduced|from)\b", re.IGNORECASE)
_FILTER: Final = re.compile(r"\bfilter\s*(?:[\w:-]+\s*)?\)", re.IGNORECASE)
"""A filter, of which `_Group.bare` has the closing bracket alone."""
_PATH_OR_CLAUSE: Final = re.compile(
    r"[*+?|^/!)]|\b(?:bind|filter|exists|graph|optional|union)\b", re.IGNORECASE
)
_BIND: Final = re.compile(r"\bbind\s*\([^{}]*[$?]this\b", re.IGNORECASE)
_MORE: Final = re.compile(r"[$?](?:currentShape|shapesGraph)\b")


@dataclass(slots=True)
class _Group:
    """The text between two braces, without what stands in braces or brackets inside.

    Attributes:
        bare: the text outside of round brackets.
        whole: the text.
        depth: how many round brackets are open.
        before: the text before the opening brace, back to the brace before.
    """

    before: str = ""
    bare: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    depth: int = 0


def forbidden(query: str) -> str | None:
    """What the query does that a query with pre-bound variables must not, if anything.

    >>> forbidden("SELECT $this WHERE { $this ?p ?o . MINUS { $this ?p 1 } }")
    'MINUS'
    """
    if re.search(r"\\u", query, re.IGNORECASE):
        return "a \\u escape, which could hide a keyword"
    # The network is never asked: the word alone is refused, wherever it stands.
    if "service" in query.casefold():
        return "SERVICE"
    text = _OPAQUE.sub(" ", query)
    words = {word.lower() for word in re.findall(r"(?<![?$:\w-])[A-Za-z]+\b(?!:)", text)}
    for word in _FORBIDDEN:
        if word in words:
            return word.upper()
    if _AS_THIS.search(text):
        return "AS with a variable that is pre-bound"
    for group in _groups(text)[1:]:
        projection = _SELECT.search(group.before)
        if projection and "*" not in projection[1] and not _THIS.search(projection[1]):
            return "a nested SELECT that does not return $this"
    return None


def is_safe(query: str) -> bool:
    """Whether pyoxigraph answers the query as if the variables were pre-bound.

    >>> is_safe("SELECT $this WHERE { FILTER ($this = <urn:x>) }")
    True
    >>> is_safe("SELECT $this WHERE { { FILTER ($this = <urn:x>) } }")
    False
    """
    text = _OPAQUE.sub(" ", query)
    if _MORE.search(text) or _BIND.search(text):
        return False
    inner = _groups(text)[1:]
    return all(_THIS.search("".join(g.bare)) or not _THIS.search("".join(g.whole)) for g in inner)


def is_set_at_a_time(query: str) -> bool:
    """Whether the query without its variable bound gives, for each `$this`, what it gives with it bound.

    So it is with one group of triple patterns and filters, in which `$this` stands in a pattern: nothing is
    optional, counted, limited or reached by a path, which could find a node that is in no triple.

    >>> is_set_at_a_time("SELECT $this ?v WHERE { $this <urn:p> ?v . FILTER (?v < 3) }")
    True
    >>> is_set_at_a_time("SELECT $this WHERE { $this <urn:p>* ?v }")
    False
    >>> is_set_at_a_time("SELECT $this (COUNT(?v) AS ?value) WHERE { $this <urn:p> ?v } GROUP BY $this")
    False
    """
    text = _OPAQUE.sub(" i ", query)
    groups = _groups(text)
    if len(groups) != 1 or not is_safe(query):
        return False
    projection = _SELECT.search(groups[0].before)
    patterns = _FILTER.sub(" ", "".join(groups[0].bare))
    return (
        projection is not None
        and _THIS.search(projection[1]) is not None
        and not _COMPUTED.search(projection[1])
        and not text.rpartition("}")[2].strip()
        and _THIS.search(patterns) is not None
        and not _PATH_OR_CLAUSE.search(_VARIABLE.sub(" v ", patterns))
    )


def _groups(text: str) -> list[_Group]:
    """The groups of a query, the outermost first."""
    found: list[_Group] = []
    stack: list[_Group] = []
    before: list[str] = []
    for character in text:
        if character == "{":
            stack.append(_Group(before="".join(before)))
            found.append(stack[-1])
            before = []
        elif character == "}":
            if stack:
                stack.pop()
            before = []
        else:
            before.append(character)
            if stack:
                group = stack[-1]
                group.depth += (character == "(") - (character == ")")
                group.whole.append(character)
                if group.depth == 0:
                    group.bare.append(character)
    return found
