"""One server for the tests that only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.serve.servers import Running, copy_of_ours, running


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's workspace, built, in a folder of its own."""
    return copy_of_ours(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="session")
def server(ours: Path) -> Iterator[Running]:
    """A server over this repository's workspace."""
    with running(ours) as found:
        yield found


@pytest.fixture
def client(server: Running) -> Iterator[httpx.Client]:
    """A client that follows no redirects and says nothing of what it accepts."""
    with httpx.Client(base_url=server.url, timeout=30) as found:
        del found.headers["accept"]
        yield found
