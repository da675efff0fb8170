"""Time of a validation: the SQL engine, and pySHACL on what it can bear.

    python benchmarks/shacl/bench.py --triples 1000000
    python benchmarks/shacl/bench.py --triples 20000 --pyshacl

The corpus is the same for the same number: articles, people, bodies, places and events, one in ten with a
mistake. The shapes are 12 node shapes and 55 property shapes of SHACL Core.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from nutgraf.dataset import numbered, table
from nutgraf.engine import duckdb as engine
from nutgraf.shapes import reader
from nutgraf.shapes.load import load
from nutgraf.shapes.sql.engine import validate

SHAPES = Path(__file__).with_name("shapes.ttl")
_S = "https://schema.org/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_BROKEN = 0.1
_KINDS = ("NewsArticle", "Person", "Organization", "Place", "Event")


def corpus(triples: int) -> Iterator[str]:
    """Lines of N-Triples, about as many as asked for."""
    chance = random.Random(7)  # noqa: S311
    made = number = 0
    while made < triples:
        kind = _KINDS[number % len(_KINDS)]
        lines = list(_thing(chance, kind, number))
        if chance.random() < _BROKEN:
            _break(chance, lines)
        yield from lines
        made += len(lines)
        number += 1


def _iri(number: int) -> str:
    return f"<https://example.org/id/{number}>"


def _thing(chance: random.Random, kind: str, number: int) -> Iterator[str]:
    me = _iri(number)

    def line(name: str, value: str) -> str:
        return f"{me} <{_S}{name}> {value} .\n"

    def other(name: str) -> str:
        return _iri(chance.randrange(number // 5 + 1) * 5 + _KINDS.index(name))

    yield f"{me} {_TYPE} <{_S}{kind}> .\n"
    for language in ("en", "fr", "ar")[: chance.randint(1, 3)]:
        yield line("name", f'"{kind} {number}"@{language}')
    day = f"{chance.randint(1950, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    yield line("url", f"<https://example.org/page/{number}>")
    yield line("description", f'"about {kind} {number}"@en')
    match kind:
        case "NewsArticle":
            yield line("datePublished", f'"{day}"^^<{_XSD}date>')
            yield line("headline", f'"headline {number}"@en')
            yield line("author", other("Person"))
            yield line("publisher", other("Organization"))
            yield line("wordCount", f'"{chance.randint(100, 3000)}"^^<{_XSD}integer>')
            for name in ("Event", "Place", "Person"):
                yield line("mentions", other(name))
        case "Person":
            yield line("birthDate", f'"{day}"^^<{_XSD}date>')
            yield line("memberOf", other("Organization"))
            yield line("jobTitle", '"officer"@en')
            yield line("nationality", '"MA"')
        case "Organization":
            yield line("foundingDate", f'"{day}"^^<{_XSD}date>')
            yield line("location", other("Place"))
            yield line("member", other("Person"))
            yield line("numberOfEmployees", f'"{chance.randint(1, 9999)}"^^<{_XSD}integer>')
        case "Place":
            yield line("latitude", f'"{chance.uniform(-90, 90):.4f}"^^<{_XSD}decimal>')
            yield line("longitude", f'"{chance.uniform(-180, 180):.4f}"^^<{_XSD}decimal>')
            yield line("addressCountry", '"MA"')
        case _:
            yield line("startDate", f'"{day}"^^<{_XSD}date>')
            yield line("endDate", f'"2025-{day[5:]}"^^<{_XSD}date>')
            yield line("location", other("Place"))
            yield line("organizer", other("Organization"))
            yield line("attendee", other("Person"))


def _break(chance: random.Random, lines: list[str]) -> None:
    """One mistake: a line gone, doubled with another value, or with a value of the wrong type."""
    index = chance.randrange(1, len(lines))
    subject, predicate, _ = lines[index].split(" ", 2)
    match chance.randrange(4):
        case 0:
            del lines[index]
        case 1:
            lines.append(f'{subject} {predicate} "y" .\n')
        case 2:
            lines[index] = f'{subject} {predicate} "x" .\n'
        case _:
            lines.append(f"{subject} <{_S}unknown> <https://example.org/nowhere> .\n")


def main() -> None:
    """Write the corpus, run an engine or two, print the times."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--triples", type=int, default=1_000_000)
    arguments.add_argument("--pyshacl", action="store_true", help="also run pySHACL, and compare")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.nt"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(corpus(options.triples))
        shapes = load([SHAPES])
        with engine.connect() as connection:
            start, cpu = time.perf_counter(), time.process_time()
            table.create(connection, numbered.read(file, 0))
            loaded, loaded_cpu = time.perf_counter(), time.process_time()
            report = validate(connection, reader.read(shapes))
            done, done_cpu = time.perf_counter(), time.process_time()
        print(f"load      {loaded - start:7.2f} s wall {loaded_cpu - cpu:7.2f} s CPU")
        print(f"validate  {done - loaded:7.2f} s wall {done_cpu - loaded_cpu:7.2f} s CPU")
        print(f"results   {len(report.results)}")
        if options.pyshacl:
            from nutgraf.shapes import pyshacl_engine  # noqa: PLC0415

            triples = {quad.triple for quad in parse(file.read_bytes(), RdfFormat.N_TRIPLES)}
            start, cpu = time.perf_counter(), time.process_time()
            second = pyshacl_engine.validate_graph(triples, shapes)
            print(
                f"pySHACL   {time.perf_counter() - start:7.2f} s wall {time.process_time() - cpu:7.2f} s CPU"
            )
            rows = [sorted(r.sort_key()[:-1] for r in found.results) for found in (report, second)]
            print("the same results" if rows[0] == rows[1] else "DIFFERENT RESULTS")


if __name__ == "__main__":
    main()
