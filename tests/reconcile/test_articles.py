"""The five articles: the verified items come first, and none of the traps is linked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nutgraf import workspace
from nutgraf.factsheet import check
from nutgraf.reconcile import propose
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.propose import IndexSource, Proposed
from nutgraf.reconcile.things import things

_ROOT = Path(__file__).parent.parent.parent
BASE = "https://nutgraf.example/"

NODES = {
    "Q8475": "id/interpol", "Q1028": "id/morocco", "Q101625": "id/marrakech", "Q4093": "id/glasgow",
    "Q22": "id/scotland", "Q3551": "id/rabat", "Q7903": "id/casablanca", "Q1001887": "id/ifrane",
    "Q29": "id/spain", "Q45": "id/portugal", "Q142": "id/france", "Q30": "id/united-states",
    "Q5823": "id/ceuta", "Q5831": "id/melilla", "Q858": "id/syria", "Q796": "id/iraq",
    "Q4412": "id/west-africa", "Q15": "id/africa", "Q46": "id/europe", "Q1065": "id/united-nations",
}  # fmt: skip
"""Verified item → the thing of the sheets that it is."""

NOT_NAMED = {
    "Q456": "Lyon: the articles do not name it",
    "Q239": "Brussels stands for European authorities in 003, and the sheet keeps it unresolved",
    "Q458": "the European Union is not named",
    "Q145": "the United Kingdom is not named",
}
NOT_IN_THE_INDEX = {"Q1001887"}
"""The town of Ifrane is verified from a data set that names.tsv.gz does not hold."""


@pytest.fixture(scope="module")
def proposed(names_index: Path) -> dict[str, Proposed]:
    """What is proposed when nothing is decided yet."""
    found = workspace.find(_ROOT)
    facts, problems = check.load(found.sheet_files(), found.schema)
    assert not [problem for problem in problems if problem.severity == "error"]
    with Authority.open(names_index) as index:
        every = propose.propose(things(facts), [], [IndexSource(index)], BASE)
    return {each.thing.node: each for each in every}


def _verified(shared: Path) -> list[str]:
    with (shared / "authority" / "seed-links.tsv").open(encoding="utf-8", newline="") as file:
        return [row["qid"] for row in csv.DictReader(file, delimiter="\t") if row["status"] == "verified"]


def test_each_verified_item_is_the_first_candidate(proposed: dict[str, Proposed], shared: Path) -> None:
    verified = _verified(shared)
    assert set(verified) == set(NODES) | set(NOT_NAMED)
    firsts = {
        qid: proposed[NODES[qid]].candidates[0].item.id
        for qid in verified
        if qid in NODES and qid not in NOT_IN_THE_INDEX
    }
    assert firsts == {qid: qid for qid in firsts}
    assert len(firsts) == 19


def test_what_is_not_in_the_index_is_not_replaced_by_something_else(
    proposed: dict[str, Proposed], authority: Authority
) -> None:
    for qid in NOT_IN_THE_INDEX:
        assert authority.item(qid) is None
        assert proposed[NODES[qid]].verdict != "accept"


def test_only_verified_items_are_accepted(proposed: dict[str, Proposed], shared: Path) -> None:
    accepted = {
        each.thing.node: each.candidates[0].item.id for each in proposed.values() if each.verdict == "accept"
    }
    assert accepted == {NODES[qid]: qid for qid in accepted.values()}
    assert set(accepted.values()) <= set(_verified(shared))
    assert {"id/morocco", "id/france", "id/spain", "id/scotland"} <= set(accepted)


TRAPS = [
    "id/dgsn",  # the only body of the name in open data is another country's
    "id/dgst",
    "id/ifrane",  # not the province, and not France
    "id/003/brussels",  # not the city, not Belgium
    "id/sahel",  # not a municipality
    "id/strait-of-gibraltar",  # its item is unverified
    "id/mohammed-vi",
    "id/mohamed-dkhissi",
    "id/abdellatif-hammouchi",
    "id/hespress",
    "id/casablanca-attacks",
    "id/003/council-arab-interior-ministers",
    "id/003/mohamed-ben-ali-koman",
    "id/004/hisham-moutadad",
    "id/004/al-buraq-shadi-abdel-salam",
    "id/004/ifrane-police-training-center",
    "id/mediterranean",
    "id/latin-america",
    "id/arab-world",
    "id/un-convention-organized-crime",
    "id/interpol-ga-92",
    "id/interpol-ga-93",
    "id/interpol-general-assembly",
    "id/judicial-police",
]


@pytest.mark.parametrize("node", TRAPS)
def test_a_trap_is_not_linked(node: str, proposed: dict[str, Proposed]) -> None:
    assert proposed[node].verdict != "accept"
    assert all(each.objection for each in proposed[node].candidates)


def test_rabat_the_state_is_morocco(proposed: dict[str, Proposed]) -> None:
    state, city = proposed["id/morocco"], proposed["id/rabat"]
    assert [each.item.id for each in state.candidates][:1] == ["Q1028"]
    rabat = next(each for each in state.candidates if each.item.id == "Q3551")
    assert "another name of the thing" in rabat.why
    assert city.candidates[0].item.id == "Q3551"


def test_glasgow_is_not_scotland(proposed: dict[str, Proposed]) -> None:
    scores = {each.item.id: each for each in proposed["id/glasgow"].candidates}
    assert scores["Q4093"].score > scores["Q22"].score
    assert "a weak name" in scores["Q22"].why
    assert proposed["id/scotland"].candidates[0].item.id == "Q22"


def test_a_country_found_speaks_for_its_parts(proposed: dict[str, Proposed]) -> None:
    assert all(each.thing.beside for each in proposed.values() if each.thing.node == "id/rabat")
    assert "id/morocco" in proposed["id/rabat"].thing.beside
