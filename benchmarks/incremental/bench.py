"""One change among many articles: validating what it touches, against validating everything.

The article of `nutgraf init` is mapped as a build maps it, and its statements are repeated under other names:
those of the article, and the evidence of some of them. Persons are shared, a person by twenty articles; one
article in a hundred has no name, one in two hundred an event that ends before it starts. Then one article
after another changes. At the end, the report must be equal to that of a full run; then the times are printed.

A build gives each statement a digest when it makes it, and so does this; what that takes has a line of its
own. With `--undigested` the table has none, and each validation makes them.

    python benchmarks/incremental/bench.py --articles 100000
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nutgraf import pipeline, workspace
from nutgraf.engine import duckdb as engine
from nutgraf.engine.statements import DIGEST
from nutgraf.shapes import run
from nutgraf.shapes.incremental import run as incremental
from nutgraf.shapes.load import load

_KEY = "harbour"
_PERSON = "ana-reyes"

# What the article states, and the evidence of the statements about one event.
_TEMPLATE = """
with chosen as (
    select subject from statements where predicate like '%#subject' and object like '%/harbour-week'
), annotation as (
    select distinct subject as node from statements
    where predicate like '%#hasBody' and object in (from chosen)
), target as (
    select distinct object as node from statements
    where predicate like '%#hasTarget' and subject in (from annotation)
), selector as (
    select distinct object as node from statements
    where predicate like '%#hasSelector' and subject in (from target)
)
from statements where graph not like '%/evidence/%' or subject in (from chosen) or subject in (from target)
    or subject in (from selector)
    or subject in (from annotation) and (predicate not like '%#hasBody' or object in (from chosen))
"""

# A statement of the template, for article number i: its key becomes a{i}, its person one that others share.
_REPEAT = """
create table statements as select * from (
select named(subject, i) as subject, subject_kind, predicate,
    case when object_kind = 'iri' then named(object, i)
        when predicate = 'https://schema.org/endDate' and i % 200 = $seed % 200 then '2024-04-28'
        when subject like '%harbour%' and (predicate like '%/name' or predicate like '%/abstract')
            then object || ' ' || hash(i, $seed) % 1000
        else object end as object,
    object_kind, datatype, language, named(graph, i) as graph, graph_kind
from template, range($articles) articles(i)
where not (i % 100 = $seed % 100 and predicate = 'https://schema.org/name' and subject like '%/id/harbour'))
"""
_DIGESTED = _REPEAT.replace("select *", f"select *, {DIGEST} as digest", 1)
_RENEW = f"update statements set digest = {DIGEST} where digest <> {DIGEST}"  # noqa: S608
_DIGESTS = f"select sum({DIGEST}) from statements"  # noqa: S608
_NAMED = f"""
create macro named(iri, i) as
    replace(replace(replace(iri, '{_KEY}', 'a' || i), '/stmt/', '/stmt/' || i || '-'),
        '{_PERSON}', 'person-' || hash(i, 7) % $people)
"""
_FULL = "everything, nothing kept"
_CHANGES = {
    "a text": "update statements set object = object || '!' where subject like '%/id/a{n}/claim-heart'"
    " and predicate like '%abstract'",
    "a name goes": "delete from statements where subject like '%/id/a{n}' and predicate like '%/name'",
    "an event is turned round": "update statements set object = '2024-01-01'"
    " where subject like '%/id/a{n}/a{n}-week' and predicate like '%/endDate'",
    "an article goes": "delete from statements where graph like '%/article/a{n}'",
}


def statements(connection: engine.Connection, articles: int, seed: int, *, digested: bool = True) -> None:
    """Make the table `statements` of many articles, as a build makes it or without digests."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "newsroom"
        subprocess.run([sys.executable, "-m", "nutgraf", "init", str(root)], check=True, capture_output=True)
        source = pipeline.statements(workspace.load(root))
        template = engine.table(
            source,
            _TEMPLATE,
        )
    engine.register(connection, "template", template)
    connection.execute(_NAMED.replace("$people", str(max(articles // 20, 1))))
    connection.execute(_DIGESTED if digested else _REPEAT, {"articles": articles, "seed": seed})
    engine.unregister(connection, "template")


@contextmanager
def measured(times: dict[str, tuple[float, float]], name: str) -> Iterator[None]:
    """Note wall-clock and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    times[name] = (time.perf_counter() - wall, time.process_time() - cpu)


def main() -> None:
    """Make the table, change it, and validate it both ways."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--articles", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--undigested", action="store_true", help="statements have no digests")
    options = arguments.parse_args()
    shapes = load(sorted((workspace.defaults() / "ontology" / "shapes").glob("*.ttl")))
    nothing: Callable[[], tuple[()]] = tuple
    times: dict[str, tuple[float, float]] = {}
    with engine.connect() as connection, tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / incremental.FILE
        statements(connection, options.articles, options.seed, digested=not options.undigested)
        (count,) = connection.execute("select count(*) from statements").fetchall()
        with measured(times, "everything, and kept for the next time"):
            first = incremental.validate(connection, shapes, nothing, kept).report
        print(f"{options.articles} articles, {count[0]} statements, {len(first.results)} results")
        print(f"{kept.stat().st_size / 2**20:.0f} MiB kept")
        for n, (name, change) in enumerate(_CHANGES.items()):
            connection.execute(change.format(n=options.articles // 2 + 1 + n))
            if not options.undigested:
                connection.execute(_RENEW)
            with measured(times, f"after a change: {name}"):
                part = incremental.validate(connection, shapes, nothing, kept)
            assert part.nodes is not None, "the change is small"
            print(f"{part.nodes} focus nodes validated again after: {name}")
        with measured(times, _FULL):
            full = run.validate(connection, shapes, nothing).report
        with measured(times, "the digests alone, in a pass of their own"):
            connection.execute(_DIGESTS).fetchall()
        assert (part.report.results, part.report.unmatched) == (full.results, full.unmatched)
        print(f"after all changes, the report is that of a full run: {len(full.results)} results")
    wall, cpu = times[_FULL]
    for name, (own_wall, own_cpu) in times.items():
        print(
            f"{name:<45} {own_wall:7.2f} s ({own_wall / wall:6.1%})"
            f", CPU {own_cpu:7.2f} s ({own_cpu / cpu:6.1%})"
        )


if __name__ == "__main__":
    main()
