"""Random shapes and data, the same for the same seed, and what two engines make of them.

`python -m tests.shapes.fuzz --pairs 10000` prints every pair on which the SQL engine and pySHACL differ,
beyond the known faults of pySHACL that `mended` mends.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from pyoxigraph import Quad, RdfFormat, Triple, parse

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.problems import InputError
from nutgraf.shapes import pyshacl_engine, reader
from nutgraf.shapes.load import canonical
from nutgraf.shapes.report import Report
from nutgraf.shapes.sql.engine import validate
from tests.shapes.mended import mended

PREFIXES = """@prefix : <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NODES = [":a", ":b", ":c", ":d", ":e", "_:x", "_:y"]
PREDICATES = [":p", ":q", ":r"]
CLASSES = [":A", ":B", ":C"]
LITERALS = """
    "one" "two" "" "tooth" "Ünï" "a b" "one"@en "one"@EN-gb "deux"@fr "due"@it "10"^^xsd:string
    1 2 "01"^^xsd:integer "x"^^xsd:integer -3 "300"^^xsd:byte "7"^^xsd:byte 1.5 "1.50"^^xsd:decimal 1.0e0
    "INF"^^xsd:double "NaN"^^xsd:double "2.5"^^xsd:float true "1"^^xsd:boolean "maybe"^^xsd:boolean
    "123456789012345678901234567890.5"^^xsd:decimal "123456789012345678901234567890.4"^^xsd:decimal
    "2024-02-29"^^xsd:date "2023-02-29"^^xsd:date "2024-1-5"^^xsd:date "2024-03-01Z"^^xsd:date
    "2024-01-01T00:00:00"^^xsd:dateTime "2024-01-01T00:00:00Z"^^xsd:dateTime
    "2024-01-01T00:00:00.5+01:00"^^xsd:dateTime "2024-13-01T00:00:00"^^xsd:dateTime
    "2024"^^xsd:gYear "2025"^^xsd:gYear "--11-24"^^xsd:gMonthDay "x"^^:type
""".split("\n")
DATATYPES = """xsd:string xsd:integer xsd:byte xsd:decimal xsd:double xsd:float xsd:boolean xsd:date
    xsd:dateTime rdf:langString xsd:gYear :type""".split()
BOUNDS = """1 2 1.5 1.0e0 "one" "2024-02-29"^^xsd:date "2024-01-01T00:00:00Z"^^xsd:dateTime
    "123456789012345678901234567890.45"^^xsd:decimal true""".split()
RANGES = "minInclusive maxInclusive minExclusive maxExclusive".split()
LANGUAGES = ['"en"', '"fr" "de"', '"it"']
KINDS = "sh:IRI sh:BlankNode sh:Literal sh:BlankNodeOrIRI sh:BlankNodeOrLiteral sh:IRIOrLiteral".split()
PATTERNS = [
    ("^t", ""),
    ("O", "i"),
    ("^[a-z]+$", ""),
    (r"^\\d+$", ""),
    (r"\\w\\s\\w", ""),
    ("(?=o)", ""),
    ("n.$", "s"),
]


def _literals() -> list[str]:
    text = " ".join(LITERALS)
    found: list[str] = []
    while text := text.strip():
        if text.startswith('"'):
            end = text.index('"', 1) + 1
            rest = text[end:].split(" ", 1)
            found.append(text[:end] + rest[0])
            text = rest[1] if len(rest) > 1 else ""
        else:
            first, _, text = text.partition(" ")
            found.append(first)
    return found


VALUES = _literals()


@dataclass
class Pair:
    """A shapes graph and a data graph, in Turtle."""

    seed: int
    shapes: str
    data: str


@dataclass
class _Maker:
    random: random.Random
    blocks: list[str] = field(default_factory=list)
    depth: int = 0

    def some(self, items: list[str]) -> str:
        return self.random.choice(items)

    def value(self) -> str:
        return self.some(VALUES) if self.random.random() < 0.6 else self.some(NODES[:5])

    def path(self, depth: int = 0) -> str:
        kind = self.random.random()
        if depth > 2 or kind < 0.5:
            return self.some(PREDICATES)
        inner = self.path(depth + 1)
        other = self.path(depth + 1)
        forms = [
            f"[ sh:inversePath {self.some(PREDICATES)} ]",  # of a sequence, pySHACL has the order wrong
            f"( {inner} {other} )",
            f"[ sh:alternativePath ( {inner} {other} ) ]",
            f"[ sh:zeroOrMorePath {inner} ]",
            f"[ sh:oneOrMorePath {inner} ]",
            f"[ sh:zeroOrOnePath {inner} ]",
        ]
        return self.some(forms)

    def node_shape(self) -> str:
        return self._named(self.constraints(pathed=False))

    def property_shape(self) -> str:
        return self._named([f"sh:path {self.path()}", *self.constraints(pathed=True)])

    def shape(self) -> str:
        return self.node_shape() if self.random.random() < 0.7 else self.property_shape()

    def _named(self, lines: list[str]) -> str:
        name = f":S{len(self.blocks)}"
        self.blocks.append(f"{name} " + " ;\n    ".join(lines or ["a sh:NodeShape"]) + " .\n")
        return name

    def constraints(self, *, pathed: bool) -> list[str]:
        number = self.random.randint(1, 3 if self.depth < 2 else 2)
        self.depth += 1
        made: dict[str, list[str]] = {}
        for _ in range(number):
            lines = self.constraint(pathed=pathed)
            made.setdefault(lines[0].split()[0], lines)
        self.depth -= 1
        lines = [line for group in made.values() for line in group]
        if self.random.random() < 0.05:
            lines.append("sh:deactivated true")
        if self.random.random() < 0.15:
            lines.append("sh:severity sh:Warning")
        return lines

    def constraint(self, *, pathed: bool) -> list[str]:
        flat: list[Callable[[], list[str]]] = [
            lambda: [f"sh:class {self.some(CLASSES)}"],
            lambda: [f"sh:datatype {self.some(DATATYPES)}"],
            lambda: [f"sh:nodeKind {self.some(KINDS)}"],
            lambda: [f"sh:minLength {self.random.randint(1, 5)}"],
            lambda: [f"sh:maxLength {self.random.randint(0, 5)}"],
            self.pattern,
            lambda: [f"sh:languageIn ( {self.some(LANGUAGES)} )"],
            lambda: [f"sh:{self.some(RANGES)} {self.some(BOUNDS)}"],
            lambda: [f"sh:hasValue {self.value()}"],
            lambda: [f"sh:in ( {self.value()} {self.value()} {self.value()} )"],
            lambda: [f"sh:{self.some(['equals', 'disjoint'])} {self.some(PREDICATES)}"],
            lambda: ["sh:closed true", f"sh:ignoredProperties ( rdf:type {self.some(PREDICATES)} )"],
        ]
        paths: list[Callable[[], list[str]]] = [
            lambda: [f"sh:minCount {self.random.randint(0, 3)}"],
            lambda: [f"sh:maxCount {self.random.randint(0, 3)}"],
            lambda: ["sh:uniqueLang true"],
            lambda: [f"sh:{self.some(['lessThan', 'lessThanOrEquals'])} {self.some(PREDICATES)}"],
        ]
        deep: list[Callable[[], list[str]]] = [
            lambda: [f"sh:node {self.node_shape()}"],
            lambda: [f"sh:property {self.property_shape()}"],
            lambda: [f"sh:not {self.shape()}"],
            lambda: [f"sh:{self.some(['and', 'or', 'xone'])} ( {self.shape()} {self.shape()} )"],
        ]
        choices = flat[:-1] if pathed else flat
        if pathed:
            choices = choices + paths * 2
            if self.depth < 3:
                deep.append(self.qualified)
        if self.depth < 3:
            choices = choices + deep * 2
        return self.random.choice(choices)()

    def pattern(self) -> list[str]:
        pattern, flags = self.random.choice(PATTERNS)
        return [f'sh:pattern "{pattern}"', *([f'sh:flags "{flags}"'] if flags else [])]

    def qualified(self) -> list[str]:
        count = self.some(["Min", "Max"])
        disjoint = ["sh:qualifiedValueShapesDisjoint true"] if self.random.random() < 0.3 else []
        return [
            f"sh:qualifiedValueShape {self.node_shape()}",
            f"sh:qualified{count}Count {self.random.randint(0, 2)}",
            *disjoint,
        ]

    def target(self) -> str:
        forms = [
            f"sh:targetClass {self.some(CLASSES)}",
            f"sh:targetSubjectsOf {self.some(PREDICATES)}",
            f"sh:targetObjectsOf {self.some(PREDICATES)}",
            f"sh:targetNode {self.value()}",
        ]
        return self.some(forms)

    def triple(self) -> str:
        kind = self.random.random()
        subject = self.some(NODES)
        if kind < 0.2:
            return f"{subject} a {self.some(CLASSES)} ."
        if kind < 0.25:
            return f"{self.some(CLASSES)} rdfs:subClassOf {self.some(CLASSES)} ."
        value = self.some(VALUES) if kind < 0.65 else self.some(NODES)
        return f"{subject} {self.some(PREDICATES)} {value} ."


def pair(seed: int) -> Pair:
    """The pair of a seed."""
    maker = _Maker(random.Random(seed))  # noqa: S311
    for _ in range(maker.random.randint(1, 2)):
        name = maker.shape()
        maker.blocks.append(f"{name} {maker.target()} .\n")
    data = "\n".join(maker.triple() for _ in range(maker.random.randint(4, 24)))
    return Pair(seed, PREFIXES + "".join(maker.blocks), PREFIXES + data)


def triples(text: str) -> list[Triple]:
    """The triples of a Turtle text, as both engines get them."""
    return canonical(quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE))


def by_sql(data: list[Triple], shapes: list[Triple], *, screened: bool = False) -> Report:
    """What the SQL engine finds."""
    with engine.connect(threads=1) as connection:
        table.create(connection, (Quad(*triple) for triple in data))
        return validate(connection, reader.read(shapes), screened=screened)


def by_pyshacl(data: list[Triple], shapes: list[Triple]) -> Report:
    """What pySHACL finds, its known faults mended."""
    with mended():
        return pyshacl_engine.validate_graph(data, shapes)


def without_messages(report: Report) -> Counter[tuple[str, ...]]:
    """The results as a multiset; the path, which the source shape has, only of closed shapes."""
    return Counter(
        (
            str(r.focus),
            str(r.path) if r.component.endswith("#ClosedConstraintComponent") else "",
            str(r.value or ""),
            str(r.source_shape),
            r.component,
            r.severity,
        )
        for r in report.results
    )


def differences(pair: Pair) -> str:
    """What the two engines do not agree on; empty when they do."""
    data, shapes = triples(pair.data), triples(pair.shapes)
    try:
        ours: Counter[tuple[str, ...]] | str = without_messages(by_sql(data, shapes))
    except InputError as error:
        ours = str(error)
    try:
        theirs: Counter[tuple[str, ...]] | str = without_messages(by_pyshacl(data, shapes))
    except Exception as error:  # noqa: BLE001
        theirs = f"{type(error).__name__}: {error}"
    if ours == theirs:
        return ""
    if isinstance(ours, str) or isinstance(theirs, str):
        return f"SQL: {ours}\npySHACL: {theirs}"
    return "\n".join(
        [f"only SQL {count}: {row}" for row, count in (ours - theirs).items()]
        + [f"only pySHACL {count}: {row}" for row, count in (theirs - ours).items()]
    )


def main() -> None:
    """Run many pairs."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pairs", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--show", type=int, default=5)
    options = arguments.parse_args()
    different: list[int] = []
    for seed in range(options.seed, options.seed + options.pairs):
        made = pair(seed)
        found = differences(made)
        if found:
            different.append(seed)
            if len(different) <= options.show:
                print(f"=== seed {seed}\n{made.shapes}\n---\n{made.data}\n---\n{found}\n", flush=True)  # noqa: T201
    print(f"{options.pairs} pairs, {len(different)} differ: {different[:50]}")  # noqa: T201


if __name__ == "__main__":
    main()
