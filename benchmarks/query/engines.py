"""The engines under test, each behind the same two methods: load a file, answer a query.

An answer is a list of rows of plain values, so that answers can be compared: IRIs and texts as they are,
numbers as numbers, moments as moments.
"""

# ruff: noqa: PLC0415 - a process imports the library of its own engine only, so that memory is that one's

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, Protocol

import requests

Rows = list[tuple[Any, ...]]


class Engine(Protocol):
    """What a run needs."""

    def load(self, file: Path) -> None: ...

    def ask(self, query: str) -> Rows: ...

    def memory(self) -> dict[str, int]:
        """Bytes: `now` and `peak`, of whichever process holds the data."""
        ...

    def disk(self) -> int: ...

    def cpu(self) -> float:
        """Seconds of processor time so far, of whichever process answers."""
        ...

    def close(self) -> None: ...


class _Here:
    """An engine in this process, in memory."""

    def memory(self) -> dict[str, int]:
        return _memory(os.getpid())

    def disk(self) -> int:
        return 0

    def cpu(self) -> float:
        return time.process_time()

    def close(self) -> None:
        pass


class Pyoxigraph(_Here):
    """pyoxigraph, in memory; the union of the graphs is the default graph."""

    def __init__(self) -> None:
        from pyoxigraph import Store

        self.store = Store()

    def load(self, file: Path) -> None:
        from pyoxigraph import RdfFormat

        self.store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)

    def ask(self, query: str) -> Rows:
        return _native(self.store.query(query, use_default_graph_as_union=True))


class PyoxigraphOnDisk(Pyoxigraph):
    """pyoxigraph with its store on disk."""

    def __init__(self) -> None:
        from pyoxigraph import Store

        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.store = Store(str(self.folder))

    def load(self, file: Path) -> None:
        super().load(file)
        self.store.flush()

    def disk(self) -> int:
        return _size(self.folder)

    def close(self) -> None:
        del self.store
        shutil.rmtree(self.folder)


class Nutgraf(_Here):
    """`nutgraf.query`: what `nutgraf query` does, with its guard against SERVICE and its own results."""

    def load(self, file: Path) -> None:
        from nutgraf.dataset.store import Dataset

        self.dataset = Dataset.load(file)
        assert self.dataset.store is not None, "it is made when it is first asked for"

    def ask(self, query: str) -> Rows:
        from nutgraf.dataset.sparql import Solutions
        from nutgraf.dataset.sparql import query as answer

        found = answer(self.dataset, query)
        if isinstance(found, Solutions):
            return [tuple(_plain(term) for term in row) for row in found.rows()]
        assert isinstance(found, list), "no query here is an ASK"
        return [tuple(_plain(term) for term in triple) for triple in found]


class Rdflib(_Here):
    """rdflib with its own store in memory."""

    store: Any = "default"

    def __init__(self) -> None:
        import rdflib

        self.graph = rdflib.Dataset(store=self.store, default_union=True)

    def load(self, file: Path) -> None:
        self.graph.parse(str(file), format="nquads")

    def ask(self, query: str) -> Rows:
        found = self.graph.query(query)
        return [tuple(_rdflib_value(term) for term in row) for row in found]


class Oxrdflib(Rdflib):
    """rdflib over oxigraph, by oxrdflib."""

    store = "Oxigraph"

    def load(self, file: Path) -> None:
        self.graph.parse(str(file), format="ox-nquads")


class _Server:
    """An engine behind SPARQL over HTTP, in a process of its own."""

    endpoint: str
    process: subprocess.Popen[bytes]

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.session = requests.Session()

    def start(self, command: list[str], endpoint: str) -> None:
        self.endpoint = endpoint
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"{command} ended at once"
            try:
                if requests.get(endpoint, params={"query": "ASK {}"}, timeout=10).ok:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        raise AssertionError(f"{command} does not answer")

    def ask(self, query: str) -> Rows:
        import pyoxigraph

        is_graph = "CONSTRUCT" in query
        accept = "application/n-triples" if is_graph else "application/sparql-results+json"
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        answer = self.session.post(self.endpoint, data=query.encode(), headers=headers, timeout=300)
        answer.raise_for_status()
        if is_graph:
            quads = pyoxigraph.parse(answer.content, pyoxigraph.RdfFormat.N_TRIPLES)
            return [tuple(_plain(term) for term in quad.triple) for quad in quads]
        return _native(pyoxigraph.parse_query_results(answer.content, pyoxigraph.QueryResultsFormat.JSON))

    def memory(self) -> dict[str, int]:
        return _memory(self.process.pid, children=True)

    def cpu(self) -> float:
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(_ticks(pid) for pid in pids) / os.sysconf("SC_CLK_TCK")

    def disk(self) -> int:
        return _size(self.folder)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


class OxigraphServer(_Server):
    """The `oxigraph` server, loaded by its own bulk loader."""

    def load(self, file: Path) -> None:
        program = str(Path(sys.executable).with_name("oxigraph"))
        data = str(self.folder / "data")
        subprocess.run(
            [program, "load", "--location", data, "--file", str(file)], check=True, capture_output=True
        )
        port = _free_port()
        self.start(
            [
                program, "serve-read-only", "--location", data, "--bind", f"127.0.0.1:{port}",
                "--union-default-graph",
            ],
            f"http://127.0.0.1:{port}/query",
        )  # fmt: skip


class NutgrafServe(_Server):
    """`nutgraf serve` over a workspace whose build made the file."""

    program = os.environ.get("NUTGRAF", str(Path(sys.executable).with_name("nutgraf")))

    def load(self, file: Path) -> None:
        workspace = self.folder / "workspace"
        subprocess.run([self.program, "init", str(workspace)], check=True, capture_output=True)
        settings = workspace / "nutgraf.toml"
        text = settings.read_text(encoding="utf-8")
        lines = [
            'base = "https://news.example/"' if line.startswith("base") else line for line in text.split("\n")
        ]
        settings.write_text("\n".join(lines), encoding="utf-8")
        (workspace / "output").mkdir(exist_ok=True)
        quads = workspace / "output" / "dataset.nq"
        with file.open("rb") as lines:
            quads.write_bytes(b"".join(sorted(set(lines))))  # as a build writes them
        outputs = {"dataset.nq": hashlib.sha256(quads.read_bytes()).hexdigest()}
        manifest = json.dumps({"triples": 0, "inputs": {}, "outputs": outputs})
        (workspace / "output" / "manifest.json").write_text(manifest, encoding="utf-8")
        port = _free_port()
        command = [self.program, "serve", "--workspace", str(workspace), "--port", str(port)]
        self.start(command, f"http://127.0.0.1:{port}/sparql")


ENGINES: Final[dict[str, type[Any]]] = {
    "rdflib": Rdflib,
    "oxrdflib": Oxrdflib,
    "pyoxigraph": Pyoxigraph,
    "pyoxigraph-disk": PyoxigraphOnDisk,
    "oxigraph-server": OxigraphServer,
    "nutgraf": Nutgraf,
    "nutgraf-serve": NutgrafServe,
}


def _native(found: Any) -> Rows:
    return [tuple(_plain(term) for term in row) for row in found]


def _plain(term: Any) -> Any:
    return _value(term.value, getattr(getattr(term, "datatype", None), "value", ""))


def _rdflib_value(term: Any) -> Any:
    return _value(str(term), str(getattr(term, "datatype", "") or ""))


def _value(text: str, datatype: str) -> Any:
    """Rdflib writes `…Z` as `…+00:00`, and engines write numbers in several ways."""
    name = datatype.rpartition("#")[2]
    if name == "dateTime":
        return dt.datetime.fromisoformat(text).timestamp()
    return float(text) if name in {"integer", "decimal", "double"} else text


def _memory(pid: int, *, children: bool = False) -> dict[str, int]:
    """Resident memory of a process, with those that it started."""
    pids = [pid, *(_children(pid) if children else ())]
    found = {"now": 0, "peak": 0}
    for each in pids:
        try:
            status = Path(f"/proc/{each}/status").read_text(encoding="ascii")
        except OSError:
            continue
        values = dict(line.split(":", 1) for line in status.splitlines())
        found["now"] += int(values.get("VmRSS", "0").split()[0]) * 1024
        found["peak"] += int(values.get("VmHWM", "0").split()[0]) * 1024
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *_children(child)]
    return found


def _ticks(pid: int) -> int:
    fields = (
        Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    )
    return int(fields[11]) + int(fields[12])


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
