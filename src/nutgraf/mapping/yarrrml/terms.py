"""The texts of YARRRML: `$(reference)`, templates, prefix:name and the suffix after `~`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Final

from nutgraf.mapping.model import Constant, Reference, ReferenceFormulation, Template, ValueExpression
from nutgraf.mapping.references import parse_reference
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.problems import Problem
from nutgraf.terms.vocabulary import RDF, RDFS, XSD

KNOWN_PREFIXES: Final[dict[str, str]] = {
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "rml": "http://w3id.org/rml/",
    "rr": "http://www.w3.org/ns/r2rml#",
}
"""Prefixes that need no declaration; a declaration wins."""

_SCHEMES: Final = frozenset(
    {"urn", "mailto", "tel", "tag", "geo", "data", "info", "did", "doi", "ni", "about"}
)
"""Schemes of IRIs without `//`; any other `word:` must be a declared prefix, or it is a slip."""

_PREFIX: Final = re.compile(r"([A-Za-z_][\w.-]*|):(?!//)")
_SUFFIX: Final = re.compile(r"(?s)(.*)~(iri|literal|blank|blanknode|lang)")
_TOKEN: Final = re.compile(
    r"(?s)\\(?P<escaped>[\\$():~])|\$\((?P<reference>(?:\\.|[^)\\])*)\)|(?P<open>\$\()|(?P<text>.)"
)
_ESCAPED: Final = re.compile(r"\\([\\()])")


class Terms:
    """Reads texts with the prefixes of one document."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = {**KNOWN_PREFIXES, **prefixes}

    def expression(
        self, node: Node, text: str, formulation: ReferenceFormulation, *, iri: bool
    ) -> ValueExpression | None:
        """A constant, a reference (`$(x)` alone) or a template.

        Args:
            node: where the text stands.
            text: without suffix.
            formulation: how the source's references are written.
            iri: whether an undeclared prefix is a mistake.
        """
        parts = _parts(self._expand(node, text, iri=iri), node, formulation)
        if parts is None:
            return None
        if not any(isinstance(part, Reference) for part in parts):
            return Constant("".join(part for part in parts if isinstance(part, str)), node.span)
        if len(parts) == 1 and isinstance(parts[0], Reference):
            return parts[0]
        return Template(tuple(parts), node.span)

    def iri(self, text: str) -> str:
        """The IRI that `prefix:name` is short for; any other text as it is."""
        match = _PREFIX.match(text)
        known = match and match[1] in self._prefixes
        return self._prefixes[match[1]] + text[match.end() :] if match and known else text

    def _expand(self, node: Node, text: str, *, iri: bool) -> str:
        match = _PREFIX.match(text)
        if match is None:
            return text
        prefix = match[1]
        if prefix in self._prefixes:
            return self._prefixes[prefix].replace("\\", "\\\\").replace("$", "\\$") + text[match.end() :]
        if iri and prefix.lower() not in _SCHEMES:
            close = difflib.get_close_matches(prefix, sorted(self._prefixes), n=1)
            node.report(
                "MAP109",
                f'the prefix "{prefix}" is not declared',
                why=f"the prefixes are {', '.join(sorted(self._prefixes))}",
                fix=f'write "{close[0]}:"' if close else "declare it under prefixes",
            )
        return text


def split_suffix(text: str) -> tuple[str, str | None]:
    """A text and its suffix.

    >>> split_suffix("en~lang")
    ('en', 'lang')
    """
    match = _SUFFIX.fullmatch(text)
    if match is None or match[1].endswith("\\"):
        return text, None
    return match[1], match[2]


def _parts(text: str, node: Node, formulation: ReferenceFormulation) -> list[str | Reference] | None:
    """The literal texts and references of a text; None, with a problem noted, when it is malformed."""
    parts: list[str | Reference] = []
    literal = ""
    for match in _TOKEN.finditer(text):
        if match["open"]:
            node.report(
                "MAP111", 'the reference has no ")"', fix="close it, or write \\$( for the characters $("
            )
            return None
        if match["reference"] is None:
            literal += match["escaped"] or match["text"]
            continue
        reference = parse_reference(_ESCAPED.sub(r"\1", match["reference"]), formulation, node.span)
        if isinstance(reference, Problem):
            node.problems.append(reference)
            return None
        parts += [literal, reference] if literal else [reference]
        literal = ""
    return [*parts, literal] if literal else parts
