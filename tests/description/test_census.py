"""What is counted of any dataset is what Python counts of its lines, a set at a time."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from nutgraf.publish.description import dumps
from nutgraf.publish.description.census import take
from nutgraf.publish.vocabulary.read import read
from nutgraf.terms.vocabulary import RDF, RDF_TYPE, SCHEMA

BASE: Final = "https://a.example/"
OURS: Final = f"{BASE}ns#"
ID: Final = f"<{BASE}id/"
TYPE: Final = f"<{RDF_TYPE}>"
CLASSES: Final = [f"<{SCHEMA}City>", f"<{OURS}one>"]
_SUBJECTS: Final = [f"{ID}{key}>" for key in ("a", "a#part", "b", "b/c", "x")]
_PREDICATES: Final = [TYPE, TYPE, f"<{SCHEMA}name>", f"<{RDF}object>", f"<{OURS}one>"]
_TEXTS: Final = ['""', '" "', '"x"', '"x y"@en', '"x"@en', '"x\\né"', '"<x> <y> ."', '"\\""', '"2024"']
_GRAPHS: Final = [f"<{BASE}graph/{name}>" for name in ("register", "article/a", "article/b", "evidence/a")]
Quad = tuple[str, str, str, str]
Triple = tuple[str, str, str]
_QUADS: Final = st.sets(
    st.tuples(
        st.sampled_from(_SUBJECTS + CLASSES),
        st.sampled_from(_PREDICATES),
        st.sampled_from(_SUBJECTS + CLASSES + _PREDICATES + _TEXTS),
        st.sampled_from(_GRAPHS),
    ),
    max_size=40,
)
VOCABULARY: Final = f"""
<{OURS}> a <http://www.w3.org/2002/07/owl#Ontology> .
<{OURS}one> a <{RDF}Property> .
"""


@settings(max_examples=80, deadline=None)
@given(_QUADS)
def test_any_dataset_is_counted_as_a_set_is(quads: set[Quad]) -> None:
    triples = {quad[:3] for quad in quads}
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "dataset.nq"
        file.write_text("".join(sorted(f"{' '.join(quad)} .\n" for quad in quads)), encoding="utf-8")
        census = take(file, BASE)
        facts = b"".join(dumps.facts(file, BASE)).decode()
        terms = read((quad.triple for quad in parse(VOCABULARY, RdfFormat.TURTLE)), file)
    assert census.triples == len(triples)
    assert census.subjects == len({s for s, _, _ in triples})
    assert census.objects == len({o for _, _, o in triples})
    assert census.entities == len({s for s, _, _ in triples if s.startswith(ID) and "#" not in s})
    assert {f"<{each.of}>": each.number for each in census.classes} == Counter(
        o for _, p, o in triples if p == TYPE and o.startswith("<")
    )
    assert {f"<{each.of}>": each.number for each in census.properties} == Counter(p for _, p, _ in triples)
    tags = Counter(o.rpartition('"@')[2] for _, _, o in triples if o[0] == '"' and o[-1] != '"')
    assert {each.of: each.number for each in census.languages} == tags
    kinds = {(*quad[:3], quad[3].removeprefix(f"<{BASE}graph/").split("/")[0].rstrip(">")) for quad in quads}
    assert {each.name: each.triples for each in census.graphs} == Counter(kind for *_, kind in kinds)
    assert sum(each.graphs for each in census.graphs) == len({quad[3] for quad in quads})
    assert census.examples == _examples(triples)
    stated = {quad[:3] for quad in quads if "/evidence/" not in quad[3]}
    assert facts == "".join(sorted(f"{' '.join(triple)} .\n" for triple in stated))
    assert terms is not None
    (one,) = (term for term in terms.terms if term.iri == f"{OURS}one")
    shown = [(each.subject, each.predicate, each.object) for each in one.examples]
    assert (one.uses, shown) == _uses(f"<{OURS}one>", triples)


def _examples(triples: set[Triple]) -> tuple[tuple[str, str], ...]:
    """Of each class of schema.org the thing that most lead to, the largest class first."""
    times = Counter(o for _, _, o in triples if "#" not in o)
    found: dict[str, list[str]] = defaultdict(list)
    for s, p, o in triples:
        if p == TYPE and s.startswith(ID) and o.startswith(f"<{SCHEMA}"):
            found[o].append(s)
    order = sorted(found, key=lambda kind: (-len(found[kind]), kind))
    best = {kind: min(found[kind], key=lambda s: (-times[s], s)) for kind in order}
    return tuple((kind[1:-1], thing[1:-1]) for kind, thing in best.items())


def _uses(term: str, triples: set[Triple]) -> tuple[int, list[Triple]]:
    """How often a term is used, and the two shortest statements with it."""
    reified = f"<{RDF}object>"
    used = [(s, p, o) for s, p, o in triples if p == term or (o == term and p != reified)]
    return len(used), sorted(used, key=lambda t: ("#" in t[0], len(t[0]) + len(t[2]), t))[:2]


def test_a_line_longer_than_what_is_read_at_once_stays_whole(tmp_path: Path) -> None:
    file = tmp_path / "dataset.nq"
    long = "é" * 5_000_000
    lines = [f'{ID}{number:06}> <{SCHEMA}name> "{"y" * 99}" .\n' for number in range(80_000)]
    lines.insert(40_000, f'{ID}039999x> <{SCHEMA}name> "{long}" .\n')
    file.write_text("".join(lines), encoding="utf-8")
    census = take(file, BASE)
    assert (census.triples, census.entities, census.objects) == (80_001, 80_001, 2)
    assert b"".join(dumps.facts(file, BASE)).decode() == "".join(lines)
