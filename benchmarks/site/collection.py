"""Make a built collection of synthetic articles: `python benchmarks/site/collection.py ARTICLES DIR`.

Seeded: the same numbers give the same bytes. A tenth as many shared people, bodies and places as articles,
an event and a claim for every fourth article; each stated fact has its evidence, as a build writes it.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
BASE: Final = "https://bench.example/"
SCHEMA: Final = "https://schema.org/"
NUT: Final = "https://nutgraf.example/ns#"
OA: Final = "http://www.w3.org/ns/oa#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_WORDS: Final = "harbour bridge council river school market train strike vote museum storm bakery".split()


def main() -> None:
    """Write the workspace."""
    articles, folder = int(sys.argv[1]), Path(sys.argv[2])
    (folder / "output").mkdir(parents=True)
    (folder / "ontology").mkdir()
    (folder / "nutgraf.toml").write_text(
        f'title = "{articles} articles"\nbase = "{BASE}"\n', encoding="utf-8"
    )
    for name in ("context.jsonld", "vocabulary.ttl"):
        shutil.copy(ROOT / "ontology" / name, folder / "ontology" / name)
    lines = sorted(set(_lines(articles)))
    (folder / "output" / "dataset.nq").write_text("".join(lines), encoding="utf-8")
    print(f"{articles} articles, {len(lines)} quads in {folder}")


def _lines(articles: int) -> Iterator[str]:
    shared = max(10, articles // 10)
    for number in range(shared):
        kind = ("Person", "Organization", "City")[number % 3]
        yield from _fact(f"shared-{number}", "a", SCHEMA + kind, "register")
        yield from _fact(f"shared-{number}", "name", f'"{_name(number)}"@en', "register")
    for number in range(articles):
        yield from _article(number, shared)


def _article(number: int, shared: int) -> Iterator[str]:
    chance = random.Random(number)  # noqa: S311 - nothing is secret
    key, graph = f"a{number}", f"article/a{number}"
    name = f"<{BASE}graph/{graph}>"
    yield f"{name} <http://www.w3.org/ns/prov#wasDerivedFrom> <{BASE}id/{key}> {name} .\n"
    yield from _fact(key, "a", f"{SCHEMA}NewsArticle", graph)
    yield from _fact(key, "name", f'"{_name(number)} {number}"@en', graph)
    yield from _fact(key, "inLanguage", '"en"', graph)
    at = 0
    for other in chance.sample(range(shared), 4):
        at += 40
        yield from _stated(key, key, "mentions", f"<{BASE}id/shared-{other}>", at)
    if number % 4 == 0:
        event, claim = f"{key}/event", f"{key}/claim"
        who, where = (f"<{BASE}id/shared-{chance.randrange(shared)}>" for _ in range(2))
        day = f'"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"^^<{XSD}date>'
        for subject, predicate, value in (
            (event, "a", f"<{SCHEMA}Event>"),
            (event, "name", f'"{_name(number + 7)} day"@en'),
            (event, "startDate", day),
            (event, "location", where),
            (claim, "a", f"<{SCHEMA}Claim>"),
            (claim, "abstract", f'"The {_name(number + 3)} was praised."@en'),
            (claim, "author", who),
            (claim, "about", f"<{BASE}id/{event}>"),
            (claim, "appearance", f"<{BASE}id/{key}>"),
        ):
            at += 40
            yield from _stated(key, subject, predicate, value, at)


def _name(number: int) -> str:
    return f"{_WORDS[number % 12]} {_WORDS[number // 12 % 12]} {_WORDS[number // 144 % 12]}"


def _fact(subject: str, predicate: str, value: str, graph: str) -> Iterator[str]:
    written = value if value.startswith(('"', "<")) else f"<{value}>"
    yield f"<{BASE}id/{subject}> {_property(predicate)} {written} <{BASE}graph/{graph}> .\n"


def _property(name: str) -> str:
    return f"<{RDF}type>" if name == "a" else f"<{SCHEMA}{name}>"


def _stated(article: str, subject: str, predicate: str, value: str, at: int) -> Iterator[str]:
    """A fact with its evidence: statement node, annotation, span, selector."""
    yield from _fact(subject, predicate, value, f"article/{article}")
    graph = f"<{BASE}graph/evidence/{article}> .\n"
    triple = f"<{BASE}id/{subject}> {_property(predicate)} {value} ."
    statement = f"<{BASE}stmt/{hashlib.sha256(triple.encode()).hexdigest()[:20]}>"
    annotation = f"{statement[:-1]}#{article}-{at}>"
    span, selector = (f"<{BASE}id/{article}#{name}-{at}-{at + 30}>" for name in ("span", "selector"))
    for one, property_, other in (
        (statement, f"{RDF}type", f"<{RDF}Statement>"),
        (statement, f"{RDF}subject", f"<{BASE}id/{subject}>"),
        (statement, f"{RDF}predicate", _property(predicate)),
        (statement, f"{RDF}object", value),
        (annotation, f"{RDF}type", f"<{OA}Annotation>"),
        (annotation, f"{OA}hasBody", statement),
        (annotation, f"{OA}hasTarget", span),
        (annotation, f"{NUT}modality", f"<{NUT}Actual>"),
        (span, f"{RDF}type", f"<{OA}SpecificResource>"),
        (span, f"{OA}hasSource", f"<{BASE}id/{article}>"),
        (span, f"{OA}hasSelector", selector),
        (selector, f"{RDF}type", f"<{OA}TextPositionSelector>"),
        (selector, f"{OA}start", f'"{at}"^^<{XSD}nonNegativeInteger>'),
        (selector, f"{OA}end", f'"{at + 30}"^^<{XSD}nonNegativeInteger>'),
    ):
        yield f"{one} <{property_}> {other} {graph}"


if __name__ == "__main__":
    main()
