"""The page to write queries on: an editor where there is JavaScript, a form and a table without."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from nutgraf.serve import outcomes
from nutgraf.serve.formats import GRAPHS, SOLUTIONS
from nutgraf.serve.generation import Generation
from nutgraf.serve.refusals import RefusalError
from nutgraf.serve.requests import QueryRequest, read
from nutgraf.serve.result_table import shown
from nutgraf.serve.saved_queries import SavedQuery, load
from nutgraf.serve.state import state_of

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of this page: the editor sets styles, and has its icons in data: addresses."""
_HERE: Final = Path(__file__).parent
_FIRST: Final = """SELECT ?type (COUNT(?thing) AS ?things)
WHERE { ?thing a ?type }
GROUP BY ?type
ORDER BY DESC(?things)
"""


def routes(methods: Sequence[str]) -> list[Route | Mount]:
    """The page and what it loads."""
    return [
        Route("/query", page, methods=list(methods)),
        Route("/query/saved/{name}.rq", saved_query, methods=["GET"]),
        Mount("/query/assets", StaticFiles(directory=_HERE / "assets")),
    ]


async def page(request: Request) -> Response:
    """Answer with the page; with a query also with its answer, or with what is wrong with it."""
    state = state_of(request)
    asked = await read(request)
    with state.live.current.lease() as generation:
        saved = await run_in_threadpool(load, generation.workspace.queries)
        name = request.query_params.get("saved")
        chosen = _named(saved, name) if name else None
        status, content = HTTPStatus.OK, _content(generation, saved, asked, chosen)
        if asked.query is not None:
            try:
                content["answer"] = await _answer(request, asked, generation)
            except RefusalError as refusal:
                status, content["problem"] = refusal.status, refusal.problem
        body = await run_in_threadpool(_template().render, content)
    headers = {"Content-Security-Policy": POLICY, "Content-Language": "en", "Cache-Control": "no-cache"}
    return Response(body, status, headers, "text/html; charset=utf-8")


async def saved_query(request: Request) -> Response:
    """Answer with the file of a saved query."""
    with state_of(request).live.current.lease() as generation:
        saved = await run_in_threadpool(load, generation.workspace.queries)
    return Response(_named(saved, request.path_params["name"]).text, media_type="application/sparql-query")


def _named(saved: list[SavedQuery], name: str) -> SavedQuery:
    found = next((query for query in saved if query.name == name), None)
    if found is None:
        raise outcomes.absent("there is no saved query of that name", fix="choose one at /query")
    return found


async def _answer(request: Request, asked: QueryRequest, generation: Generation) -> dict[str, Any]:
    state = state_of(request)
    job = generation.query(
        asked.query or "",
        {"solutions": "json", "boolean": "json", "graph": "ttl"},
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        bindings=asked.bindings,
    )
    found = await outcomes.answer(request, job, state.pool, state.limits)
    formats = outcomes.FORMS[found.reply.form or "graph"]
    table = await run_in_threadpool(shown, found, generation.workspace.base, generation.prefixes)
    return {
        "shown": table,
        "downloads": [(each.title, f"sparql?{_fields(asked, each.name)}") for each in formats],
    }


def _fields(asked: QueryRequest, name: str) -> str:
    fields = [("query", asked.query or ""), ("format", name)]
    fields += [("default-graph-uri", iri) for iri in asked.default_graphs]
    fields += [("named-graph-uri", iri) for iri in asked.named_graphs]
    fields += [(f"${name}", term) for name, term in asked.bindings.items()]
    return urlencode(fields)


def _content(
    generation: Generation, saved: list[SavedQuery], asked: QueryRequest, chosen: SavedQuery | None
) -> dict[str, Any]:
    query = asked.query if asked.query is not None else chosen.text if chosen else _FIRST
    return {
        "title": generation.workspace.title,
        "saved": saved,
        "chosen": chosen,
        "query": query,
        "prefixes": generation.prefixes,
        "formats": (*SOLUTIONS, *GRAPHS),
        "bindings": asked.bindings or (chosen.parameters if chosen else {}),
        "answer": None,
        "problem": None,
    }


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("query.html")
