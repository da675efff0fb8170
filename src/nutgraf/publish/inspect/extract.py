"""Find JSON-LD, microdata and RDFa in a page, as triples in the form that our graphs have.

JSON-LD is read by us, so that a broken block has a place; microdata and RDFa by extruct.

Source: https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents,
https://html.spec.whatwg.org/multipage/microdata.html, https://www.w3.org/TR/html-rdfa/
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import turbohtml
from pyoxigraph import Triple
from turbohtml import Document, Element

from nutgraf.dataset.jsonld_input import read_jsonld
from nutgraf.problems import InputError, NutgrafError, Problem, Span
from nutgraf.publish.embed.pages import canonical_address
from nutgraf.publish.embed.script import MARKER, MEDIA_TYPE
from nutgraf.publish.page.read import normalized_page

_UNKNOWN_BASE: Final = "https://page.invalid/"
"""What relative addresses are resolved against when the page does not tell its own; RFC 6761 §6.4."""
_NOISE: Final = "http://www.w3.org/ns/rdfa#usesVocabulary"


@dataclass(frozen=True)
class Block:
    """One piece of structured data.

    Attributes:
        syntax: "JSON-LD", "microdata" or "RDFa".
        span: where it starts, when that is known.
        ours: whether `embed` put it there.
        triples: what it says; empty when it is broken.
        problems: what is wrong with it.
    """

    syntax: str
    span: Span | None
    ours: bool
    triples: tuple[Triple, ...]
    problems: tuple[Problem, ...] = ()


def blocks(
    html: bytes, *, file: str = "page", base: str | None = None, encoding: str | None = None
) -> list[Block]:
    """Every piece of structured data of a page, in the order of syntaxes and places.

    Args:
        html: the page.
        file: how problems call it.
        base: the page's address; default: what it says of itself.
        encoding: what the server's header says of it.

    Raises:
        InputError: INS101 extruct is not installed; INS102 there is no such encoding.
    """
    try:
        page = turbohtml.parse(html, encoding=encoding, scripting=True)
    except LookupError as error:
        raise InputError(Problem("INS102", f'no encoding is called "{encoding}"')) from error
    address = base or canonical_address(page) or _UNKNOWN_BASE
    root = page.find("html")
    language = root.attrs.get("lang") if root is not None else None
    tag = language if isinstance(language, str) and language else None
    return [
        *_jsonld(page, file, address, tag),
        *_others(_decoded(html, page.encoding), file, address, tag),
    ]


def _decoded(html: bytes, encoding: str | None) -> str:
    try:
        return html.decode(encoding or "utf-8", "replace")
    except LookupError:  # a name that browsers know and Python does not
        return html.decode("windows-1252", "replace")


def _jsonld(page: Document, file: str, base: str, language: str | None) -> Iterator[Block]:
    for script in page.find_all("script"):
        kind = str(script.attrs.get("type") or "").partition(";")[0].strip().lower()
        if kind != MEDIA_TYPE:
            continue
        span = _span(script, file)
        ours = MARKER in script.attrs
        try:
            triples = [quad.triple for quad in read_jsonld(script.text, base_iri=base, file=file)]
        except NutgrafError as error:
            yield Block("JSON-LD", span, ours, (), tuple(_moved(problem, span) for problem in error.problems))
        else:
            yield Block("JSON-LD", span, ours, tuple(normalized_page(triples, fallback=language)))


def _span(element: Element, file: str) -> Span:
    line, column = element.position or (1, 0)
    return Span(file, line, column + 1)


def _moved(problem: Problem, block: Span) -> Problem:
    """A problem of a block, at its place in the page."""
    inner = problem.span or Span(block.file)
    line = block.line + inner.line - 1
    column = inner.column if inner.line > 1 else block.column
    return Problem(problem.code, problem.message, Span(block.file, line, column), problem.why, problem.fix)


def _others(text: str, file: str, base: str, language: str | None) -> Iterator[Block]:
    found = _extruct().extract(text, base_url=base, syntaxes=["microdata", "rdfa"], errors="log")
    for item in found.get("microdata", []):
        yield _block("microdata", _microdata(item), file, base, language)
    nodes = [_without_noise(node) for node in found.get("rdfa", [])]
    described = [node for node in nodes if node.keys() - {"@id"}]
    if described:
        yield _block("RDFa", described, file, base, language)


def _extruct() -> Any:
    # Imported here: it is optional, and slow to import.
    try:
        return importlib.import_module("extruct")
    except ImportError as error:
        raise InputError(
            Problem("INS101", "extruct is not installed", fix="pip install 'nutgraf[inspect]'")
        ) from error


def _block(syntax: str, document: Any, file: str, base: str, language: str | None) -> Block:
    try:
        triples = [quad.triple for quad in read_jsonld(document, base_iri=base, file=file)]
    except NutgrafError as error:
        return Block(syntax, Span(file), ours=False, triples=(), problems=error.problems)
    return Block(syntax, None, ours=False, triples=tuple(normalized_page(triples, fallback=language)))


def _without_noise(node: dict[str, Any]) -> dict[str, Any]:
    """Without what RDFa says of itself, and without `link` elements read as properties of the vocabulary."""
    return {
        key: value
        for key, value in node.items()
        if key != _NOISE and key not in {f"http://schema.org/{name}" for name in _LINK_RELATIONS}
    }


_LINK_RELATIONS: Final = ("alternate", "canonical", "icon", "preload", "shortcut", "stylesheet")


def _microdata(item: dict[str, Any]) -> dict[str, Any]:
    """An item of microdata as a JSON-LD node object, its properties in the vocabulary of its type.

    Source: Microdata to RDF §4, https://www.w3.org/TR/microdata-rdf/
    """
    types = item.get("type", [])
    kinds = [types] if isinstance(types, str) else types
    vocabulary = kinds[0].rpartition("#" if "#" in kinds[0] else "/")[0] + "/" if kinds else ""
    node: dict[str, Any] = {"@type": kinds} if kinds else {}
    if "id" in item:
        node["@id"] = item["id"]
    for name, value in item.get("properties", {}).items():
        key = name if ":" in name else vocabulary + name
        if ":" in key:
            values = value if isinstance(value, list) else [value]
            node[key] = [_microdata(it) if isinstance(it, dict) else {"@value": str(it)} for it in values]
    return node
