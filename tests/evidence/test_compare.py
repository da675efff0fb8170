"""Who agrees, who differs and how; and that nothing becomes one thing by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf import pipeline, workspace
from nutgraf.evidence.compare.difference import facts
from nutgraf.evidence.compare.identity import Identity
from nutgraf.evidence.compare.model import Assertion, Fact
from nutgraf.evidence.compare.run import Comparison, compare, copies_of
from nutgraf.evidence.explain.model import Explanation, Support, Words
from tests.evidence.workspace import ROOT, nutgraf

BASE = "https://nutgraf.example/id/"
SCHEMA = "https://schema.org/"
NUT = "https://nutgraf.example/ns#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CASES = Path(__file__).parent / "cases" / "compare"


@pytest.fixture(scope="module")
def five() -> Comparison:
    return compare(pipeline.trace(workspace.load(ROOT))[0])


def says(article: str, subject: str, predicate: str, value: str, modality: str = "actual") -> Assertion:
    literal = value[:1].isdigit() or value.startswith("--")
    return Assertion(subject, predicate, value, not literal, article=article, modality=modality)


def compared(*assertions: Assertion) -> list[Fact]:
    articles = {each.article for each in assertions if each.article}
    return facts(assertions, Identity.of(assertions), {article: article for article in articles})


def kinds(found: list[Fact]) -> set[str]:
    return {difference.kind for fact in found for difference in fact.differences}


# Kinds of difference.


def test_the_same_value_in_two_articles_is_agreed() -> None:
    found = compared(says("a", "e", f"{NUT}votes", "96"), says("b", "e", f"{NUT}votes", "96"))
    assert [(fact.verdict, fact.sources) for fact in found] == [("agreed", ("a", "b"))]


def test_two_counts_differ_in_value() -> None:
    found = compared(says("a", "e", f"{NUT}votes", "96"), says("b", "e", f"{NUT}votes", "97"))
    assert [fact.verdict for fact in found] == ["differing", "differing"]
    assert kinds(found) == {"value"}
    assert found[0].differences[0].articles == ("b",)


def test_a_day_without_its_year_differs_in_precision() -> None:
    found = compared(
        says("a", "e", f"{NUT}startMonthDay", "--11-04"), says("b", "e", f"{SCHEMA}startDate", "2024-11-04")
    )
    assert kinds(found) == {"precision"}
    assert {fact.predicate for fact in found} == {f"{SCHEMA}startDate"}


def test_another_day_differs_in_value() -> None:
    found = compared(
        says("a", "e", f"{NUT}startMonthDay", "--11-05"), says("b", "e", f"{SCHEMA}startDate", "2024-11-04")
    )
    assert kinds(found) == {"value"}


@pytest.mark.parametrize("relation", [f"{NUT}represents", f"{SCHEMA}containedInPlace"])
def test_a_part_and_its_whole_differ_in_granularity(relation: str) -> None:
    found = compared(
        says("a", "e", f"{SCHEMA}location", "country"),
        says("b", "e", f"{SCHEMA}location", "city"),
        says("c", "city", relation, "country"),
    )
    assert kinds(found) == {"granularity"}


def test_holders_whose_times_do_not_meet_succeed_each_other() -> None:
    office = Assertion("o", TYPE, f"{SCHEMA}OrganizationRole")
    held = [says("a", "o", f"{SCHEMA}member", "x"), says("b", "o", f"{SCHEMA}member", "y")]
    times = [
        says("a", "x", f"{SCHEMA}startDate", "2001"),
        says("a", "x", f"{SCHEMA}endDate", "2005"),
        says("b", "y", f"{SCHEMA}startDate", "2005"),
    ]
    assert kinds(compared(office, *held)) == {"value"}
    assert kinds(compared(office, *held, *times)) == {"succession"}


def test_planned_and_actual_differ_in_modality() -> None:
    found = compared(says("a", "e", f"{SCHEMA}about", "x", "planned"), says("b", "e", f"{SCHEMA}about", "x"))
    assert [fact.verdict for fact in found] == ["differing"]
    assert kinds(found) == {"modality"}


def test_several_values_of_one_article_are_no_quarrel() -> None:
    found = compared(says("a", "e", f"{SCHEMA}location", "x"), says("a", "e", f"{SCHEMA}location", "y"))
    assert {fact.verdict for fact in found} == {"only here"}


def test_copies_of_a_text_are_one_source() -> None:
    assertions = [says("a", "e", f"{NUT}votes", "96"), says("b", "e", f"{NUT}votes", "96")]
    found = facts(assertions, Identity.of(assertions), {"a": "a", "b": "a"})
    assert [(fact.verdict, fact.sources) for fact in found] == [("only here", ("a",))]
    assert copies_of({"b": "2", "a": "1", "c": "1"}, []) == {"a": "a", "b": "b", "c": "a"}


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"), st.tuples(st.sampled_from("123"), st.sets(st.sampled_from("stuvwxyz")))
    )
)
def test_copies_are_found_as_by_looking_at_all_pairs(articles: dict[str, tuple[str, set[str]]]) -> None:
    explained = []
    for article, (_, digests) in articles.items():
        words = tuple(Words(article, 0, 40, digest) for digest in digests)
        support = Support("stated", "g", article, words=words)
        explained.append(Explanation("0", "s", "p", "o", None, None, True, (support,), (article,), ()))
    first: dict[str, str] = {}
    for article, (text, digests) in sorted(articles.items()):
        alike = [
            other
            for other in dict.fromkeys(first.values())
            if articles[other][0] == text or _share_most(digests, articles[other][1])
        ]
        first[article] = alike[0] if alike else article
    assert copies_of({article: text for article, (text, _) in articles.items()}, explained) == first


def _share_most(one: set[str], other: set[str]) -> bool:
    return bool(one) and bool(other) and len(one & other) >= 0.8 * min(len(one), len(other))


def test_texts_that_share_most_of_their_words_are_one_source(five: Comparison) -> None:
    def spans(article: str, digests: list[str]) -> list[Explanation]:
        words = tuple(Words(article, 0, 40, digest) for digest in digests)
        support = Support("stated", "g", article, words=words)
        return [Explanation("0", "s", "p", "o", None, None, True, (support,), (article,), ())]

    digests = [str(number) for number in range(10)]
    near, far = [*digests[:8], "x", "y"], [*digests[:7], "x", "y", "z"]
    texts = {"a": "1", "b": "2"}
    assert copies_of(texts, [*spans("a", digests), *spans("b", near)])["b"] == "a"
    assert copies_of(texts, [*spans("a", digests), *spans("b", far)])["b"] == "b"
    assert five.copies == {}


@given(st.permutations([says(a, "e", f"{NUT}votes", v) for a in "abc" for v in ("96", "97")]))
def test_the_order_of_statements_changes_nothing(assertions: list[Assertion]) -> None:
    assert compared(*assertions) == compared(*sorted(assertions))


# Identity.


def _session(article: str, node: str, ordinal: str) -> list[Assertion]:
    return [
        Assertion(node, TYPE, f"{SCHEMA}Event", article=article),
        says(article, node, f"{NUT}ordinal", ordinal),
        says(article, node, f"{SCHEMA}organizer", "interpol"),
        Assertion(node, f"{SCHEMA}name", "General Assembly", is_iri=False, article=article),
    ]


def test_events_are_one_by_their_ordinal_across_articles() -> None:
    identity = Identity.of([*_session("a", "a/x", "92"), *_session("b", "b/y", "92")])
    assert identity.node("b/y") == "a/x"
    assert [merge.reasons for merge in identity.log] == [("ordinal 92 of interpol",)]


def test_names_alone_make_nothing_one() -> None:
    identity = Identity.of([*_session("a", "a/x", "92"), *_session("b", "b/y", "93")])
    assert identity.node("b/y") == "b/y"
    assert [(merge.apart, merge.reasons) for merge in identity.log] == [(True, ("only their names agree",))]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ([says("a", "a/x", f"{NUT}related", "b/y")], "related"),
        ([says("", "a/x", f"{SCHEMA}sameAs", "Q1"), says("", "b/y", f"{SCHEMA}sameAs", "Q2")], "authority"),
        ([Assertion("a/x", TYPE, f"{SCHEMA}Action"), Assertion("b/y", TYPE, f"{SCHEMA}City")], "kinds"),
        (
            [says("a", "a/x", f"{SCHEMA}startDate", "2024"), says("b", "b/y", f"{SCHEMA}startDate", "2025")],
            "dates",
        ),
    ],
)
def test_a_cannot_link_rule_goes_before_a_key(rule: list[Assertion], reason: str) -> None:
    identity = Identity.of([*_session("a", "a/x", "92"), *_session("b", "b/y", "92"), *rule])
    assert identity.node("b/y") == "b/y"
    forbidden = [merge for merge in identity.log if merge.apart]
    assert len(forbidden) == 1
    assert reason in forbidden[0].reasons[-1]


def test_one_authority_id_makes_two_nodes_one() -> None:
    identity = Identity.of(
        [says("", "a/x", f"{SCHEMA}sameAs", "Q1"), says("", "b/y", f"{SCHEMA}sameAs", "Q1")]
    )
    assert identity.node("b/y") == "a/x"


# The five articles.


def test_the_five_articles(rewrite: bool) -> None:
    for name, arguments in (
        ("five", ()),
        ("log", ("--log",)),
        ("election", ("interpol-vp-africa-election",)),
    ):
        done = nutgraf("compare", *arguments, "--format", "tsv")
        assert done.returncode == 0, done.stderr
        if rewrite:
            (CASES / f"{name}.tsv").write_text(done.stdout, encoding="utf-8")
        assert done.stdout == (CASES / f"{name}.tsv").read_text(encoding="utf-8")


def test_morocco_or_dkhissi_elected_is_a_difference_of_granularity(five: Comparison) -> None:
    elected = {fact.value: fact for fact in five.facts if fact.predicate == f"{NUT}elected"}
    morocco, dkhissi = elected[f"{BASE}morocco"], elected[f"{BASE}mohamed-dkhissi"]
    assert morocco.sources == ("000", "001")
    assert dkhissi.sources == ("001",)
    assert [each.kind for each in (*morocco.differences, *dkhissi.differences)] == ["granularity"] * 2


def test_counts_and_dates(five: Comparison) -> None:
    found = {(fact.subject, fact.predicate, fact.value): fact for fact in five.facts}
    election, interpol, session = (
        f"{BASE}{key}" for key in ("interpol-vp-africa-election", "interpol", "interpol-ga-92")
    )
    assert found[election, f"{NUT}countriesInFavour", "96"].sources == ("000", "001")
    assert found[interpol, f"{NUT}memberCountries", "196"].sources == ("000", "001")
    assert found[session, f"{SCHEMA}startDate", "2024-11-04"].sources == ("001",)
    assert [each.kind for each in found[session, f"{SCHEMA}startDate", "--11-04"].differences] == [
        "precision"
    ]
    assert {fact.sources for fact in five.facts if fact.value.startswith("2024")} == {("001",)}
    assert not [fact for fact in five.facts if any(each.kind == "value" for each in fact.differences)]


APART = [
    ("interpol-ga-92", "interpol-ga-93"),
    ("interpol-general-assembly", "interpol-ga-93"),
    ("interpol", "interpol-general-assembly"),
    ("dgsn", "dgst"),
    ("dgsn-director-general", "dgst-director-general"),
    ("dgst", "abdellatif-hammouchi"),
    ("judicial-police", "judicial-police-director"),
    ("rabat", "morocco"),
    ("morocco", "mohamed-dkhissi"),
    ("interpol-vice-president-africa", "interpol-executive-representative"),
    ("003/claim-warnings-prevented-attacks", "004/claim-bloodbaths-spared"),
    ("002/earlier-marrakech-commitment", "004/earlier-hosting"),
    ("004/hisham-moutadad", "004/al-buraq-shadi-abdel-salam"),
    ("003/action-joint-operations", "003/action-joint-investigations"),
    ("cybercrime", "cybersecurity"),
    ("004/america", "united-states"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_must_stay_apart_does(five: Comparison, one: str, other: str) -> None:
    both = {f"{BASE}{one}", f"{BASE}{other}"}
    merged = [{merge.node, *merge.others} for merge in five.merges if not merge.apart]
    assert not [nodes for nodes in merged if both <= nodes]
    known = {fact.subject for fact in five.facts} | {fact.value for fact in five.facts}
    assert both <= known, "a key of this list is not in the workspace"
