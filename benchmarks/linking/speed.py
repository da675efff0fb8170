"""Build and lookups per second at a million names, beside csv-reconcile, datasette-reconcile, plain SQLite.

    python -m venv peers && peers/bin/pip install csv-reconcile datasette datasette-reconcile
    python benchmarks/linking/speed.py names.tsv.gz --peers peers/bin

The names of the data are repeated with made-up second words until there are a million. Queries are names of
the index, and the same with one letter left out. Peers are asked over HTTP, as they are used; so are we.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import resource
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from nutgraf.reconcile.authority.build import Source, build
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.items import Query
from nutgraf.reconcile.reconciliation.server import Server

SYLLABLES = "ba be bo da de do ga ka la le lo ma me mo na no ra ri ro sa se so ta te to va vi zo".split()
SHORTEST = 6
PATIENCE_S = 20.0
STARTING_S = 600.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", type=Path)
    parser.add_argument("--names", dest="number", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="folder with the programs csv-reconcile and datasette")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), arguments.names, arguments.number, arguments.peers)


def run(folder: Path, names: Path, number: int, peers: Path | None) -> None:
    rows = made(names, number)
    with (folder / "names.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerows([("qid", "name"), *rows])
    start = time.perf_counter()
    manifest = build([Source(folder / "names.tsv", "names.tsv")], folder / "names.sqlite")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = (folder / "names.sqlite").stat().st_size / 1e6
    print(f"{manifest.names:,} distinct names of {manifest.items:,} items: built in {seconds:.0f} s,")
    print(f"peak {peak:.0f} MB of memory with this script's own rows, {size:.0f} MB on disk\n")
    draw = random.Random(0)  # noqa: S311  # not for secrets
    exact = [name for _, name in draw.sample(rows, 20_000)]
    fuzzy = [
        typo(name, draw) for _, name in draw.sample([row for row in rows if len(row[1]) > SHORTEST], 2_000)
    ]
    print("| | exact /s | n | one letter missing /s | n | found |\n|---|---:|---:|---:|---:|---:|")
    with Authority.open(folder / "names.sqlite") as index:
        show("nutgraf, in process", index.lookup, lambda name: index.search(Query((name,))), exact, fuzzy)
        with served(index) as url:
            ask = asker(url)
            show("nutgraf, over HTTP", ask, ask, exact, fuzzy)
    plain = sqlite3.connect(folder / "plain.db")
    plain.execute("CREATE TABLE items(qid TEXT, label TEXT)")
    plain.executemany("INSERT INTO items VALUES (?, ?)", rows)
    plain.execute("CREATE INDEX label ON items(label)")
    plain.commit()
    like = "SELECT qid FROM items WHERE label LIKE ? LIMIT 10"
    show(
        "plain SQLite, = and LIKE",
        lambda name: plain.execute("SELECT qid FROM items WHERE label = ?", (name,)).fetchall(),
        lambda name: plain.execute(like, (f"{name[:4]}%{name[-3:]}",)).fetchall(),
        exact,
        fuzzy,
    )
    plain.close()
    if peers is not None:
        with datasette(folder, peers, rows) as url:
            show("datasette-reconcile", asker(url), asker(url), exact, fuzzy)
        with csv_reconcile(folder, peers, rows) as url:
            show("csv-reconcile", asker(url), asker(url), exact, fuzzy)


def made(names: Path, number: int) -> list[tuple[str, str]]:
    """As many (item, name) rows as asked for; the real ones first."""
    with gzip.open(names, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        real = list(dict.fromkeys((row["qid"], row["name"].strip()) for row in reader))
    draw = random.Random(1)  # noqa: S311  # not for secrets
    rows = list(real[:number])
    while len(rows) < number:
        _, name = draw.choice(real)
        word = "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))).title()
        rows.append((f"Q{900_000_000 + len(rows) // 4}", f"{name} {word}"))
    return rows


def typo(name: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1 :]


def show(
    label: str,
    exact: Callable[[str], object],
    fuzzy: Callable[[str], object],
    names: Sequence[str],
    typos: Sequence[str],
) -> None:
    rate, number, _ = measured(exact, names)
    slow_rate, slow_number, found = measured(fuzzy, typos)
    share = f"{found / slow_number:.2f}" if slow_number else "–"
    print(
        f"| {label} | {rate:,.1f} | {number:,} | {slow_rate:,.1f} | {slow_number:,} | {share} |", flush=True
    )


def measured(ask: Callable[[str], object], names: Sequence[str]) -> tuple[float, int, int]:
    """Answers per second, how many were asked in the time, and how many got anything."""
    start = time.perf_counter()
    done = found = 0
    for name in names:
        found += bool(ask(name))
        done += 1
        if time.perf_counter() - start > PATIENCE_S:
            break
    return done / (time.perf_counter() - start), done, found


def asker(url: str) -> Callable[[str], object]:
    session = requests.Session()

    def ask(name: str) -> object:
        queries = json.dumps({"q": {"query": name, "limit": 10}})
        answer = session.post(url, data={"queries": queries}, timeout=STARTING_S)
        return answer.json()["q"]["result"] if answer.ok else []

    return ask


@contextmanager
def served(index: Authority) -> Iterator[str]:
    with Server(index, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"{server.service.url}/"
        server.shutdown()


@contextmanager
def datasette(folder: Path, peers: Path, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    connection = sqlite3.connect(folder / "kb.db")
    connection.execute("CREATE TABLE items(id INTEGER PRIMARY KEY, qid TEXT, label TEXT)")
    connection.executemany("INSERT INTO items(qid, label) VALUES (?, ?)", rows)
    connection.execute(
        "CREATE VIRTUAL TABLE items_fts USING fts5(label, content='items', content_rowid='id')"
    )
    connection.execute("INSERT INTO items_fts(items_fts) VALUES ('rebuild')")
    connection.commit()
    connection.close()
    plugin = {"datasette-reconcile": {"id_field": "qid", "name_field": "label"}}
    settings = {"databases": {"kb": {"tables": {"items": {"plugins": plugin}}}}}
    (folder / "metadata.json").write_text(json.dumps(settings), encoding="utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}/kb/items/-/reconcile"
    program = str(peers.resolve() / "datasette")
    command = [program, "serve", "kb.db", "--metadata", "metadata.json", "--port", str(port)]
    with running(command, folder, url):
        yield url


@contextmanager
def csv_reconcile(folder: Path, peers: Path, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    with (folder / "items.tsv").open("w", encoding="utf-8", newline="") as file:
        file.write("qid\tlabel\n")
        seen = set()
        for qid, name in rows:
            if qid not in seen:  # it has one name an item
                seen.add(qid)
                file.write(f"{qid}\t{name}\n")
    (folder / "config.py").write_text("CSVKWARGS = {'delimiter': '\\t', 'quoting': 3}\n", encoding="utf-8")
    program = str(peers.resolve() / "csv-reconcile")
    start = time.perf_counter()
    subprocess.run(
        [program, "init", "--config", "config.py", "items.tsv", "qid", "label"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    print(f"(csv-reconcile: {len(seen):,} items, one name each, made in {time.perf_counter() - start:.0f} s)")
    url = "http://127.0.0.1:5000/reconcile"
    with running([program, "serve"], folder, url):
        yield url


@contextmanager
def running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            deadline = time.perf_counter() + STARTING_S
            while time.perf_counter() < deadline:
                try:
                    requests.get(url, timeout=STARTING_S)
                    break
                except requests.RequestException:
                    time.sleep(0.5)
            yield
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
