"""Scores can be explained, and what is unsafe is never accepted."""

from __future__ import annotations

import dataclasses

import pytest

from nutgraf.reconcile import propose, score
from nutgraf.reconcile.items import Item, Name, Query
from nutgraf.reconcile.propose import Proposed
from nutgraf.reconcile.things import Thing

CITY = Thing(
    "id/rabat", frozenset({"City"}), (("en", "Rabat"),), beside=frozenset({"id/morocco"}), reported=2024
)
ITEM = Item(
    "Q3551", "Rabat", "capital of Morocco", (Name("Rabat", "en", "label"),), frozenset({"LOC"}),
    frozenset({"Q515"}), frozenset({"Q1028"}), begin=1146, popularity=200,
)  # fmt: skip
LINKED = {"id/morocco": "Q1028"}


def first(thing: Thing, *items: Item) -> score.Candidate:
    return score.candidates(thing, items, LINKED)[0]


def test_a_well_known_item_of_the_name_and_type_is_accepted() -> None:
    found = score.candidates(CITY, [ITEM], LINKED)
    assert score.proposal(found) == "accept"
    assert found[0].score == pytest.approx(sum(each.points for each in found[0].features), abs=0.06)
    assert found[0].why.startswith("same name +50; ")
    assert "it has to do with Q1028 of the article" in found[0].why


UNSAFE: dict[str, tuple[Thing, Item, str]] = {
    "only like it": (dataclasses.replace(CITY, names=(("en", "Rabatt"),)), ITEM, "not the same"),
    "another name of the thing": (
        dataclasses.replace(CITY, names=(("en", "Morocco"),), alternates=(("en", "Rabat"),)),
        ITEM,
        "not the same",
    ),
    "an alias": (CITY, dataclasses.replace(ITEM, names=(Name("Rabat", "en", "alias"),)), "only an alias"),
    "a weak name": (CITY, dataclasses.replace(ITEM, names=(Name("Rabat", "en", "weak"),)), "only an alias"),
    "a person": (CITY, dataclasses.replace(ITEM, kinds=frozenset({"PER"})), "type"),
    "no known type": (CITY, dataclasses.replace(ITEM, kinds=frozenset()), "type"),
    "a country": (CITY, dataclasses.replace(ITEM, classes=frozenset({"Q6256"})), "speaks against"),
    "founded after the article": (CITY, dataclasses.replace(ITEM, begin=2025), "speaks against"),
    "hardly known": (
        CITY, dataclasses.replace(ITEM, popularity=3, related=frozenset()), "nothing but its name",
    ),
    "a lone surname": (
        Thing("id/h", frozenset({"Person"}), (("en", "Hammouchi"),)),
        dataclasses.replace(ITEM, names=(Name("Hammouchi", "en", "label"),), kinds=frozenset({"PER"})),
        "lone surname",
    ),
    "a topic": (dataclasses.replace(CITY, types=frozenset({"DefinedTerm"})), ITEM, "type"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_unsafe_is_not_accepted(name: str) -> None:
    thing, item, objection = UNSAFE[name]
    found = score.candidates(thing, [item], LINKED)
    assert score.proposal(found) != "accept"
    assert objection in found[0].objection


def test_a_namesake_keeps_both_from_being_accepted() -> None:
    namesake = dataclasses.replace(ITEM, id="Q966104", popularity=80)
    found = score.candidates(CITY, [ITEM, namesake], LINKED)
    assert score.proposal(found) == "review"
    assert found[0].objection == "Q966104 has the same name"
    unknown = dataclasses.replace(namesake, popularity=5)
    assert score.proposal(score.candidates(CITY, [ITEM, unknown], LINKED)) == "accept"


def test_the_time_of_an_event_tells_it_from_another() -> None:
    event = Thing(
        "id/e", frozenset({"Event"}), (("en", "Big Meeting"),), years=frozenset({2024}), reported=2024
    )
    item = dataclasses.replace(
        ITEM,
        names=(Name("Big Meeting", "en", "label"),),
        kinds=frozenset({"EVT"}),
        classes=frozenset(),
        begin=2024,
    )
    assert "its time is that of the event" in first(event, item).why
    assert "its time is not" in first(event, dataclasses.replace(item, begin=2016, end=2016)).why


def test_an_office_speaks_for_a_person() -> None:
    person = Thing("id/p", frozenset({"Person"}), (("en", "Ana Reyes"),), offices=("Harbour Commissioner",))
    item = Item(
        "Q1", "Ana Reyes", "harbour commissioner", (Name("Ana Reyes", "en", "label"),), frozenset({"PER"})
    )
    assert "its description has commissioner, harbour" in first(person, item).why


@dataclasses.dataclass
class Fixed:
    """A source that always has the same items."""

    found: list[Item]
    name: str = "fixed"
    version: str = "1"

    def items(self, query: Query) -> list[Item]:
        del query
        return self.found


def proposed(every: list[Thing], *items: Item) -> dict[str, Proposed]:
    found = propose.propose(every, [], [Fixed(list(items))], "https://x.example/")
    return {each.thing.node: each for each in found}


def test_a_lone_surname_is_resolved_within_its_article() -> None:
    full = Thing("id/a", frozenset({"Person"}), (("en", "Abdellatif Hammouchi"),), beside=frozenset({"id/b"}))
    lone = Thing("id/b", frozenset({"Person"}), (("en", "Hammouchi"),), beside=frozenset({"id/a"}))
    item = dataclasses.replace(ITEM, names=(Name("Hammouchi", "en", "label"),), kinds=frozenset({"PER"}))
    found = proposed([full, lone], item)
    assert found["id/b"].verdict == "review"
    assert "is it the same person?" in found["id/b"].hint
    assert not found["id/a"].hint


def test_what_is_accepted_speaks_for_what_belongs_to_it() -> None:
    country = Thing("id/morocco", frozenset({"Country"}), (("en", "Morocco"),))
    item = Item("Q1028", "Morocco", "", (Name("Morocco", "en", "label"),), frozenset({"LOC"}), popularity=300)
    small = dataclasses.replace(ITEM, popularity=4)
    found = proposed([country, CITY], item, small)
    assert found["id/morocco"].verdict == "accept"
    assert found["id/rabat"].verdict == "accept"
    alone = proposed([CITY], small)
    assert alone["id/rabat"].verdict == "review"
