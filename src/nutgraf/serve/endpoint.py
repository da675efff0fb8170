"""The SPARQL endpoint and the reading half of the Graph Store Protocol.

Sources: https://www.w3.org/TR/sparql11-protocol/, https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from nutgraf.publish.formats import GRAPH_FORMATS, Vocabulary
from nutgraf.serve import accept, description, outcomes
from nutgraf.serve.formats import GRAPHS, HTML, Format, named, offers
from nutgraf.serve.generation import Generation
from nutgraf.serve.jobs import Form
from nutgraf.serve.pages import is_known, see, thing
from nutgraf.serve.requests import QueryRequest, check_iri, invalid, not_allowed, parse_fields, read
from nutgraf.serve.state import State, state_of

_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")
_NOT_STORED: Final = {"Cache-Control": "no-cache"}


async def sparql(request: Request) -> Response:
    """Answer a query, or describe the service where there is none."""
    state = state_of(request)
    asked = await read(request)
    with state.live.current.lease() as generation:
        if asked.query is None:
            return await _describe(request, asked, state, generation)
        formats = _acceptable(request, asked.format)
        job = generation.query(
            asked.query,
            formats,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            bindings=asked.bindings,
        )
        found = await outcomes.answer(request, job, state.pool, state.limits)
        return outcomes.response(found, _NOT_STORED, is_head=request.method == "HEAD")


def _acceptable(request: Request, name: str | None) -> dict[Form, str]:
    """Form of answer → the format that the client would like it in; without those that it takes none of."""
    header = request.headers.get("accept")
    found = {
        form: named(formats, name) if name else accept.media_type(header, offers(formats))
        for form, formats in outcomes.FORMS.items()
    }
    return {form: each.name for form, each in found.items() if each}


async def _describe(request: Request, asked: QueryRequest, state: State, generation: Generation) -> Response:
    if request.method == "POST" or asked.default_graphs or asked.named_graphs or asked.bindings:
        raise invalid("there is no query", fix='send it in the field "query"')
    chosen = _graph_format(request, asked.format, (*GRAPHS, HTML))
    if chosen is HTML:
        return see(request, "query", vary="Accept")
    endpoint = _address(request, generation.workspace.base)
    triples = description.describe(generation, state.limits, endpoint)
    vocabulary = Vocabulary(description.PREFIXES, {"@context": description.PREFIXES})
    writer = GRAPH_FORMATS[{"rdf": "rdfxml"}.get(chosen.name, chosen.name)]
    body = await asyncio.to_thread(writer, triples, vocabulary)
    return Response(body, headers={**_NOT_STORED, "Vary": "Accept"}, media_type=chosen.content_type)


def _address(request: Request, base: str) -> str:
    """Where the client reaches us: at the base's host it is below the base, as a proxy may stand between."""
    host = request.headers.get("host", "")
    if host == urlsplit(base).netloc:
        return f"{base}sparql"
    is_plain = _HOST.fullmatch(host) is not None
    return f"{request.url.scheme}://{host}/sparql" if is_plain else f"{base}sparql"


async def graphs(request: Request) -> Response:
    """Answer with the graph that `?graph=` names, or for `?default` with the union of all.

    Source: SPARQL 1.1 Graph Store HTTP Protocol §4.2, https://www.w3.org/TR/sparql11-http-rdf-update/#indirect-graph-identification
    """
    fields = _fields_of_reading(request)
    names = [value for name, value in fields if name == "graph"]
    defaults = [value for name, value in fields if name == "default"]
    if len(names) + len(defaults) != 1:
        raise invalid("the request names no graph, or more than one", fix="write ?graph=IRI or ?default")
    for name in names:
        check_iri(name, "graph")
    return await _graph(request, names[0] if names else "", fields)


async def graph(request: Request) -> Response:
    """Answer with the graph whose IRI is asked for itself.

    Source: SPARQL 1.1 Graph Store HTTP Protocol §4.1, https://www.w3.org/TR/sparql11-http-rdf-update/#direct-graph-identification
    """
    fields = _fields_of_reading(request)
    asked = dict(fields).get("format")
    with state_of(request).live.current.lease() as generation:
        if _graph_format(request, asked, (*GRAPHS, HTML)) is HTML:
            # A person rather reads of what the graph is about.
            documents = generation.documents
            language = accept.language(request.headers.get("accept-language"), documents.languages)
            return await thing(request, documents, language, asked)
        path = request.url.path.removeprefix("/")
        base = generation.workspace.base
        name = next((name for name in (path, unquote(path)) if f"{base}{name}" in generation.graphs), path)
        return await _graph(request, f"{base}{name}", fields)


def _fields_of_reading(request: Request) -> list[tuple[str, str]]:
    if request.method not in {"GET", "HEAD"}:
        raise not_allowed("GET, HEAD, OPTIONS")
    return parse_fields(request.scope["query_string"].decode("latin-1"))


async def _graph(request: Request, iri: str, fields: list[tuple[str, str]]) -> Response:
    state = state_of(request)
    with state.live.current.lease() as generation:
        if iri and iri not in generation.graphs:
            raise outcomes.absent("there is no such graph", fix="GET /sparql lists the graphs")
        chosen = _graph_format(request, dict(fields).get("format"), GRAPHS)
        known = f"{generation.folder.digest} {iri} {chosen.name}"
        headers = {**_NOT_STORED, "ETag": f'"{hashlib.sha256(known.encode()).hexdigest()[:32]}"'}
        if is_known(request, headers["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**headers, "Vary": "Accept"})
        job = generation.graph(iri, chosen.name)
        found = await outcomes.answer(request, job, state.pool, state.limits)
        return outcomes.response(found, headers, is_head=request.method == "HEAD")


def _graph_format(request: Request, name: str | None, formats: tuple[Format, ...]) -> Format:
    chosen = (
        named(formats, name) if name else accept.media_type(request.headers.get("accept"), offers(formats))
    )
    if chosen is None:
        raise outcomes.not_acceptable(formats)
    return chosen
