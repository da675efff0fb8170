"""The live client against a stand-in that serves recorded payloads."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from nutgraf.problems import InputError
from nutgraf.reconcile.items import PLACE, Item, Query
from nutgraf.reconcile.polite import ATTEMPTS, Polite, user_agent
from nutgraf.reconcile.wikidata import entity
from nutgraf.reconcile.wikidata.cache import Cache
from nutgraf.reconcile.wikidata.live import Wikidata
from tests.reconcile.stand_in import HTML, Payloads, StandIn, Trouble


def client(server: StandIn, folder: Path) -> Wikidata:
    http = Polite(user_agent("desk@example.org"), sleep=lambda _: None)
    return Wikidata(http, Cache(folder), server.url)


def ids(payloads: Payloads, number: int) -> list[str]:
    return [each for each in payloads.entities if each.startswith("Q")][:number]


def test_items_are_read_in_batches_of_fifty(wikidata: StandIn, payloads: Payloads, tmp_path: Path) -> None:
    asked = ids(payloads, 120)
    found = client(wikidata, tmp_path).read(asked)
    assert [each.asked for each in found] == asked
    assert all(each.status == "found" for each in found)
    assert [each.item.id for each in found if each.item] == asked
    assert [len(each["ids"].split("|")) for each in wikidata.asked("wbgetentities")] == [50, 50, 20]
    assert all(each["maxlag"] == "5" for each in wikidata.requests)


def test_a_redirect_a_deletion_and_an_invalid_id_lose_nothing(
    wikidata: StandIn, payloads: Payloads, tmp_path: Path
) -> None:
    asked = ids(payloads, 60)
    merged, target = "Q999999001", asked[3]
    deleted, invalid = "Q999999002", ["Q999999003", "Q999999004"]
    payloads.redirects[merged] = target
    payloads.invalid.update(invalid)
    whole = [*asked[:20], merged, deleted, *asked[20:], *invalid]
    found = {each.asked: each for each in client(wikidata, tmp_path).read(whole)}
    assert set(found) == set(whole)
    assert found[merged].status == "redirected"
    item = found[merged].item
    assert item is not None
    assert item.id == target
    assert [found[each].status for each in (deleted, *invalid)] == ["missing"] * 3
    assert all(found[each].status == "found" for each in asked)


def test_a_target_that_is_asked_for_together_with_its_redirect_keeps_its_own_status(
    wikidata: StandIn, payloads: Payloads, tmp_path: Path
) -> None:
    target = ids(payloads, 1)[0]
    payloads.redirects["Q999999001"] = target
    found = client(wikidata, tmp_path).read(["Q999999001", target])
    assert [each.status for each in found] == ["redirected", "found"]


def test_an_interrupted_run_goes_on_where_it_was(
    wikidata: StandIn, payloads: Payloads, tmp_path: Path
) -> None:
    asked = ids(payloads, 120)
    service = client(wikidata, tmp_path)
    service.read(asked[:50])
    wikidata.troubles += [Trouble(500, HTML)] * ATTEMPTS
    with pytest.raises(InputError, match="NET102"):
        client(wikidata, tmp_path).read(asked)
    wikidata.requests.clear()
    found = client(wikidata, tmp_path).read(asked)
    assert [each.asked for each in found] == asked
    assert all(each.status == "found" for each in found)
    again = [each for query in wikidata.asked("wbgetentities") for each in query["ids"].split("|")]
    assert again == asked[50:]


def test_the_cache_keeps_revisions_and_ages(wikidata: StandIn, payloads: Payloads, tmp_path: Path) -> None:
    def revision(*, fresh: bool = False) -> int | None:
        (read,) = first.read(["Q727"], fresh=fresh)
        return read.item.revision if read.item else None

    payloads.entities["Q727"] = payloads.entities["Q727"] | {"lastrevid": 41}
    first = client(wikidata, tmp_path)
    assert revision() == 41
    payloads.entities["Q727"] |= {"lastrevid": 42}
    assert revision() == 41
    assert revision(fresh=True) == 42
    payloads.entities["Q727"] |= {"lastrevid": 43}
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=8)
    first.cache = Cache(tmp_path, now=lambda: later)
    assert revision() == 43


def test_a_damaged_cache_is_asked_for_again(wikidata: StandIn, tmp_path: Path) -> None:
    client(wikidata, tmp_path).read(["Q727"])
    (file,) = tmp_path.glob("*/*.json")
    file.write_text('{"key": "entity Q727", "date": "2026', encoding="utf-8")
    assert client(wikidata, tmp_path).read(["Q727"])[0].status == "found"


def test_search_gives_whole_items_of_the_kind(wikidata: StandIn, payloads: Payloads, tmp_path: Path) -> None:
    service = client(wikidata, tmp_path)
    found = service.items(Query(("Warsaw",), frozenset({PLACE}), limit=20))
    assert found[0].id == "Q270"
    assert found[0].kinds == {PLACE}
    assert found[0].popularity > 100
    assert all(not each.kinds or PLACE in each.kinds for each in found)
    recorded = set(payloads.searches["warsaw"])
    assert {each.id for each in found} <= recorded
    searched = len(wikidata.requests)
    assert service.items(Query(("Warsaw",), frozenset({PLACE}), limit=20)) == found
    assert len(wikidata.requests) == searched, "the second time all is in the cache"


def test_the_full_text_search_asks_for_humans_only_when_a_person_is_meant(
    wikidata: StandIn, tmp_path: Path
) -> None:
    service = client(wikidata, tmp_path)
    service.items(Query(("Steve Clark",), frozenset({"PER"})))
    service.items(Query(("Oxford",), frozenset({PLACE})))
    texts = [each["srsearch"] for each in wikidata.asked("query")]
    assert texts == ["Steve Clark haswbstatement:P31=Q5", "Oxford"]


def test_an_answer_that_leaves_an_item_out_is_no_answer(wikidata: StandIn, tmp_path: Path) -> None:
    wikidata.troubles.append(Trouble(200, json.dumps({"entities": {}}).encode()))
    with pytest.raises(InputError, match="NET103 Wikidata's answer says nothing of Q727"):
        client(wikidata, tmp_path).read(["Q727"])


def test_an_item_without_an_english_label_has_that_of_all_languages() -> None:
    document = {
        "id": "Q42",
        "labels": {
            "fr": {"language": "fr", "value": "D. Adams"},
            "mul": {"language": "mul", "value": "Adams"},
        },
    }
    item = entity.item(document)
    assert item is not None
    assert item.label == "Adams"
    assert [(name.text, name.language) for name in item.names] == [("D. Adams", "fr"), ("Adams", "mul")]


@pytest.mark.parametrize(
    "hostile", [None, 5, [], {"id": 5}, {"id": "Q1", "labels": [], "claims": {"P31": [1]}}]
)
def test_a_hostile_document_is_no_crash(hostile: object) -> None:
    found = entity.item(hostile)
    assert found is None or found == Item("Q1", "", source="wikidata")


def test_years_and_relations_are_read_from_real_documents(payloads: Payloads) -> None:
    ramsden = entity.item(payloads.entities["Q1338141"])
    assert ramsden is not None
    assert (ramsden.label, ramsden.kinds, ramsden.begin, ramsden.end) == (
        "Jesse Ramsden", frozenset({"PER"}), 1735, 1800,
    )  # fmt: skip
    amsterdam = entity.item(payloads.entities["Q727"])
    assert amsterdam is not None
    assert "Q55" in amsterdam.related
