"""IRIs that answer: a thing's IRI leads to a document about it, which the client chooses.

An IRI names a thing, and a thing cannot be sent: the answer is 303 and the address of a document, a page or
data. Where a request names a document, by an extension, it gets that one. Addresses are relative, so a
server may answer for the workspace's base on any host.

Source: https://www.w3.org/TR/cooluris/#r303gendocument
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from nutgraf.serve import accept, outcomes
from nutgraf.serve.documents import Document, Documents
from nutgraf.serve.formats import HTML, Format, named, offers
from nutgraf.serve.generation import Generation
from nutgraf.serve.requests import not_allowed
from nutgraf.serve.state import state_of

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The content security policy of the site's pages."""

_MAKING: Final = asyncio.Semaphore(2)


async def document(request: Request) -> Response:
    """Answer with a document, or with the way to one."""
    if request.method not in {"GET", "HEAD"}:
        raise not_allowed("GET, HEAD, OPTIONS")
    path = request.scope["path"].removeprefix("/")
    with state_of(request).live.current.lease() as generation:
        documents = generation.documents
        asked = request.query_params.get("format")
        language = accept.language(request.headers.get("accept-language"), documents.languages)
        if path in documents:
            if asked and path.endswith(".html"):
                stem = documents.neutral(path).removesuffix(".html")
                return negotiate(request, documents.variants(stem, language), asked)
            return await _send(request, generation, path)
        if not path and language != documents.languages[0]:
            return see(request, f"{language}/", vary="Accept-Language", status=HTTPStatus.FOUND)
        if not path or path.endswith("/"):
            return await _send(request, generation, f"{path}index.html")
        return await thing(request, documents, language, asked)


async def thing(request: Request, documents: Documents, language: str, asked: str | None) -> Response:
    """Answer for the IRI of a thing: with the way to the document that the client likes best.

    Raises:
        RefusalError: SRV204 it likes none; SRV211 nothing is said of it.
    """
    path = str(request.url.path).removeprefix("/")
    about = await run_in_threadpool(documents.about, path)
    variants = documents.variants(about[0], language) if about else {}
    if not about or not variants:
        raise _nothing(path)
    return negotiate(request, variants, asked, about[1])


def negotiate(
    request: Request, variants: dict[Format, str], asked: str | None, fragment: str = ""
) -> Response:
    """The way to the document that the client likes best.

    Args:
        request: what the client likes.
        variants: format → path of a document.
        asked: what `?format=` names; it goes before the `Accept` header.
        fragment: the thing's place on the page, with "#"; empty where the page is all about it.
    """
    if asked:
        chosen = named(variants, asked)
    else:
        chosen = accept.media_type(request.headers.get("accept"), offers(variants))
    links, vary = _alternates(request, variants), "Accept, Accept-Language"
    if chosen is None:
        refusal = outcomes.not_acceptable(tuple(variants))
        refusal.headers |= {"Vary": vary, "Link": links}
        raise refusal
    return see(request, variants[chosen], fragment if chosen is HTML else "", vary=vary, links=links)


def see(
    request: Request,
    path: str,
    fragment: str = "",
    *,
    vary: str,
    links: str = "",
    status: HTTPStatus = HTTPStatus.SEE_OTHER,
) -> Response:
    """Send the client to another address of this server.

    Args:
        request: where the client is.
        path: where to go, below the server's root.
        fragment: with "#", or empty.
        vary: the headers that decided.
        links: a `Link` header, or empty.
        status: of the response.
    """
    headers = {"Location": f"{reference(request, path)}{fragment}", "Cache-Control": "no-cache", "Vary": vary}
    headers |= {"Link": links} if links else {}
    return Response(status_code=status, headers=headers)


def reference(request: Request, path: str) -> str:
    """A path below the server's root, relative to the request: so it holds below any prefix of a proxy's.

    Source: RFC 9110 §10.2.2, https://www.rfc-editor.org/rfc/rfc9110#name-location
    """
    up = "../" * (request.url.path.count("/") - 1)
    return f"{up}{quote(path)}" or "./"


async def _send(request: Request, generation: Generation, path: str) -> Response:
    found = generation.documents.kept(path)
    if found is None:
        # A few at a time: they share one interpreter, and the first are done sooner than all together.
        async with _MAKING:
            found = await run_in_threadpool(generation.documents.make, path)
    if found is None:
        raise _nothing(path)
    headers = _headers(request, generation.documents, path, found)
    if is_known(request, found.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Length"] = str(len(found.body))
    body = b"" if request.method == "HEAD" else found.body
    return Response(body, headers={**headers, "Content-Type": found.content_type})


def _headers(request: Request, documents: Documents, path: str, found: Document) -> dict[str, str]:
    headers = {"ETag": found.etag, "Cache-Control": "no-cache"}
    about = documents.neutral(path).rpartition(".")[0]
    others = {each: other for each, other in documents.variants(about).items() if other != path}
    if others and not path.startswith("assets/"):
        headers["Link"] = _alternates(request, others)
    if found.language:
        headers["Content-Language"] = found.language
        headers["Content-Security-Policy"] = PAGE_POLICY
    return headers


def _alternates(request: Request, variants: dict[Format, str]) -> str:
    """The `Link` header that names the other documents about the same thing.

    Source: RFC 8288 §3, https://www.rfc-editor.org/rfc/rfc8288#section-3
    """
    return ", ".join(
        f'<{reference(request, path)}>; rel="{"alternate" if each is HTML else "alternate describedby"}"; '
        f'type="{each.media_types[0]}"'
        for each, path in variants.items()
    )


def _nothing(path: str) -> Exception:
    return outcomes.absent(
        "nothing is known at this address",
        why=f"there is neither a document nor a thing /{path[:200]}",
        fix="begin at /",
    )


def is_known(request: Request, etag: str) -> bool:
    """Whether the client says that it has that representation.

    Source: RFC 9110 §13.1.2, https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
    """
    header = request.headers.get("if-none-match", "")
    return header.strip() == "*" or etag in {each.strip().removeprefix("W/") for each in header.split(",")}
