"""A process that answers one job after the other, within limits that the operating system keeps.

Run as `python -m nutgraf.serve.worker SETTINGS`. Jobs come on standard input and answers leave on standard
output (`jobs`). A query of pyoxigraph's cannot be interrupted, and when there is no memory left it ends its
process: so the process is what is limited, and what the server ends. It has a clock of its own, in case that
nobody is left to end it, and may not open a connection to anywhere.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
    serialize,
)

from nutgraf.dataset.sparql import evaluate, evaluation_problem
from nutgraf.problems import InputError
from nutgraf.serve.jobs import Form, Job, Reply
from nutgraf.serve.no_network import forbid_network

if TYPE_CHECKING:
    from nutgraf.dataset.store import Term

_RESULTS: Final = {
    "csv": QueryResultsFormat.CSV,
    "json": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}
_INLINE: Final = 1024 * 1024
"""Bytes of an answer that are kept in memory; a larger one goes into a file."""
_GRACE_S: Final = 5
_OPEN: Final = 2
"""Datasets that are open at a time."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker is started with.

    Attributes:
        time_s: seconds that a job may take before the process ends itself, which the server does earlier.
        memory_bytes: that jobs may take on top of what the process has when the dataset is open.
        result_bytes: the size of an answer.
        in_memory_bytes: size of the N-Quads up to which a dataset is asked in memory.
        spool: path of the file for a large answer; whoever gets the answer removes it.
    """

    time_s: float
    memory_bytes: int
    result_bytes: int
    in_memory_bytes: int
    spool: str


class _TooLargeError(Exception):
    """The answer has more bytes than it may have."""


class _Spool:
    """Keeps an answer: in memory, or in a file when it is long; refuses to grow beyond a size."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._memory = io.BytesIO()
        self._file: IO[bytes] | None = None
        self.size = 0

    @property
    def file(self) -> str:
        """Path of the file; empty when the answer is in memory."""
        return self._settings.spool if self._file else ""

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._settings.result_bytes:
            raise _TooLargeError
        if self._file is None and self.size > _INLINE:
            self._file = Path(self._settings.spool).open("wb")  # noqa: SIM115  # until close
            self._file.write(self._memory.getvalue())
        return (self._file or self._memory).write(data)

    def flush(self) -> None:
        """Nothing: nobody reads it before it is whole."""

    def close(self) -> bytes:
        """End it; what is in memory, when the answer is there."""
        if self._file:
            self._file.close()
            return b""
        return self._memory.getvalue()


def main() -> None:
    """Answer jobs until standard input ends."""
    settings = Settings(**json.loads(sys.argv[1]))
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    _limit(settings)
    worker = _Worker(settings)
    for line in jobs:
        job = Job.of_line(line)
        if job.kind != "open":
            signal.setitimer(signal.ITIMER_REAL, settings.time_s + _GRACE_S)
        worker.answer(job, answers)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(settings: Settings) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to hear; it ends us
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory(settings.memory_bytes)
    forbid_network()


def _limit_memory(more: int | None) -> None:
    """Allow so many bytes on top of what the process has now, or any number."""
    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = highest if more is None else _data_bytes() + more
    if highest != resource.RLIM_INFINITY:
        wanted = min(wanted, highest)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, highest))


def _data_bytes() -> int:
    """Bytes of writable memory that the process has now; a guess where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 128 * 1024 * 1024
    return int(status.partition("VmData:")[2].split()[0]) * 1024


class _Worker:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stores: dict[str, Store] = {}

    def answer(self, job: Job, out: IO[bytes]) -> None:
        spool = _Spool(self._settings)
        try:
            reply = self._reply(job, spool)
        except InputError as error:
            reply = Reply.of_problem(error.problems[0])
        except _TooLargeError:
            reply = Reply("large")
        except MemoryError:
            reply = Reply("memory")
        except (OSError, RuntimeError, ValueError) as error:
            reply = Reply.of_problem(evaluation_problem(error))
        body = spool.close()
        out.write(reply.line() + (body if reply.kind == "done" else b""))
        out.flush()

    def _reply(self, job: Job, spool: _Spool) -> Reply:
        if job.kind == "graph":
            return _graph(job, spool)
        if job.kind == "open":
            self._opened(job)
            return Reply("done")
        results = evaluate(
            self._opened(job),
            job.text,
            substitutions=dict(_bindings(job)),
            default_graphs=[NamedNode(iri) for iri in job.default_graphs],
            named_graphs=[NamedNode(iri) for iri in job.named_graphs],
            base_iri=job.base_iri,
        )
        form: Form
        match results:
            case QuerySolutions():
                form = "solutions"
            case QueryBoolean():
                form = "boolean"
            case _:
                form = "graph"
        name = job.formats.get(form)
        if name is None:
            return Reply("unacceptable", form)
        if isinstance(results, QuerySolutions | QueryBoolean):
            results.serialize(spool, format=_RESULTS[name])  # type: ignore[arg-type]  # all of IO that it uses
        else:
            _write(results, name, job, spool)
        return Reply("done", form, name, spool.size, spool.file)

    def _opened(self, job: Job) -> Store:
        """The store of a job's dataset; the one that was asked before stays, for who still asks it."""
        if job.store not in self._stores:
            for path in list(self._stores)[: 1 - _OPEN]:
                del self._stores[path]
            # What the dataset takes is no query's fault.
            _limit_memory(None)
            self._stores[job.store] = _open(job, self._settings.in_memory_bytes)
            _limit_memory(self._settings.memory_bytes)
        return self._stores[job.store]


def _open(job: Job, in_memory_bytes: int) -> Store:
    """In memory a small dataset is asked several times as fast as on disk."""
    if Path(job.quads).stat().st_size > in_memory_bytes:
        return Store.read_only(job.store)
    store = Store()
    store.bulk_load(path=job.quads, format=RdfFormat.N_QUADS)
    return store


def _bindings(job: Job) -> Iterator[tuple[Variable, Term]]:
    for name, text in job.bindings.items():
        # Imported here: few queries have parameters.
        from nutgraf.dataset import saved  # noqa: PLC0415

        label, term = saved.setting(f"{name} = {text}")
        yield Variable(label), term


def _graph(job: Job, spool: _Spool) -> Reply:
    """The graph of an IRI from the N-Quads, in whose lines it is the last word."""
    if not job.text:
        quads = parse(path=job.quads, format=RdfFormat.N_QUADS)
        triples = iter(dict.fromkeys(quad.triple for quad in quads))
    else:
        name = NamedNode(job.text)
        with Path(job.quads).open("rb") as file:
            ending = f" {name} .\n".encode()
            lines = b"".join(line for line in file if line.endswith(ending))
        found = [quad for quad in parse(lines, RdfFormat.N_QUADS) if quad.graph_name == name]
        if not found:
            return Reply("absent")
        triples = (quad.triple for quad in found)
    _write(triples, job.formats["graph"], job, spool)
    return Reply("done", "graph", job.formats["graph"], spool.size, spool.file)


def _write(triples: Iterator[Triple], name: str, job: Job, spool: _Spool) -> None:
    if name == "nt":
        serialize(triples, spool, format=RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
        return
    # Imported here: most queries give solutions.
    from nutgraf.publish.formats import GRAPH_FORMATS, Vocabulary  # noqa: PLC0415

    writer = GRAPH_FORMATS["rdfxml" if name == "rdf" else name]
    distinct = list(dict.fromkeys(triples))
    spool.write(writer(distinct, Vocabulary(job.prefixes, job.context)).encode())


if __name__ == "__main__":
    main()
