"""Article JSON-LD side by side: documents a second, bytes, what is lost, whether order changes the bytes.

    python benchmarks/jsonld/bench.py [--documents 200] [--rounds 3]

Each document is an article of 74 triples whose three claims point at it. CPU time, best of the rounds; the
contenders take turns, so that a busy machine slows all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rdflib
from pyld import jsonld as pyld
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from nutgraf.publish.embed.splice import embed
from nutgraf.publish.jsonld import jsonld
from nutgraf.publish.page.model import PagePart
from nutgraf.publish.page.part import PageGraph
from nutgraf.publish.page.read import read_page
from nutgraf.publish.page.roots import document
from nutgraf.publish.page.tree import nested
from nutgraf.terms.vocabulary import NUT, RDF_TYPE, SCHEMA, WD, XSD

CONTEXT = json.loads(Path("ontology/context.jsonld").read_text(encoding="utf-8"))
BASE = "https://news.example/id/"
rdflib.NORMALIZE_LITERALS = False


TRIPLES = 74


def article(number: int) -> list[Triple]:  # noqa: PLR0915 - a list of what an article says
    """74 triples: an article, its author and publisher, five things, an event, three claims."""
    triples: list[Triple] = []

    def say(subject: str, predicate: str, value: Any) -> None:
        triples.append(Triple(NamedNode(BASE + subject), NamedNode(predicate), value))

    def a(subject: str, kind: str) -> None:
        say(subject, RDF_TYPE, NamedNode(SCHEMA + kind))

    def text(subject: str, name: str, words: str, language: str = "en") -> None:
        say(subject, SCHEMA + name, Literal(words, language=language))

    def link(subject: str, name: str, other: str) -> None:
        say(subject, name if "://" in name else SCHEMA + name, NamedNode(BASE + other))

    page = f"a{number}"
    a(page, "NewsArticle")
    text(page, "headline", f"Bridge {number} opens “early” & on time")
    text(page, "name", f"Bridge {number}")
    text(page, "description", "A bridge opens, and three people say what it means.")
    say(page, SCHEMA + "inLanguage", Literal("en"))
    say(page, SCHEMA + "url", NamedNode(f"https://news.example/{number}"))
    say(page, SCHEMA + "datePublished", Literal("2024-11-07", datatype=NamedNode(XSD + "date")))
    say(page, NUT + "characters", Literal("2174", datatype=NamedNode(XSD + "integer")))
    link(page, "author", "ana")
    link(page, "publisher", "paper")
    for person in ("ana", "bo"):
        a(person, "Person")
        text(person, "name", f"{person.title()} Reyes")
        text(person, "jobTitle", "reporter")
        say(person, SCHEMA + "sameAs", NamedNode(f"{WD}Q{len(person)}{number}"))
    a("paper", "NewsMediaOrganization")
    text("paper", "name", "The Paper")
    things = [f"thing-{number}-{index}" for index in range(5)]
    for index, thing in enumerate(things):
        a(thing, ("Organization", "City", "Country", "DefinedTerm", "Place")[index])
        text(thing, "name", f"Thing {index}")
        text(thing, "name", f"Chose {index}", "fr")
        say(thing, SCHEMA + "sameAs", NamedNode(f"{WD}Q{number}{index}"))
        link(page, "mentions", thing)
    event = f"event-{number}"
    a(event, "Event")
    text(event, "name", "Opening of the bridge")
    say(event, SCHEMA + "startDate", Literal("2024-11-07", datatype=NamedNode(XSD + "date")))
    say(event, NUT + "startMonthDay", Literal("--11-07", datatype=NamedNode(XSD + "gMonthDay")))
    link(event, "location", things[1])
    link(event, "organizer", things[0])
    link(page, "about", event)
    for index in range(3):
        claim = f"claim-{number}-{index}"
        a(claim, "Claim")
        text(claim, "abstract", f"The bridge is the best of all {index}.")
        link(claim, "appearance", page)
        link(claim, "author", "bo")
        link(claim, "about", event)
        say(claim, NUT + "voice", NamedNode(f"{NUT}SourceVoice"))
    for predicate in ("isPartOf", "spatialCoverage"):
        link(page, predicate, things[4])
    text(page, "alternateName", "Bridge story")
    text(page, "alternativeHeadline", "A bridge for the town")
    assert len(triples) == TRIPLES
    return triples


def ours_full(triples: list[Triple]) -> str:
    return jsonld(triples, CONTEXT)


def part_of(triples: list[Triple]) -> PagePart:
    root = next(triple.subject for triple in triples if "NewsArticle" in str(triple.object))
    return PageGraph(triples, "en").part(root)  # type: ignore[arg-type]


def ours_page(triples: list[Triple]) -> str:
    return json.dumps(nested(part_of(triples)))


def _expanded(triples: list[Triple]) -> Any:
    nquads = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    return pyld.from_rdf(nquads, {"format": "application/n-quads"})


def pyld_frame(triples: list[Triple]) -> str:
    root = next(str(t.subject.value) for t in triples if "NewsArticle" in str(t.object))  # type: ignore[union-attr]
    return json.dumps(pyld.frame(_expanded(triples), {**CONTEXT, "@id": root}))


def pyld_compact(triples: list[Triple]) -> str:
    return json.dumps(pyld.compact(_expanded(triples), CONTEXT))


def rdflib_jsonld(triples: list[Triple]) -> str:
    graph = rdflib.Graph()
    graph.parse(data=(serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode(), format="nt")
    return str(graph.serialize(format="json-ld", context=CONTEXT["@context"]))


def oxigraph(triples: list[Triple]) -> str:
    return (serialize((Quad(*triple) for triple in triples), format=RdfFormat.JSON_LD) or b"").decode()


CONTENDERS: dict[str, Callable[[list[Triple]], str]] = {
    "nutgraf, full": ours_full,
    "nutgraf, page": ours_page,
    "pyoxigraph, expanded": oxigraph,
    "PyLD, frame": pyld_frame,
    "PyLD, compact": pyld_compact,
    "rdflib": rdflib_jsonld,
}


def kept(text: str, triples: list[Triple]) -> int:
    """How many of the triples are read back."""
    if '"@context": "https://schema.org"' in text:
        return len(set(triples) & set(read_page(text)))
    found = {quad.triple for quad in parse(text, RdfFormat.JSON_LD) if isinstance(quad, Quad)}
    return len(found & set(triples))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=200)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    graphs = [article(number) for number in range(chosen.documents)]
    shuffled = [random.Random(number).sample(graph, len(graph)) for number, graph in enumerate(graphs)]  # noqa: S311
    best = dict.fromkeys(CONTENDERS, float("inf"))
    for _ in range(chosen.rounds):
        for name, write in CONTENDERS.items():
            some = graphs if name.startswith(("nutgraf", "pyox")) else graphs[: len(graphs) // 5]
            start = time.process_time()
            for graph in some:
                write(graph)
            best[name] = min(best[name], (time.process_time() - start) / len(some))
    print(f"{'':22} {'documents/s':>11} {'bytes':>7} {'triples kept':>12}  same bytes when shuffled")
    for name, write in CONTENDERS.items():
        text = write(graphs[0])
        pairs = zip(graphs[:9], shuffled[:9], strict=True)
        same = all(write(graph) == write(other) for graph, other in pairs)
        print(
            f"{name:22} {1 / best[name]:11,.0f} {len(text.encode()):7,} "
            f"{kept(text, graphs[0]):9} /{TRIPLES}  {'yes' if same else 'no'}"
        )
    pages(graphs[0], chosen.rounds)


def pages(triples: list[Triple], rounds: int) -> None:
    row = b'<p class="text">The <b>bridge</b> opens &amp; closes, says <a href="/ana">Ana</a>.</p>\n'
    head = b"<!doctype html>\n<html lang=en><head><meta charset=utf-8><title>a</title></head><body>\n"
    page = head + row * (90_000 // len(row)) + b"</body></html>"
    written = document(part_of(triples))
    for name, html in (("LF", page), ("CRLF", page.replace(b"\n", b"\r\n"))):
        best = float("inf")
        for _ in range(rounds):
            start = time.process_time()
            for _ in range(50):
                embed(html, written)
            best = min(best, (time.process_time() - start) / 50)
        print(f"embed, {len(html) / 1000:.0f} kB {name:4}    {1 / best:11,.0f} pages/s")


if __name__ == "__main__":
    main()
