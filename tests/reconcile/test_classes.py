"""The Wikidata classes that the code names are what it says: no item is taken from memory."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from nutgraf.reconcile import classes
from nutgraf.reconcile.items import EVENT, PERSON, PLACE
from tests.reconcile.stand_in import Payloads

LABELS = {
    "Q5": "human",
    "Q43229": "organization",
    "Q4830453": "business",
    "Q3918": "university",
    "Q31855": "research institute",
    "Q484652": "international organization",
    "Q486972": "human settlement",
    "Q515": "city",
    "Q6256": "country",
    "Q3624078": "sovereign state",
    "Q56061": "administrative territorial entity",
    "Q40231": "election",
}
"""As real payloads of Wikidata label them."""

BY_USE = {"Q215627": PERSON, "Q27096213": PLACE, "Q1656682": EVENT}
"""Not among the payloads: types of mentions in the public development sets."""


def test_each_class_has_the_label_that_it_is_taken_for(payloads: Payloads) -> None:
    found = {qid: payloads.entities[qid]["labels"]["en"]["value"] for qid in LABELS}
    assert found == LABELS


def test_the_other_classes_are_used_for_what_they_are_taken_for(shared: Path) -> None:
    known = {
        "Langer": PERSON,
        "Ben Chavis": PERSON,
        "David Frost": PERSON,
        "Riverside": PLACE,
        "Scarborough": PLACE,
        "L'Aquila": PLACE,
        "Charles Schwab Cup": EVENT,
    }
    used: Counter[tuple[str, str]] = Counter()
    for path in sorted((shared / "linking").glob("dev-*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                used.update((row["mention"], name) for name in row["types"].split("|"))
    for mention, kind in known.items():
        (name,) = (name for name, meant in BY_USE.items() if meant == kind)
        assert used[mention, name], f"{mention} is a {kind}"


def test_every_class_of_the_table_is_checked_here() -> None:
    assert set(classes.ROOTS) == set(LABELS) | set(BY_USE)
    assert {qid: classes.ROOTS[qid] for qid in BY_USE} == BY_USE
    named = frozenset().union(*classes._CLASSES.values())
    assert named <= set(LABELS)
