"""Where a triple store takes graphs: its endpoints, by the product's own layout.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/, https://www.w3.org/TR/sparql11-protocol/, and the
manuals of the products
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from nutgraf.net.address import shown
from nutgraf.problems import InputError, Problem, closest

Protocol = Literal["auto", "graph-store", "update"]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a product calls its endpoints, below the address of a server, dataset or repository.

    Attributes:
        address: what that address looks like, for people.
        graph_store: path of the Graph Store Protocol; None where it does not speak it.
        update: path of SPARQL Update.
        query: path of SPARQL queries.
        digest: whether it asks for Digest authentication.
    """

    address: str
    graph_store: str | None
    update: str
    query: str
    digest: bool = False


LAYOUTS: Final[dict[str, Layout]] = {
    "blazegraph": Layout("http://localhost:9999/blazegraph/namespace/NAME", None, "/sparql", "/sparql"),
    "fuseki": Layout("http://localhost:3030/DATASET", "/data", "/update", "/query"),
    "graphdb": Layout("http://localhost:7200/repositories/NAME", "/rdf-graphs/service", "/statements", ""),
    "oxigraph": Layout("http://localhost:7878", "/store", "/update", "/query"),
    "qlever": Layout("http://localhost:7001", "", "", ""),
    "rdf4j": Layout(
        "http://localhost:8080/rdf4j-server/repositories/NAME", "/rdf-graphs/service", "/statements", ""
    ),
    "virtuoso": Layout(
        "http://localhost:8890", "/sparql-graph-crud-auth", "/sparql-auth", "/sparql-auth", digest=True
    ),
}
"""Product → layout."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses to push to.

    Attributes:
        graph_store: of the Graph Store Protocol, graphs named by `?graph=`; None to use Update.
        update: of SPARQL Update; None where there is none.
        query: of SPARQL queries, for reading the manifest beside Update.
        digest: whether to answer with Digest authentication.
    """

    graph_store: str | None
    update: str | None = None
    query: str | None = None
    digest: bool = False


def endpoints(
    url: str,
    *,
    store: str | None = None,
    update: str | None = None,
    query: str | None = None,
    protocol: Protocol = "auto",
    digest: bool = False,
) -> Endpoints:
    """The endpoints that a user means.

    Args:
        url: with `store` the address of the server, dataset or repository; else that of the Graph Store
            Protocol; for the protocol "update" without a `store`, that of SPARQL Update.
        store: a product of `LAYOUTS`.
        update: of SPARQL Update.
        query: of SPARQL queries.
        protocol: what to use; "auto" for the Graph Store Protocol, and Update where that is not there.
        digest: whether to answer with Digest authentication.

    Raises:
        InputError: PSH101 an address is none, or has a password in it; PSH110 an endpoint is missing.
    """
    for given in (url, update, query):
        if given is not None:
            _check(given)
    if store is not None:
        found = _of(_layout(store), url, update, query, digest=digest)
    elif protocol == "update":
        found = Endpoints(None, update or url, query, digest)
    else:
        found = Endpoints(url, update, query, digest)
    if protocol == "update" or found.graph_store is None:
        if found.update is None or found.query is None:
            why = "the manifest is read by a query"
            raise InputError(Problem("PSH110", "SPARQL Update needs a query endpoint, too", why=why,
                                     fix="give --query URL, or --store"))  # fmt: skip
        return Endpoints(None, found.update, found.query, found.digest)
    if protocol == "graph-store" or found.query is None:
        return Endpoints(found.graph_store, None, None, found.digest)
    return found


def _layout(store: str) -> Layout:
    if store not in LAYOUTS:
        fix = closest(store, LAYOUTS) or f"write one of {', '.join(LAYOUTS)}, or give the endpoints"
        raise InputError(Problem("PSH110", f'no store is called "{store}"', fix=fix))
    return LAYOUTS[store]


def _of(layout: Layout, url: str, update: str | None, query: str | None, *, digest: bool) -> Endpoints:
    root = url.rstrip("/")
    return Endpoints(
        None if layout.graph_store is None else (root + layout.graph_store) or url,
        update or root + layout.update,
        query or root + layout.query,
        digest or layout.digest,
    )


def _check(url: str) -> None:
    """Refuse an address that is none; one with a password is not even shown."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _bad("an address is malformed", "write it as https://host/path") from None
    if "@" in parts.netloc:
        fix = "set NUTGRAF_PUSH_USER and NUTGRAF_PUSH_PASSWORD, and leave them out of the address"
        raise _bad("an address has a name or password in it", fix, "it would stand in logs and in `ps`")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable() or " " in url:
        raise _bad(f"this is no http or https address: {shown(url)}", "write it as https://host/path")
    if parts.fragment:
        raise _bad("an address has a fragment", "leave out what follows #")


def _bad(message: str, fix: str, why: str | None = None) -> InputError:
    return InputError(Problem("PSH101", message, why=why, fix=fix))
