"""The build of the five articles, end to end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm as Algorithm
from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat, parse

from nutgraf import pipeline, workspace
from nutgraf.pipeline import BuildResult
from nutgraf.problems import ContentError
from nutgraf.publish import output
from nutgraf.publish.article import article_triples
from tests.build.workspaces import ROOT, copy, files

ARTICLES = ("000", "001", "002", "003", "004")
BASE = "https://nutgraf.example/"
SCHEMA = "https://schema.org/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildResult]:
    root = copy(tmp_path_factory.mktemp("built") / "workspace")
    return root, pipeline.build(workspace.load(root))


@pytest.fixture(scope="module")
def quads(built: tuple[Path, BuildResult]) -> list[Quad]:
    data = (built[0] / "output" / "dataset.nq").read_bytes()
    return [quad for quad in parse(data, RdfFormat.N_QUADS) if isinstance(quad, Quad)]


def canonical(triples: object) -> set[str]:
    dataset = Dataset(triples)  # type: ignore[arg-type]
    dataset.canonicalize(Algorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def triples_of(path: Path, form: RdfFormat) -> set[str]:
    return canonical(Quad(*quad.triple) for quad in parse(path.read_bytes(), form) if isinstance(quad, Quad))


def test_the_committed_output_is_what_the_sources_give(built: tuple[Path, BuildResult]) -> None:
    assert files(built[0] / "output") == files(ROOT / "output")


def test_a_second_build_changes_no_byte_and_says_so(built: tuple[Path, BuildResult]) -> None:
    root, first = built
    before = {name: (root / "output" / name).stat().st_mtime_ns for name in files(root / "output")}
    second = pipeline.build(workspace.load(root))
    forced = pipeline.build(workspace.load(root), force=True)
    after = {name: (root / "output" / name).stat().st_mtime_ns for name in files(root / "output")}
    assert before == after
    assert not second.written
    assert not forced.written
    assert second.triples == forced.triples == first.triples


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    root = copy(tmp_path / "workspace")
    for article in ARTICLES[2:]:
        (root / "seeds" / f"{article}.yaml").unlink()
    links = root / "seeds" / "links.sssom.tsv"
    links.unlink()
    pipeline.build(workspace.load(root))
    sheet = root / "seeds" / "000.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("Morocco", "The country", 1), encoding="utf-8")
    written = pipeline.build(workspace.load(root)).written
    assert "articles/001.ttl" not in written
    sheet.unlink()
    result = pipeline.build(workspace.load(root))
    assert result.removed == ("articles/000.jsonld", "articles/000.ttl")
    assert not (root / "output" / "articles" / "000.ttl").exists()


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_folder_order_and_hash_seed_give_the_same_bytes(
    tmp_path: Path, seed: str, built: tuple[Path, BuildResult]
) -> None:
    root = copy(tmp_path / f"elsewhere-{seed}", reverse=True)
    environment = os.environ | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "nutgraf", "build"]
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    assert files(root / "output") == files(built[0] / "output")


def test_every_published_statement_is_in_exactly_one_class(
    built: tuple[Path, BuildResult], quads: list[Quad]
) -> None:
    classes = dict(built[1].classes)
    print("classes of statements:", classes)  # noqa: T201
    assert classes.pop("unclassified") == 0
    assert all(count > 0 for count in classes.values())
    published = [quad for quad in quads if not str(quad.graph_name).startswith(f"<{BASE}graph/evidence/")]
    assert sum(classes.values()) == len(published)


def test_no_property_of_an_event_claim_role_or_quantity_goes_without_evidence(quads: list[Quad]) -> None:
    kinds = {
        NamedNode(SCHEMA + name) for name in ("Event", "Action", "Claim", "OrganizationRole", "Observation")
    }
    facts = {quad.subject for quad in quads if quad.object in kinds}
    outside = {NamedNode(f"{BASE}graph/register"), NamedNode(f"{BASE}graph/links")}
    supported = _supported(quads)
    for quad in quads:
        if quad.subject in facts:
            assert quad.graph_name not in outside, quad
            if "/graph/article/" in str(quad.graph_name):
                assert (quad.triple, str(quad.graph_name).rpartition("/")[2]) in supported, quad


def _supported(quads: list[Quad]) -> set[tuple[object, str]]:
    """(triple, end of its graph's name) of all statements that an annotation or a derivation supports."""
    parts: dict[object, dict[str, object]] = {}
    leading = set()
    for quad in quads:
        name = str(quad.predicate).rpartition("#")[2].rstrip(">")
        if name in {"subject", "predicate", "object"} and str(quad.subject).startswith(f"<{BASE}stmt/"):
            parts.setdefault((quad.subject, quad.graph_name), {})[name] = quad.object
        elif name == "hasBody":
            leading.add((quad.object, quad.graph_name))
        elif name == "derivation":
            leading.add((quad.subject, quad.graph_name))
    from pyoxigraph import Triple  # noqa: PLC0415

    return {
        (Triple(of["subject"], of["predicate"], of["object"]), str(key[1]).rpartition("/")[2])  # type: ignore[arg-type]
        for key, of in parts.items()
        if key in leading
    }


def test_the_readers_of_the_outputs_agree(built: tuple[Path, BuildResult], quads: list[Quad]) -> None:
    folder = built[0] / "output"
    named = {str(quad) for quad in quads}
    assert {str(quad) for quad in parse((folder / "dataset.trig").read_bytes(), RdfFormat.TRIG)} == named
    union = canonical(Quad(*quad.triple) for quad in quads)
    assert triples_of(folder / "dataset.ttl", RdfFormat.TURTLE) == union


@pytest.mark.parametrize("article", ARTICLES)
def test_an_articles_files_hold_its_part_of_the_dataset(
    built: tuple[Path, BuildResult], quads: list[Quad], article: str
) -> None:
    folder = built[0] / "output" / "articles"
    expected = canonical(Quad(*triple) for triple in article_triples(quads, BASE, article))
    assert triples_of(folder / f"{article}.ttl", RdfFormat.TURTLE) == expected
    assert triples_of(folder / f"{article}.jsonld", RdfFormat.JSON_LD) == expected
    document = json.loads((folder / f"{article}.jsonld").read_text(encoding="utf-8"))
    by_pyld = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": _refuse})
    assert canonical(parse(by_pyld.encode(), RdfFormat.N_QUADS)) == expected
    graph = rdflib.Graph().parse(folder / f"{article}.ttl")
    by_rdflib = graph.serialize(format="nt", encoding="utf-8")
    assert (
        canonical(
            Quad(*quad.triple) for quad in parse(by_rdflib, RdfFormat.N_TRIPLES) if isinstance(quad, Quad)
        )
        == expected
    )


def _refuse(url: str, _: object) -> None:
    raise AssertionError(f"{url} was asked for")


def test_there_is_no_blank_node_and_no_http_schema_org(quads: list[Quad]) -> None:
    assert not any(
        "_:" in str(term) for quad in quads for term in (quad.subject, quad.object) if str(term)[0] == "_"
    )
    assert not any("http://schema.org" in str(quad) for quad in quads)


def test_pyshacl_itself_finds_nothing_in_the_whole_dataset(
    built: tuple[Path, BuildResult], quads: list[Quad]
) -> None:
    import pyshacl  # noqa: PLC0415

    data = rdflib.Graph().parse(built[0] / "output" / "dataset.ttl")
    shapes = rdflib.Graph()
    for path in sorted((ROOT / "ontology" / "shapes").glob("*.ttl")):
        shapes.parse(path)
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    assert conforms, text


def test_a_build_with_violations_keeps_the_last_good_output(tmp_path: Path) -> None:
    root = copy(tmp_path / "workspace")
    pipeline.build(workspace.load(root))
    before = files(root / "output")
    sheet = root / "seeds" / "000.yaml"
    text = sheet.read_text(encoding="utf-8")
    assert text.count("value: 92") == 1
    sheet.write_text(text.replace("value: 92", "value: 93"), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        pipeline.build(workspace.load(root))
    places = {problem.span.file for problem in caught.value.problems if problem.span}
    assert any(place.startswith("seeds/") for place in places)
    assert files(root / "output") == before
    assert (root / ".nutgraf" / "rejected" / "report.ttl").is_file()


def test_an_interrupted_build_is_whole_before_or_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy(tmp_path / "workspace")
    found = workspace.load(root)
    pipeline.build(found)
    before = files(root / "output")
    sheet = root / "seeds" / "001.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("fr: ", "fr:  ", 1), encoding="utf-8")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(output, "finish", stop)
    with pytest.raises(KeyboardInterrupt):
        pipeline.build(found)
    assert files(root / "output") == before


def test_the_readme_has_the_figures_of_the_build(built: tuple[Path, BuildResult]) -> None:
    result = built[1]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    classes = [count for count in result.classes.values() if count]
    figures = [result.facts, result.spans, result.triples, *classes]
    sentence = next(line for line in readme.splitlines() if line.startswith("In figures:"))
    assert all(f"{figure:,}" in sentence for figure in figures), figures
