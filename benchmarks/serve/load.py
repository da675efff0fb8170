"""Load on `nutgraf serve`: clients on loopback that mix pages, data and SPARQL, as fast as they are answered.

    python benchmarks/serve/load.py [-w WORKSPACE] [--connections 64] [--seconds 60] [--deaths 1] [--json]

With `--deaths N`, N more clients ask queries that never end, one after the other: each must be cut off at the
limit (504), and is no error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MIX = {"page": 45, "data": 30, "iri": 10, "sparql": 15}
"""Kind of request → its share in a hundred."""
LIMIT_S = 5
MB = 1024 * 1024
QUARTERS = (1, 2, 3, 4)


@dataclass
class Seen:
    """What the clients have seen."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    failures: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)


class Connection:
    """A connection that stays open; what it reads is HTTP/1.1 with a length."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, accept: str) -> int:
        """Ask, read all of the answer, and tell its status."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=MB)
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        await reader.readexactly(length)
        if "connection: close" in head:
            self.close()
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        """Close it; the next request opens another."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


Requests = dict[str, list[tuple[str, str]]]
"""Kind → path and `Accept` of the requests there are."""


async def client(port: int, requests: Requests, seen: Seen, until: float, seed: int) -> None:
    """Ask until the time is over."""
    chance = random.Random(seed)  # noqa: S311  # the same requests each time
    connection = Connection(port)
    while time.monotonic() < until:
        kind = chance.choices(list(MIX), list(MIX.values()))[0]
        path, accept = chance.choice(requests[kind])
        began = time.monotonic()
        try:
            status = await connection.get(path, accept)
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            seen.failures.append(f"{path}: {error!r}")
            connection.close()
            continue
        seen.took[kind].append(time.monotonic() - began)
        seen.statuses[kind][status] += 1
    connection.close()


async def death(port: int, seen: Seen, until: float) -> None:
    """Ask what never ends."""
    connection = Connection(port)
    while time.monotonic() < until:
        began = time.monotonic()
        status = await connection.get(f"/sparql?query={quote_plus(ENDLESS)}", "*/*")
        seen.took["death"].append(time.monotonic() - began)
        seen.statuses["death"][status] += 1
    connection.close()


async def watch_memory(pid: int, seen: Seen, until: float) -> None:
    """Note every half second what the server and its workers take."""
    while time.monotonic() < until:
        seen.memory.append((time.monotonic(), memory_of(pid)))
        await asyncio.sleep(0.5)


def memory_of(pid: int) -> int:
    """Bytes of a process and of those that it has started; 0 where the system does not tell."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0
    found = 0
    for each in (str(pid), *children):
        try:
            status = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue  # it has ended
        found += int(status.partition("\nPss:")[2].split()[0]) * 1024
    return found


async def things(port: int) -> list[str]:
    """Paths of the things that have documents of their own."""
    query = "SELECT DISTINCT ?s { GRAPH ?g { ?s a ?type } FILTER(CONTAINS(STR(?s), '/id/')) }"
    answer = await once(port, f"/sparql?{urlencode({'query': query, 'format': 'csv'})}")
    found = {f"/id/{line.partition('/id/')[2]}" for line in answer.splitlines()[1:] if "#" not in line}
    led = [(path, await once(port, path)) for path in sorted(found)]
    return [
        path
        for path, answer in led
        if f"location: {'../' * (path.count('/') - 1)}{path[1:]}.html\r\n" in answer
    ]


async def once(port: int, path: str) -> str:
    """Head and body of the answer of a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer.decode()


def requests_of(paths: Sequence[str], queries: Path) -> Requests:
    """The requests there are about those things, and for the saved queries."""
    found: Requests = {kind: [] for kind in MIX}
    for path in paths:
        found["page"] += [(f"{path}.html", "text/html"), (f"/fr{path}.html", "text/html")]
        found["data"] += [(f"{path}.{name}", "*/*") for name in ("ttl", "nt", "jsonld", "rdf")]
        found["iri"] += [(path, accept) for accept in ("text/html", "text/turtle", "application/ld+json")]
    for file in sorted(queries.glob("*.rq")):
        if file.stem == "contradictions":  # a second of work each: `--deaths` is for that
            continue
        text = file.read_text(encoding="utf-8")
        fields = [("query", text), ("format", "json")]
        for line in text.splitlines():
            if line.startswith("# param: "):
                name, _, term = line.removeprefix("# param: ").partition(" = ")
                fields.append((f"${name}", term))
        found["sparql"].append((f"/sparql?{urlencode(fields)}", "*/*"))
    return found


async def load(port: int, pid: int, options: argparse.Namespace) -> Seen:
    """Let the clients loose."""
    seen = Seen()
    requests = requests_of(await things(port), options.workspace / "queries")
    until = time.monotonic() + options.seconds
    await asyncio.gather(
        watch_memory(pid, seen, until),
        *(client(port, requests, seen, until, number) for number in range(options.connections)),
        *(death(port, seen, until) for _ in range(options.deaths)),
    )
    return seen


def report(seen: Seen, seconds: float) -> dict[str, Any]:
    """The figures."""
    kinds = {}
    for kind, took in sorted(seen.took.items()):
        ordered = sorted(took)
        kinds[kind] = {
            "requests": len(took),
            "per_second": round(len(took) / seconds, 1),
            "p50_ms": round(ordered[len(ordered) // 2] * 1000, 1),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
            "max_ms": round(ordered[-1] * 1000, 1),
            "statuses": {str(status): number for status, number in sorted(seen.statuses[kind].items())},
        }
    expected = {"page": {200}, "data": {200}, "iri": {303}, "sparql": {200}, "death": {504}}
    wrong = {kind: sorted(set(found) - expected[kind]) for kind, found in seen.statuses.items()}
    sizes = [size for _, size in seen.memory]
    return {
        "kinds": kinds,
        "failures": seen.failures[:10],
        "errors": len(seen.failures) + sum(len(statuses) for statuses in wrong.values()),
        "memory_mb": {
            "start": round(sizes[0] / MB),
            **{f"after {each}/4": round(sizes[len(sizes) * each // 4 - 1] / MB) for each in QUARTERS},
            "highest": round(max(sizes) / MB),
        },
    }


def show(found: dict[str, Any]) -> None:
    """Print the figures as a table."""
    print("| | requests | a second | p50 ms | p99 ms | longest ms | statuses |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for kind, row in found["kinds"].items():
        statuses = ", ".join(f"{status}: {number:,}" for status, number in row["statuses"].items())
        print(
            f"| {kind} | {row['requests']:,} | {row['per_second']:,} | {row['p50_ms']} | {row['p99_ms']} "
            f"| {row['max_ms']} | {statuses} |"
        )
    print(f"\nerrors: {found['errors']} {found['failures'] or ''}")
    sizes = ", ".join(f"{name} {size}" for name, size in found["memory_mb"].items())
    print(f"memory of the server and its workers, MB: {sizes}")


def main() -> int:
    """Start a server, load it, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-w", "--workspace", type=Path, default=Path())
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--deaths", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    command = [
        sys.executable,
        "-m",
        "nutgraf",
        "serve",
        "-w",
        str(options.workspace),
        "--port",
        "0",
        "--no-log",
    ]
    with subprocess.Popen([*command, "--time", str(LIMIT_S)], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            seen = asyncio.run(load(int(line.rpartition(":")[2].strip("/\n")), server.pid, options))
        finally:
            server.send_signal(signal.SIGTERM)
    found = report(seen, options.seconds)
    if options.json:
        print(json.dumps(found))
    else:
        show(found)
    return 1 if found["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
