"""IRIs that answer: a thing's IRI leads to a document about it, which the client chooses.

An IRI names a thing, and a thing cannot be sent: the answer is 303 and the address of a document, a page or
data. Where a request names a document, by an extension, it gets that one. Addresses are relative, so a
server may answer for the workspace's base on any host.

Source: https://www.w3.org/TR/cooluris/#r303gendocument
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from nutgraf.serve import accept, outcomes
from nutgraf.serve.documents import Document, Documents
from nutgraf.serve.endpoint import is_known
from nutgraf.serve.formats import HTML, Format, named, offers
from nutgraf.serve.generation import Generation
from nutgraf.serve.requests import not_allowed
from nutgraf.serve.state import state_of

PAGE_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
"""The content security policy of the site's pages."""


async def document(request: Request) -> Response:
    """Answer with a document, or with the way to one."""
    if request.method not in {"GET", "HEAD"}:
        raise not_allowed("GET, HEAD, OPTIONS")
    path = request.url.path.removeprefix("/")
    with state_of(request).live.current.lease() as generation:
        documents = generation.documents
        asked = request.query_params.get("format")
        language = accept.language(request.headers.get("accept-language"), documents.languages)
        stem = path.removesuffix(".html")
        if asked and path.endswith(".html") and path in documents:
            return _other_format(documents.variants(documents.neutral(stem), language), asked)
        if path in documents:
            return await _send(request, generation, path)
        if not path and language != documents.languages[0]:
            return _see(f"{language}/", vary="Accept-Language", status=HTTPStatus.FOUND)
        if not path or path.endswith("/"):
            return await _send(request, generation, f"{path}index.html")
        variants = documents.variants(path, language)
        if variants:
            return _negotiate(request, variants, asked)
        elsewhere = await run_in_threadpool(documents.elsewhere, path)
        if elsewhere:
            return _negotiate_elsewhere(request, documents, path, elsewhere, asked, language)
        raise _nothing(path)


def _negotiate(
    request: Request, variants: dict[Format, str], asked: str | None, fragment: str = ""
) -> Response:
    if asked:
        return _other_format(variants, asked, fragment)
    chosen = accept.media_type(request.headers.get("accept"), offers(variants))
    if chosen is None:
        refusal = outcomes.not_acceptable(tuple(variants))
        refusal.headers |= {"Vary": "Accept, Accept-Language", "Link": _alternates(variants)}
        raise refusal
    place = f"{variants[chosen]}{fragment if chosen is HTML else ''}"
    return _see(place, vary="Accept, Accept-Language", links=_alternates(variants))


def _negotiate_elsewhere(
    request: Request, documents: Documents, path: str, elsewhere: str, asked: str | None, language: str
) -> Response:
    """A thing that is described in the documents of another one, such as a fact of an article."""
    page, hash_sign, name = elsewhere.partition("#")
    about = documents.neutral(page).removesuffix(".html")
    variants = documents.variants(about, language)
    if not variants:
        raise _nothing(path)
    return _negotiate(request, variants, asked, hash_sign + name)


def _other_format(variants: dict[Format, str], asked: str, fragment: str = "") -> Response:
    chosen = named(variants, asked)
    if chosen is None:
        raise outcomes.not_acceptable(tuple(variants))
    return _see(f"{variants[chosen]}{fragment if chosen is HTML else ''}", links=_alternates(variants))


def _see(
    path: str, *, vary: str = "", links: str = "", status: HTTPStatus = HTTPStatus.SEE_OTHER
) -> Response:
    headers = {"Location": f"/{quote(path, safe='/#')}", "Cache-Control": "no-cache"}
    headers |= {"Vary": vary} if vary else {}
    headers |= {"Link": links} if links else {}
    return Response(status_code=status, headers=headers)


async def _send(request: Request, generation: Generation, path: str) -> Response:
    found = await run_in_threadpool(generation.documents.get, path)
    if found is None:
        raise _nothing(path)
    headers = _headers(generation.documents, path, found)
    if is_known(request, found.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Length"] = str(len(found.body))
    body = b"" if request.method == "HEAD" else found.body
    return Response(body, headers={**headers, "Content-Type": found.content_type})


def _headers(documents: Documents, path: str, found: Document) -> dict[str, str]:
    headers = {"ETag": found.etag, "Cache-Control": "no-cache"}
    about = documents.neutral(path).rpartition(".")[0]
    others = {each: other for each, other in documents.variants(about).items() if other != path}
    if others and not path.startswith("assets/"):
        headers["Link"] = _alternates(others)
    if found.language:
        headers["Content-Language"] = found.language
        headers["Content-Security-Policy"] = PAGE_POLICY
    return headers


def _alternates(variants: dict[Format, str]) -> str:
    """The `Link` header that names the other documents about the same thing.

    Source: RFC 8288 §3, https://www.rfc-editor.org/rfc/rfc8288#section-3
    """
    return ", ".join(
        f'</{quote(path)}>; rel="{"alternate" if each is HTML else "alternate describedby"}"; '
        f'type="{each.media_types[0]}"'
        for each, path in variants.items()
    )


def _nothing(path: str) -> Exception:
    return outcomes.absent(
        "nothing is known at this address",
        why=f"there is neither a document nor a thing /{path[:200]}",
        fix="begin at /",
    )
