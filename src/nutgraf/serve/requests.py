"""Read a request of the SPARQL 1.1 Protocol.

Source: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.requests import Request

from nutgraf.problems import Problem
from nutgraf.serve.refusals import RefusalError

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_FORM: Final = "application/x-www-form-urlencoded"
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([\w.:-]+)"?', re.IGNORECASE)
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.*")
_MOST_FIELDS: Final = 1000


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """What a client asks.

    Attributes:
        query: the query's text; None where there is none, which asks for the service description.
        default_graphs: IRIs of `default-graph-uri`.
        named_graphs: IRIs of `named-graph-uri`.
        format: what `format` names, which goes before the `Accept` header; an extension of ours.
        bindings: variable → term as in Turtle, of fields `$name`; an extension of ours.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    bindings: dict[str, str] = field(default_factory=dict)


async def read(request: Request) -> QueryRequest:
    """What a request asks.

    Raises:
        RefusalError: SRV201 not as the protocol says; SRV202 it wants to change data; SRV203 the method;
            SRV206 the media type of its body.
    """
    fields = parse_fields(request.scope["query_string"].decode("latin-1"))
    query: str | None = None
    match request.method:
        case "GET" | "HEAD":
            pass
        case "POST":
            content_type = request.headers.get("content-type", "")
            kind = content_type.partition(";")[0].strip().lower()
            if kind == _QUERY:
                query = await _text(request, content_type)
            elif kind == _FORM:
                fields += parse_fields(await _text(request, content_type))
            elif kind == _UPDATE:
                raise _update()
            else:
                raise RefusalError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _media_type(kind))
        case _:
            raise not_allowed(_METHODS)
    if any(name == "update" for name, _ in fields):
        raise _update()
    return _query_request(fields, query)


def _query_request(fields: Sequence[tuple[str, str]], query: str | None) -> QueryRequest:
    queries = [value for name, value in fields if name == "query"] + ([] if query is None else [query])
    if len(queries) > 1:
        raise invalid("there is more than one query", fix="send them one after the other")
    formats = [value for name, value in fields if name == "format"]
    return QueryRequest(
        queries[0] if queries else None,
        graphs(fields, "default-graph-uri"),
        graphs(fields, "named-graph-uri"),
        formats[-1] if formats else None,
        {name[1:]: value for name, value in fields if name.startswith("$") and name[1:].isidentifier()},
    )


def graphs(fields: Iterable[tuple[str, str]], field_name: str) -> tuple[str, ...]:
    """The IRIs of all fields of a name.

    Raises:
        RefusalError: SRV201, one of them is no absolute IRI.
    """
    found = tuple(value for name, value in fields if name == field_name)
    for value in found:
        check_iri(value, field_name)
    return found


def check_iri(value: str, field_name: str) -> None:
    """Refuse what is no absolute IRI.

    Raises:
        RefusalError: SRV201.
    """
    try:
        NamedNode(value)
        is_absolute = _IRI.fullmatch(value) is not None
    except ValueError:
        is_absolute = False
    if not is_absolute:
        raise invalid(f'"{field_name}" is no absolute IRI', fix="percent-encode it once, as a whole")


def parse_fields(text: str) -> list[tuple[str, str]]:
    """The fields of a query string or a form.

    Raises:
        RefusalError: SRV201, it is not UTF-8 or has too many fields.

    Source: https://url.spec.whatwg.org/#urlencoded-parsing
    """
    try:
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS, separator="&"
        )
    except UnicodeDecodeError as error:
        raise invalid("the fields are not UTF-8", fix="percent-encode UTF-8") from error
    except ValueError as error:
        raise invalid("there are too many fields", fix=f"send at most {_MOST_FIELDS}") from error


def invalid(message: str, *, why: str | None = None, fix: str | None = None) -> RefusalError:
    """SRV201, 400: the request is not as the protocol says."""
    return RefusalError(HTTPStatus.BAD_REQUEST, Problem("SRV201", message, why=why, fix=fix))


def not_allowed(methods: str) -> RefusalError:
    """SRV203, 405: the method is not one of those."""
    problem = Problem("SRV203", "the method is not allowed here", fix=f"use one of {methods}")
    return RefusalError(HTTPStatus.METHOD_NOT_ALLOWED, problem, {"Allow": methods})


async def _text(request: Request, content_type: str) -> str:
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        problem = Problem("SRV206", "the body is not in UTF-8", fix="send UTF-8")
        raise RefusalError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, problem)
    try:
        return (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise invalid("the body is not UTF-8", fix="send UTF-8") from error


def _update() -> RefusalError:
    problem = Problem(
        "SRV202",
        "this service answers queries and changes nothing",
        why="what it serves is what `nutgraf build` wrote",
        fix="change the fact sheets and build; the server takes the new data up by itself",
    )
    return RefusalError(HTTPStatus.FORBIDDEN, problem)


def _media_type(kind: str) -> Problem:
    return Problem(
        "SRV206",
        f'a body of media type "{kind[:60]}" is not understood' if kind else "the body has no media type",
        fix=f"send {_QUERY} or {_FORM}",
    )
