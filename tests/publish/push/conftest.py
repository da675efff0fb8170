"""A store to push to, and a proxy before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nutgraf.publish.push import credentials
from tests.publish.push.oxigraph_server import Oxigraph, Proxy, oxigraph, proxy


@pytest.fixture(scope="session")
def _running() -> Iterator[Oxigraph]:
    with oxigraph() as server:
        yield server


@pytest.fixture
def store(_running: Oxigraph) -> Oxigraph:
    """An empty store."""
    _running.wipe()
    return _running


@pytest.fixture
def front(store: Oxigraph) -> Iterator[Proxy]:
    """A proxy before it."""
    with proxy(store) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (credentials.USER, credentials.PASSWORD, credentials.TOKEN):
        monkeypatch.delenv(name, raising=False)
