"""Answers that refuse: a status, and a body that says what is wrong, why, and what to do.

The body is what the client likes of HTML, plain text and Problem Details JSON.

Source: RFC 9457, https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from nutgraf.problems import Problem
from nutgraf.serve import accept

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{status} {phrase}</title></head>
<body><h1>{phrase}</h1><p>{message}</p>{details}<p><code>{code}</code></p></body></html>
"""


class RefusalError(Exception):
    """A request that is refused.

    Attributes:
        status: of the response.
        problem: what is wrong.
        headers: of the response, besides those of its body.
    """

    def __init__(
        self, status: HTTPStatus, problem: Problem, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(problem))
        self.status = status
        self.problem = problem
        self.headers = dict(headers or {})


def response(request: Request, refusal: RefusalError) -> Response:
    """The response that tells a client of a refusal."""
    offers: dict[str, tuple[str, Callable[[RefusalError], str]]] = {
        "text/plain": ("text/plain; charset=utf-8", _text),
        "text/html": ("text/html; charset=utf-8", _html),
        "application/problem+json": ("application/problem+json", _json),
        "application/json": ("application/problem+json", _json),
    }
    chosen = accept.media_type(request.headers.get("accept"), offers)
    content_type, write = chosen or offers["text/plain"]
    headers = {"Cache-Control": "no-store", "Vary": "Accept", **refusal.headers}
    return Response(write(refusal), refusal.status, headers, content_type)


def _details(problem: Problem) -> list[tuple[str, str]]:
    at = str(problem.span).partition(":")[2] if problem.span else ""
    lines = (("line:column", at), ("why", problem.why), ("fix", problem.fix))
    return [(label, text) for label, text in lines if text]


def _text(refusal: RefusalError) -> str:
    problem = refusal.problem
    lines = [f"{problem.code} {problem.message}"]
    lines += [f"  {label}  {text}" for label, text in _details(problem)]
    return "\n".join(lines) + "\n"


def _html(refusal: RefusalError) -> str:
    details = "".join(
        f"<p>{html.escape(label)}: {html.escape(text).replace(chr(10), '<br>')}</p>"
        for label, text in _details(refusal.problem)
    )
    return _PAGE.format(
        status=refusal.status.value,
        phrase=html.escape(refusal.status.phrase),
        message=html.escape(refusal.problem.message),
        details=details,
        code=html.escape(refusal.problem.code),
    )


def _json(refusal: RefusalError) -> str:
    problem = refusal.problem
    body = {
        "title": refusal.status.phrase,
        "status": refusal.status.value,
        "detail": problem.message,
        "code": problem.code,
        **dict(_details(problem)),
    }
    return json.dumps(body, ensure_ascii=False) + "\n"
