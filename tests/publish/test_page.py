"""Pages: what they carry, how it is nested, and that it is read back as the same triples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.dataset.canonical import canonical_triples
from nutgraf.dataset.schema_values import normal_value, normalized
from nutgraf.problems import InputError
from nutgraf.publish.article import article_triples
from nutgraf.publish.page import roots
from nutgraf.publish.page.part import PageGraph
from nutgraf.publish.page.read import read_page
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA, XSD
from tests.publish import page_graphs as graphs

PROFILES: list[roots.Profile] = ["page", "graph"]


def all_pages() -> list[graphs.Page]:
    return [*graphs.article_pages(), *graphs.entity_pages(), *graphs.case_pages()]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def without_wrapper(triples: list[Triple]) -> set[Triple]:
    """A ProfilePage is about the page and not in the graph."""
    wrappers = {triple.subject for triple in triples if triple.predicate.value == f"{SCHEMA}mainEntity"}
    return {triple for triple in triples if triple.subject not in wrappers}


@pytest.mark.parametrize("name", [folder.name for folder in sorted(graphs.CASES.iterdir())])
def test_case(name: str) -> None:
    page = next(page for page in graphs.case_pages() if page.name == name)
    assert roots.text(page.document) == (graphs.CASES / name / "output.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_read_back_is_the_part(profile: roots.Profile) -> None:
    for page in all_pages():
        written = json.dumps(roots.document(page.part, profile))
        back = without_wrapper(read_page(written, language=page.part.language))
        assert set(canonical_triples(back)) == set(canonical_triples(page.expected())), page.name


def test_the_part_is_a_part_of_the_graph() -> None:
    for page in graphs.article_pages():
        whole = set(normalized(article_triples(graphs.dataset(), graphs.BASE, page.name), "en"))
        assert page.expected() < whole
    everything = set(normalized(quad.triple for quad in graphs.dataset()))
    for page in graphs.entity_pages():
        assert page.expected() < everything


def test_each_node_is_described_once() -> None:
    for page in all_pages():
        described = Counter(node["@id"] for node in nodes(page.document) if "@id" in node and len(node) > 1)
        assert set(described.values()) <= {1}, page.name


def test_about_and_mentions_are_disjoint() -> None:
    page = next(page for page in graphs.case_pages() if page.name == "about-and-mentions")
    assert page.document["about"]["@id"] == "https://news.example/id/fair"
    assert page.document["mentions"]["@id"] == "https://news.example/id/town"


def test_a_page_speaks_schema_org_only() -> None:
    for page in all_pages():
        for triple in page.expected():
            assert triple.predicate.value == RDF_TYPE or triple.predicate.value.startswith(SCHEMA)


def test_what_is_alleged_is_left_out() -> None:
    part = graphs.pages().article("004")
    alleged = roots.unsettled(graphs.dataset())
    assert alleged
    assert not alleged & set(part.triples())


def test_the_same_bytes_for_shuffled_input() -> None:
    forwards = roots.Pages(graphs.dataset(), graphs.BASE)
    backwards = roots.Pages(reversed(graphs.dataset()), graphs.BASE)
    for article in graphs.ARTICLES:
        texts = {roots.text(roots.document(pages.article(article))) for pages in (forwards, backwards)}
        assert len(texts) == 1


def test_a_person_has_a_profile_page() -> None:
    part = graphs.pages().entity(f"{graphs.BASE}id/mohamed-dkhissi", language="fr")
    page = roots.document(part, page="https://news.example/dkhissi")
    assert (page["@type"], page["url"]) == ("ProfilePage", "https://news.example/dkhissi")
    offices = page["mainEntity"]["memberOf"]
    assert {office["memberOf"]["name"] for office in offices} == {
        "police judiciaire",
        "Bureau central national d’Interpol à Rabat",
    }


@pytest.mark.parametrize(
    ("thing", "code"),
    [
        ("interpol-ga-93", "PAG103"),
        ("001/action-south-south-strategy", "PAG103"),
        ("nobody", "PAG102"),
        ("001/claim-significant-margin", "PAG102"),
    ],
)
def test_what_has_no_page(thing: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        graphs.pages().entity(f"{graphs.BASE}id/{thing}")
    assert caught.value.problems[0].code == code


def test_an_unknown_article() -> None:
    with pytest.raises(InputError, match="PAG101"):
        graphs.pages().article("999")


THINGS = [NamedNode(f"https://news.example/id/{name}") for name in "abcde"]
CLASSES = [
    "NewsArticle",
    "Person",
    "Organization",
    "Event",
    "City",
    "OrganizationRole",
    "DefinedTerm",
    "Claim",
]
PROPERTIES = [
    "name", "description", "inLanguage", "startDate", "foundingDate", "duration", "location", "about",
    "mentions",
    "author", "member", "memberOf", "superEvent", "sameAs", "url", "image", "identifier", "keywords",
    "wordCount",
    "isAccessibleForFree", "eventStatus", "additionalType", "knowsAbout", "areaServed",
    "jobTitle", "latitude",
]  # fmt: skip
LEXICAL = [
    "", "2024", "2024-11", "2024-11-07", "2024-11-07T10:00:00Z", "10:00:00", "P1D", "P",
    "true", "false", "1", "01",
    "-5", "4.5", "4.50", "1e3", "EventScheduled", "https://schema.org/EventScheduled",
    "https://example.org/a b",
    "https://example.org/a", "https://[broken", "http://schema.org/True", "text",
]  # fmt: skip
TYPES = [
    "string",
    "date",
    "dateTime",
    "gYear",
    "integer",
    "decimal",
    "double",
    "boolean",
    "duration",
    "token",
]
literals = st.one_of(
    st.builds(Literal, st.sampled_from(LEXICAL)),
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]), max_size=6)),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(kind)),
        st.sampled_from(LEXICAL),
        st.sampled_from([XSD + kind for kind in TYPES] + [f"http://schema.org/{k}" for k in ("Date", "URL")]),
    ),
    st.builds(
        lambda text, tag: Literal(text, language=tag),
        st.text("ab é", max_size=3),
        st.sampled_from(["en", "fr", "fr-CA"]),
    ),
)
things = st.sampled_from([*THINGS, BlankNode("x"), NamedNode("http://www.wikidata.org/entity/Q1")])
statements = st.one_of(
    st.builds(
        Triple, things, st.sampled_from([NamedNode(SCHEMA + name) for name in PROPERTIES]), literals | things
    ),
    st.builds(
        Triple,
        things,
        st.just(NamedNode(RDF_TYPE)),
        st.sampled_from([NamedNode(SCHEMA + name) for name in CLASSES]),
    ),
)


def latitude(lexical: str) -> Triple:
    number = Literal(lexical, datatype=NamedNode(XSD + "decimal"))
    return Triple(THINGS[0], NamedNode(f"{SCHEMA}latitude"), number)


CITY = Triple(THINGS[0], NamedNode(RDF_TYPE), NamedNode(f"{SCHEMA}City"))
typed_root = st.sampled_from(CLASSES[:5]).map(
    lambda name: Triple(THINGS[0], NamedNode(RDF_TYPE), NamedNode(SCHEMA + name))
)


@example([latitude(""), latitude("nan"), latitude("4.0"), latitude("٣")], CITY, False, "page")
@given(st.lists(statements, max_size=30), typed_root, st.booleans(), st.sampled_from(PROFILES))
def test_any_part_is_read_back(
    triples: list[Triple], root: Triple, backwards: bool, profile: roots.Profile
) -> None:
    part = PageGraph([root, *triples], "fr").part(THINGS[0], backwards=backwards)
    assume(part.nodes)  # a claim is no page's thing
    back = without_wrapper(read_page(json.dumps(roots.document(part, profile)), language="fr"))
    assert canonical(back) == canonical(part.triples())


def canonical(triples: Any) -> str:
    return str(sorted(str(triple) for triple in canonical_triples(triples)))


@given(st.lists(statements, max_size=20))
def test_normalizing_twice_changes_nothing(triples: list[Triple]) -> None:
    once = list(normalized(triples, "fr"))
    assert list(normalized(once, "fr")) == once


def typed(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(datatype))


Q1 = "http://www.wikidata.org/entity/Q1"
SCHEDULED = NamedNode(f"{SCHEMA}EventScheduled")


@pytest.mark.parametrize(
    ("name", "given_value", "expected"),
    [
        ("startDate", Literal("2024-11-07"), typed("2024-11-07", f"{XSD}date")),
        ("startDate", typed("2024-11-07", "http://schema.org/Date"), typed("2024-11-07", f"{XSD}date")),
        ("foundingDate", Literal("1923"), typed("1923", f"{XSD}gYear")),
        ("startDate", Literal("soon"), Literal("soon")),
        ("sameAs", Literal(Q1), NamedNode(Q1)),
        ("sameAs", typed(Q1, "http://schema.org/URL"), NamedNode(Q1)),
        ("eventStatus", Literal("EventScheduled"), SCHEDULED),
        ("eventStatus", Literal("http://schema.org/EventScheduled"), SCHEDULED),
        ("latitude", typed("4.5E0", f"{XSD}double"), typed("4.5", f"{XSD}decimal")),
        ("wordCount", Literal("420"), typed("420", f"{XSD}integer")),
        ("isAccessibleForFree", Literal("http://schema.org/True"), typed("true", f"{XSD}boolean")),
        ("name", Literal("1923"), Literal("1923")),
        ("author", Literal("Ana Reyes"), Literal("Ana Reyes")),
        ("url", Literal("https://[broken"), Literal("https://[broken")),
        ("noSuchProperty", Literal("2024-11-07"), Literal("2024-11-07")),
    ],
)
def test_values_take_the_form_of_the_range(name: str, given_value: Any, expected: Any) -> None:
    triple = Triple(THINGS[0], NamedNode(f"http://schema.org/{name}"), given_value)
    assert list(normalized([triple])) == [Triple(THINGS[0], NamedNode(SCHEMA + name), expected)]
    assert normal_value(SCHEMA + name, expected) == expected


def test_no_other_context_is_read() -> None:
    with pytest.raises(InputError, match="RDF104"):
        read_page('{"@context": ["https://schema.org", "https://example.org/context"], "name": "a"}')
    assert read_page('{"@context": "http://schema.org/", "@id": "urn:a", "name": "a"}') == [
        Triple(NamedNode("urn:a"), NamedNode(SCHEMA + "name"), Literal("a"))
    ]
