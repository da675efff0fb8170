"""What the tests of linking share."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from nutgraf.reconcile.authority.build import Source, build
from nutgraf.reconcile.authority.index import Authority
from tests.reconcile.stand_in import Payloads, StandIn, serving


@pytest.fixture(scope="session")
def names_index(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the shared authority data."""
    target = tmp_path_factory.mktemp("authority") / "names.sqlite"
    build([Source(shared / "authority" / "names.tsv.gz", "names.tsv.gz", licence="mixed")], target)
    return target


@pytest.fixture
def authority(names_index: Path) -> Iterator[Authority]:
    with Authority.open(names_index) as index:
        yield index


@pytest.fixture(scope="session")
def recorded(shared: Path) -> Payloads:
    return Payloads.read(shared / "wikidata")


@pytest.fixture
def payloads(recorded: Payloads) -> Payloads:
    """Recorded payloads that a test may add to; entities are replaced, never changed."""
    return Payloads(dict(recorded.entities), dict(recorded.searches))


@pytest.fixture
def wikidata(payloads: Payloads) -> Iterator[StandIn]:
    """A stand-in of Wikidata's API."""
    with serving(payloads) as server:
        yield server


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
