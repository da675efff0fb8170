"""A rebuild is taken up without a restart and without a moment's outage."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Self

import httpx
import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad

from nutgraf.cli import serve
from nutgraf.problems import InputError
from tests.serve.servers import ROOT, Running, copy_of_ours, running, workspace_of, write_output

BEFORE, AFTER = "The Moroccan body of that name.", "The body in Morocco of that name."
DESCRIBED = "SELECT ?d { <https://nutgraf.example/id/dgsn> schema:description ?d }"
SEEN_S = 60
BUILDS = 1


class Hammer:
    """Clients that ask without a pause, and note whatever is not as it should be."""

    def __init__(self, server: Running, paths: list[str], number: int = 3) -> None:
        self.statuses: Counter[int] = Counter()
        self.errors: list[str] = []
        self._server = server
        self._paths = paths
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(number)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._server.url, timeout=60) as client:
            while not self._stop.is_set():
                for path in self._paths:
                    try:
                        response = client.get(path)
                    except httpx.HTTPError as error:
                        self.errors.append(f"{path}: {error!r}")
                        continue
                    self.statuses[response.status_code] += 1


def stores(workspace: Path) -> list[Path]:
    return list((workspace / ".nutgraf" / "serve").iterdir())


def wait_for(server: Running, text: str) -> None:
    until = time.monotonic() + SEEN_S
    while text not in httpx.get(f"{server.url}/sparql", params={"query": DESCRIBED}, timeout=60).text:
        assert time.monotonic() < until, "the rebuild is not taken up"
        time.sleep(0.1)


def test_builds_are_taken_up_while_clients_hammer(tmp_path: Path) -> None:
    workspace = copy_of_ours(tmp_path)
    register = workspace / "seeds" / "entities.yaml"
    texts = [register.read_text(encoding="utf-8")]
    texts.append(texts[0].replace(BEFORE, AFTER))
    paths = [
        "/id/dgsn.html",
        "/id/dgsn.ttl",
        f"/sparql?query={DESCRIBED}",
        "/graphs?graph=https://nutgraf.example/graph/register",
    ]
    with running(workspace) as server, Hammer(server, paths) as hammer:
        wait_for(server, BEFORE)
        first = httpx.get(f"{server.url}/id/dgsn.ttl")
        for number in range(1, BUILDS + 1):
            register.write_text(texts[number % 2], encoding="utf-8")
            command = [sys.executable, "-m", "nutgraf", "build", "-w", str(workspace)]
            subprocess.run(command, check=True, capture_output=True, cwd=workspace)
            wait_for(server, (BEFORE, AFTER)[number % 2])
        document = httpx.get(f"{server.url}/id/dgsn.ttl")
        assert AFTER in document.text
        assert AFTER in httpx.get(f"{server.url}/id/dgsn.html").text
        assert document.headers["etag"] != first.headers["etag"]
        until = time.monotonic() + SEEN_S
        while len(stores(workspace)) > 1:
            assert time.monotonic() < until, "the former builds are not removed"
            time.sleep(0.1)
    assert not hammer.errors
    assert set(hammer.statuses) == {200}
    assert hammer.statuses[200] > 50


def quads(number: int) -> list[Quad]:
    graph = NamedNode("https://example.org/graph/article/1")
    predicate = NamedNode("https://schema.org/name")
    return [
        Quad(NamedNode(f"https://example.org/id/{n}"), predicate, Literal(str(number)), graph)
        for n in range(200)
    ]


def test_an_answer_is_of_one_build(tmp_path: Path) -> None:
    """No answer mixes two builds, however fast they follow each other."""
    workspace = workspace_of(tmp_path, quads(0))
    with running(workspace) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        seen = set()
        for number in range(1, 30):
            write_output(workspace, quads(number))
            query = {"query": "SELECT DISTINCT ?n { ?s schema:name ?n }", "format": "csv"}
            rows = client.get("/sparql", params=query).text.split()[1:]
            assert len(rows) == 1
            seen.add(rows[0])
            time.sleep(0.1)
        until = time.monotonic() + SEEN_S
        while client.get("/sparql", params=query).text.split()[1:] != ["29"]:
            assert time.monotonic() < until
            time.sleep(0.1)
    assert len(seen) > 1


def test_an_output_that_is_not_whole_is_not_taken_up(tmp_path: Path) -> None:
    """A dataset that is not the manifest's is left alone: the last good build stays, until the next one."""
    workspace = workspace_of(tmp_path, quads(1))
    query = {"query": "SELECT DISTINCT ?n { ?s schema:name ?n }", "format": "csv"}
    with running(workspace) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        dataset = workspace / "output" / "dataset.nq"
        good = dataset.read_bytes()
        write_output(workspace, quads(2))
        dataset.write_bytes(good)
        time.sleep(2)
        assert client.get("/sparql", params=query).text.split() == ["n", "1"]
        write_output(workspace, quads(3))
        until = time.monotonic() + SEEN_S
        while client.get("/sparql", params=query).text.split() != ["n", "3"]:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_a_restart_finds_the_store_and_two_servers_share_it(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, quads(1))
    with running(workspace):
        made = stores(workspace)
        with running(workspace) as second:
            assert stores(workspace) == made
            assert httpx.get(f"{second.url}/sparql?query=ASK{{}}").json()["boolean"] is True
    before = (made[0] / "store").stat().st_mtime_ns
    with running(workspace):
        assert (stores(workspace)[0] / "store").stat().st_mtime_ns == before


def test_a_workspace_that_cannot_be_written_is_served(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, quads(1))
    (workspace / ".nutgraf").write_text("in the way", encoding="utf-8")
    with running(workspace) as server:
        assert httpx.get(f"{server.url}/sparql?query=ASK{{}}").status_code == 200
        assert httpx.get(f"{server.url}/id/1.ttl").status_code == 200


def test_a_folder_that_leads_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    workspace = workspace_of(tmp_path / "workspace", quads(1))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (workspace / ".nutgraf").symlink_to(elsewhere)
    with running(workspace) as server:
        assert httpx.get(f"{server.url}/sparql?query=ASK{{}}").status_code == 200
    assert not list(elsewhere.iterdir())


def run(*options: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nutgraf", "serve", "-w", str(workspace), *options]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=60)


def test_what_cannot_be_served_is_said(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, quads(1))
    with running(workspace) as server:
        taken = run("--port", str(server.port), workspace=workspace)
    assert taken.returncode == 2
    assert "SRV102 cannot listen at 127.0.0.1:" in taken.stderr
    (workspace / "output" / "dataset.nq").write_text("", encoding="utf-8")
    shutil.rmtree(workspace / ".nutgraf")
    changed = run("--port", "0", workspace=workspace)
    assert changed.returncode == 2
    assert "SRV103 the output is not what its manifest tells of" in changed.stderr
    shutil.rmtree(workspace / "output")
    nothing = run("--port", "0", workspace=workspace)
    assert nothing.returncode == 2
    assert "WSP108 nothing has been built yet" in nothing.stderr


def test_the_packages_that_it_needs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace_of(tmp_path, quads(1))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="SRV101 not installed: starlette, uvicorn, jinja2"):
        CliRunner().invoke(serve.command, ["-w", str(tmp_path)], catch_exceptions=False)
