"""Time our sorted Turtle beside pyoxigraph's and rdflib's unsorted one.

Run: python benchmarks/turtle/bench.py [--triples 1000000] [--rdflib-triples 25000] [--rounds 3]
The graphs are compared before any time is taken; rdflib gets a smaller graph, as it slows down with size.
"""

from __future__ import annotations

import argparse
import random
import time
from itertools import islice
from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from nutgraf.dataset.store import Dataset
from nutgraf.publish.turtle import turtle
from nutgraf.terms.vocabulary import NUT, OA, PREFIXES, RDF_TYPE, SCHEMA, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BASE = "https://news.example/id/"


def statements() -> Iterator[Triple]:
    """Endless articles of ten triples, the same in every run."""
    number = 0
    while True:
        number += 1
        article = NamedNode(f"{BASE}article-{number}")
        yield Triple(article, NamedNode(RDF_TYPE), NamedNode(SCHEMA + "NewsArticle"))
        for language in ("en", "fr"):
            text = f'Line {number * 7919 % 1000}: "a headline" in {language}\nof two lines'
            yield Triple(article, NamedNode(SCHEMA + "headline"), Literal(text, language=language))
        date = Literal(f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}", datatype=NamedNode(XSD + "date"))
        yield Triple(article, NamedNode(SCHEMA + "datePublished"), date)
        for entity in (number % 997, number % 1009, number % 1013):
            yield Triple(article, NamedNode(SCHEMA + "mentions"), NamedNode(f"{BASE}entity-{entity}"))
        yield Triple(article, NamedNode(OA + "start"), Literal(number))
        yield Triple(article, NamedNode(NUT + "sha256"), Literal(f"{number * 2654435761 % 2**32:064x}"))
        yield Triple(article, NamedNode(SCHEMA + "name"), Literal(f"Article {number}"))


def best(rounds: int, write: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        write()
        times.append(time.perf_counter() - start)
    return min(times)


def shuffled(count: int) -> list[Triple]:
    triples = list(islice(statements(), count))
    random.Random(1).shuffle(triples)  # noqa: S311
    return triples


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--triples", type=int, default=1_000_000)
    options.add_argument("--rdflib-triples", type=int, default=25_000)
    options.add_argument("--rounds", type=int, default=3)
    arguments = options.parse_args()

    triples, few = shuffled(arguments.triples), shuffled(arguments.rdflib_triples)
    graph = rdflib.Graph()
    for triple in Dataset.of(Quad(*triple) for triple in few).to_rdflib().triples((None, None, None)):
        graph.add(triple)
    written = turtle(triples, PREFIXES)
    read = {quad.triple for quad in parse(written, RdfFormat.TURTLE) if isinstance(quad, Quad)}
    if read != set(triples) or turtle(triples[::-1], PREFIXES) != written:
        raise SystemExit("our Turtle is not the same graph, or not the same text for another order")

    def oxigraph() -> object:
        return serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)

    speed = {
        "nutgraf, sorted": len(triples) / best(arguments.rounds, lambda: turtle(triples, PREFIXES)),
        "pyoxigraph, as it comes": len(triples) / best(arguments.rounds, oxigraph),
        "nutgraf, rdflib's graph": len(few) / best(arguments.rounds, lambda: turtle(few, PREFIXES)),
        "rdflib": len(few) / best(arguments.rounds, lambda: graph.serialize(format="turtle")),
    }
    for name, rate in speed.items():
        print(f"{name:24} {rate / 1000:8.0f} thousand triples/s  {rate / speed['rdflib']:6.1f} x rdflib")


if __name__ == "__main__":
    main()
