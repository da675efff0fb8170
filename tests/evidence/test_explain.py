"""Every statement of the output answers "who says so?"."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, Triple

import nutgraf as nutgraf_api
from nutgraf import pipeline, workspace
from nutgraf.dataset.sparql import Solutions, query
from nutgraf.dataset.store import Dataset
from nutgraf.evidence.explain import names
from nutgraf.evidence.explain.model import Explanation, Support
from nutgraf.evidence.explain.trace import Trace
from nutgraf.evidence.graph import CLASSES
from nutgraf.factsheet.check import Facts
from nutgraf.problems import InputError
from nutgraf.records import document
from tests.evidence.workspace import ROOT, facts, nutgraf

BASE = "https://nutgraf.example/"
SCHEMA = "https://schema.org/"
NUT = "https://nutgraf.example/ns#"


@pytest.fixture(scope="module")
def trace() -> Trace:
    found, validated = pipeline.trace(workspace.load(ROOT))
    assert validated, "output/ is not of the committed sheets: run nutgraf build"
    return found


@pytest.fixture(scope="module")
def everything(trace: Trace) -> list[Explanation]:
    return trace.all()


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset.load(ROOT / "output" / "dataset.nq")


def _one(trace: Trace, subject: str, predicate: str, value: str) -> Explanation:
    found = [each for each in trace.of(BASE + subject, predicate) if each.object == value]
    assert len(found) == 1, found
    return found[0]


def _terms(quad: Quad) -> tuple[str, str, str, str | None]:
    assert not isinstance(quad.subject, Triple)
    assert not isinstance(quad.object, Triple)
    language = quad.object.language if isinstance(quad.object, Literal) else None
    return quad.subject.value, quad.predicate.value, quad.object.value, language


# The whole output.


def test_every_statement_of_the_output_is_explained(everything: list[Explanation], dataset: Dataset) -> None:
    explained = {(each.subject, each.predicate, each.object, each.language) for each in everything}
    published = {_terms(quad) for quad in dataset.quads()}
    assert explained == published


def test_nothing_is_unclassified(everything: list[Explanation]) -> None:
    kinds = {support.kind for each in everything for support in each.supports}
    assert kinds == {*CLASSES, "evidence"} - {"unclassified"}
    assert all(each.supports for each in everything)


def test_each_class_gives_what_it_asks(everything: list[Explanation]) -> None:
    places = _Places(facts())
    for each in everything:
        for support in each.supports:
            places.check(each, support)


class _Places:
    """What a support must lead to, looked up in the files themselves."""

    def __init__(self, loaded: Facts) -> None:
        self._documents = {sheet.document.file: sheet.document for sheet in loaded.sheets}
        self._documents |= {register.document.file: register.document for register in loaded.registers}
        self._links = (ROOT / "seeds" / "links.sssom.tsv").read_text(encoding="utf-8").splitlines()
        self._mapping = document.read(ROOT / "mappings" / "factsheet.yml")

    def check(self, found: Explanation, support: Support) -> None:
        if support.kind == "evidence":
            return
        assert support.place
        assert support.rule
        assert support.rule.span.file == "mappings/factsheet.yml"
        assert support.rule.triples_map in self._mapping.data["mappings"]
        if support.kind == "link":
            row = self._links[support.place.line - 1].split("\t")
            assert found.object.removeprefix("http://www.wikidata.org/entity/") in row[3]
            assert found.subject.removeprefix(f"{BASE}id/") in row[0]
            return
        assert support.record
        steps = tuple(int(step) if step.isdigit() else step for step in support.record[1:].split("/"))
        span = self._documents[support.place.file].span(*steps)
        assert (span.line, span.column) == (support.place.line, support.place.column)
        is_register = support.kind == "register"
        assert support.place.file.startswith("seeds/e" if is_register else f"seeds/{support.article}.")
        if support.kind in {"stated", "derived"}:
            assert support.words
            assert support.modality
        if support.kind == "derived":
            assert support.derivation
            assert support.derivation.inputs


def test_the_saved_evidence_agrees(everything: list[Explanation], dataset: Dataset) -> None:
    """SPARQL over the annotations of the output gives the same words for every statement."""
    found = query(
        dataset,
        """SELECT ?statement ?article ?start ?end WHERE {
          ?says oa:hasBody ?statement ; oa:hasTarget ?span .
          ?statement a rdf:Statement .
          ?span oa:hasSource ?article ; oa:hasSelector ?selector .
          ?selector oa:start ?start ; oa:end ?end }""",
    )
    assert isinstance(found, Solutions)
    annotated = {
        (row[0].value, row[1].value, int(row[2].value), int(row[3].value))  # type: ignore[union-attr]
        for row in found.rows()
    }
    explained = {
        (f"{BASE}stmt/{each.id}", f"{BASE}id/{words.article}", words.start, words.end)
        for each in everything
        for support in each.supports
        for words in support.words
        if support.kind != "evidence"
    }
    assert explained == annotated


def test_the_year_2024_is_credited_to_001_alone(everything: list[Explanation]) -> None:
    dated = [
        each
        for each in everything
        if "2024" in each.object
        and "date" in (each.datatype or "")
        and not each.subject.startswith(f"{BASE}stmt/")
    ]
    assert dated
    assert {each.sources for each in dated} == {("001",)}


def test_sources_of_what_several_articles_state(trace: Trace) -> None:
    location, elected = f"{SCHEMA}location", f"{NUT}elected"
    assert _one(trace, "id/interpol-ga-92", location, f"{BASE}id/glasgow").sources == ("000", "001")
    assert _one(trace, "id/interpol-ga-93", location, f"{BASE}id/marrakech").sources == ("002", "003", "004")
    assert _one(trace, "id/interpol", f"{SCHEMA}foundingDate", "1923").sources == ("000", "001")
    election = "id/interpol-vp-africa-election"
    assert _one(trace, election, elected, f"{BASE}id/morocco").sources == ("000", "001")
    assert _one(trace, election, elected, f"{BASE}id/mohamed-dkhissi").sources == ("001",)
    hammouchi = f"{BASE}id/abdellatif-hammouchi"
    member = f"{SCHEMA}member"
    assert _one(trace, "id/dgsn-director-general", member, hammouchi).sources == ("000", "002", "003")
    assert _one(trace, "id/dgst-director-general", member, hammouchi).sources == ("000", "002", "003")
    dkhissi = f"{BASE}id/mohamed-dkhissi"
    assert _one(trace, "id/judicial-police-director", member, dkhissi).sources == ("000", "001")
    assert _one(trace, "id/ncb-rabat-head", member, dkhissi).sources == ("000", "001")


def test_copies_of_one_text_are_one_source(trace: Trace) -> None:
    same = dict.fromkeys(trace.texts, "0" * 64)
    copies = Trace(trace.connection, trace.base, trace.shapes, same, trace.files, trace.inputs)
    location = f"{SCHEMA}location"
    assert _one(copies, "id/interpol-ga-93", location, f"{BASE}id/marrakech").sources == ("002",)


def test_the_python_api_gives_the_same(trace: Trace) -> None:
    found = nutgraf_api.explain("interpol-ga-92", "location", ROOT)
    assert found == trace.of(f"{BASE}id/interpol-ga-92", f"{SCHEMA}location")
    verdicts = {fact.verdict for fact in nutgraf_api.compare(ROOT).facts}
    assert verdicts == {"agreed", "only here", "differing"}


# Asking for a node.


@pytest.mark.parametrize(
    "text",
    ["interpol", "id:interpol", "id/interpol", f"{BASE}id/interpol", f"<{BASE}id/interpol>"],
)
def test_a_node_may_be_named_in_each_way(trace: Trace, text: str) -> None:
    assert names.node(text, BASE, trace.subjects()) == f"{BASE}id/interpol"


@pytest.mark.parametrize("text", ["foundingDate", "schema:foundingDate", f"{SCHEMA}foundingDate"])
def test_a_property_may_be_named_in_each_way(trace: Trace, text: str) -> None:
    assert names.predicate(text, trace.predicates()) == f"{SCHEMA}foundingDate"


def test_a_statement_node_is_explained_as_what_it_stands_for(trace: Trace) -> None:
    found = _one(trace, "id/interpol", f"{SCHEMA}foundingDate", "1923")
    assert trace.of(f"{BASE}stmt/{found.id}") == [found]


def test_unknown_names_are_refused(trace: Trace) -> None:
    with pytest.raises(InputError, match="EXP101") as node:
        names.node("moroco", BASE, trace.subjects())
    assert node.value.problems[0].fix == 'did you mean "morocco"?'
    with pytest.raises(InputError, match="EXP102"):
        names.predicate("locatio", trace.predicates())
    with pytest.raises(InputError, match="EXP102"):
        names.predicate("a", [f"{SCHEMA}a", f"{NUT}a"])


# The command, on the workspace that `init` makes: its article is our own.


def _workspace(folder: Path) -> Path:
    assert nutgraf("init", str(folder)).returncode == 0
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new workspace, built."""
    folder = _workspace(tmp_path_factory.mktemp("explain") / "newsroom")
    assert nutgraf("build", cwd=folder).returncode == 0
    return folder


CASES = {
    "derived": ("reopening", "startDate", "--texts", "texts"),
    "speaker": ("id:harbour/claim-heart", "schema:about"),
    "register": ("ana-reyes", "name"),
    "metadata": ("harbour", "inLanguage"),
    "nothing": ("ana-reyes", "about"),
    "unknown": ("ana-reys",),
}


@pytest.mark.parametrize("name", CASES)
def test_output_of_the_command(small: Path, name: str, rewrite: bool) -> None:
    done = nutgraf("explain", *CASES[name], cwd=small)
    found = f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    expected = Path(__file__).parent / "cases" / "explain" / f"{name}.txt"
    if rewrite:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_json_has_the_same(tmp_path: Path) -> None:
    folder = _workspace(tmp_path / "newsroom")
    done = nutgraf("explain", "reopening", "startDate", "--format", "json", cwd=folder)
    found = json.loads(done.stdout)
    assert [each["object"] for each in found] == ["2024-05-02"]
    assert found[0]["validated"] is False, "nothing has been built"
    assert found[0]["supports"][0]["derivation"]["rule"] == "weekday-in-range"
    assert found[0]["supports"][0]["place"]["file"] == "seeds/harbour.yaml"
    assert "sentence" not in found[0]["supports"][0]["words"][0]
