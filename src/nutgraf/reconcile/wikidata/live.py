"""Wikidata as it is now: search, read items in batches, follow redirects and deletions.

Source: https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities and wbsearchentities
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from nutgraf.problems import InputError, Problem, quoted
from nutgraf.reconcile import classes as wikidata_classes
from nutgraf.reconcile.items import PERSON, QID, Item, Query
from nutgraf.reconcile.polite import AT_ONCE, Polite
from nutgraf.reconcile.wikidata import entity
from nutgraf.reconcile.wikidata.cache import Cache

API: Final = "https://www.wikidata.org/w/api.php"
BATCH: Final = 50
_FOUND: Final = 20
_CLASS_DEPTH: Final = 6
_INVALID: Final = frozenset({"no-such-entity", "invalid-entity-id", "param-illegal"})

Status = Literal["found", "redirected", "missing"]


@dataclass(frozen=True, slots=True)
class Read:
    """What became of an item that was asked for.

    Attributes:
        asked: its id as asked for.
        status: whether it is there, leads to another, or is gone.
        item: the item, or the one that it leads to; None when it is gone.
    """

    asked: str
    status: Status
    item: Item | None


@dataclass
class Wikidata:
    """The live service.

    Attributes:
        http: how to ask.
        cache: what it answered before.
        api: address of its action API.
        languages: of the names to keep, besides "mul"; empty for all.
        on_progress: told the number of items read, and of those asked for.
    """

    http: Polite
    cache: Cache
    api: str = API
    languages: frozenset[str] = frozenset()
    on_progress: Callable[[int, int], None] = lambda _read, _asked: None
    _above: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return "wikidata"

    @property
    def version(self) -> str:
        """The live items have revisions of their own; see `Item.revision`."""
        return "live"

    def items(self, query: Query) -> list[Item]:
        """The items that search finds for the names of a query, whole; in the order of the search.

        Raises:
            InputError: NET102 to NET104; what was answered is kept in the cache.
        """
        with ThreadPoolExecutor(AT_ONCE) as pool:
            searches = [pool.submit(self.search, name, query) for name in query.names]
            searches += [pool.submit(self.search_text, name, query) for name in query.names]
            every = [search.result() for search in searches]
        ids = list(dict.fromkeys(_interleaved(every)))[: max(query.limit, BATCH)]
        found = [read.item for read in self.read(ids) if read.item is not None]
        whole = self._with_superclasses(list({item.id: item for item in found}.values()))
        return [item for item in whole if not query.kinds or not item.kinds or item.kinds & query.kinds]

    def search(self, name: str, query: Query) -> list[str]:
        """Ids of items with a label or alias that starts so, in the query's language and its fallbacks."""
        answer = self._answer(
            {
                "action": "wbsearchentities", "search": name, "language": query.language, "uselang": "en",
                "type": "item", "limit": str(_FOUND),
            }
        )  # fmt: skip
        return _ids(answer.get("search"), "id")

    def search_text(self, name: str, query: Query) -> list[str]:
        """Ids of items that have the words anywhere; only humans where a person is looked for."""
        only = " haswbstatement:P31=Q5" if query.kinds == {PERSON} else ""
        answer = self._answer(
            {
                "action": "query", "list": "search", "srsearch": name + only, "srnamespace": "0",
                "srlimit": str(_FOUND),
            }
        )  # fmt: skip
        found = answer.get("query")
        return _ids(found.get("search") if isinstance(found, dict) else None, "title")

    def read(self, ids: Sequence[str], *, fresh: bool = False) -> list[Read]:
        """Read items by their ids, each from the cache or in batches.

        Args:
            ids: in any order; the same comes back once.
            fresh: ask anew for what is in the cache.

        Raises:
            InputError: NET102 to NET104; what was answered before is kept.
        """
        wanted = list(dict.fromkeys(ids))
        documents: dict[str, Any] = {}
        for each in wanted if not fresh else ():
            known = self.cache.get(f"entity {each}")
            if known is not None:
                documents[each] = known
        left = [each for each in wanted if each not in documents]
        self.on_progress(len(documents), len(wanted))
        for at in range(0, len(left), BATCH):
            batch = self._batch(left[at : at + BATCH])
            for each, document in batch.items():
                self.cache.put(f"entity {each}", document)
            documents |= batch
            self.on_progress(len(documents), len(wanted))
        return [self._read(each, documents[each]) for each in wanted]

    def _read(self, asked: str, document: Any) -> Read:
        item = entity.item(document, languages=self.languages)
        if item is None:
            return Read(asked, "missing", None)
        return Read(asked, "found" if item.id == asked else "redirected", item)

    def _batch(self, ids: list[str]) -> dict[str, Any]:
        """The documents of at most fifty ids; a batch with an invalid one is halved until that is found."""
        parameters = {
            "action": "wbgetentities", "ids": "|".join(ids), "redirects": "yes",
            "props": "info|labels|aliases|descriptions|claims|sitelinks",
        }  # fmt: skip
        if self.languages:
            parameters |= {
                "languages": "|".join(sorted({*self.languages, "mul", "en"})), "languagefallback": "1"
            }  # fmt: skip
        answer = self._fetch(parameters)
        error = answer.get("error")
        if isinstance(error, dict) and error.get("code") in _INVALID:
            if len(ids) == 1:
                return {ids[0]: {"id": ids[0], "missing": ""}}
            half = len(ids) // 2
            return self._batch(ids[:half]) | self._batch(ids[half:])
        found = answer.get("entities")
        if not isinstance(found, dict):
            raise _unexpected(answer)
        documents = [each for each in found.values() if isinstance(each, dict)]
        by_id = {asked: document for document in documents for asked in _asked(document)} | {
            asked: document for asked, document in found.items() if isinstance(document, dict)
        }
        lost = [each for each in ids if each not in by_id]
        if lost and len(lost) < len(ids):
            # An item and a redirect to it may come back as one.
            by_id |= self._batch(lost)
        elif lost:
            raise InputError(
                Problem("NET103", f"Wikidata's answer says nothing of {', '.join(lost[:5])}", fix="run again")
            )
        return {each: by_id[each] for each in ids}

    def _with_superclasses(self, items: list[Item]) -> list[Item]:
        """The items with the kinds that follow from their classes' superclasses."""
        self._climb({name for item in items for name in item.classes})
        found = []
        for item in items:
            whole = item.classes.union(*(self._above.get(name, frozenset()) for name in item.classes))
            kinds = wikidata_classes.kinds_of_classes(whole)
            found.append(replace(item, classes=whole, kinds=kinds))
        return found

    def _climb(self, wanted: Iterable[str]) -> None:
        """Read superclasses, level by level, as far as is needed to say what kind of thing it is."""
        parents: dict[str, list[str]] = {}
        level = {each for each in wanted if each not in self._above}
        start = set(level)
        for _ in range(_CLASS_DEPTH):
            ask = sorted(each for each in level if each not in parents and each not in wikidata_classes.ROOTS)
            if not ask:
                break
            parents |= dict(zip(ask, self._superclasses(ask), strict=True))
            level = {above for each in ask for above in parents[each]}
        for each in start:
            self._above[each] = _closure(each, parents)

    def _superclasses(self, ids: list[str]) -> list[list[str]]:
        known = {each: self.cache.get(f"superclasses {each}") for each in ids}
        left = [each for each in ids if known[each] is None]
        for at in range(0, len(left), BATCH):
            for each, document in self._batch(left[at : at + BATCH]).items():
                known[each] = list(entity.values(document, entity.SUBCLASS_OF))
                self.cache.put(f"superclasses {each}", known[each])
        return [known[each] or [] for each in ids]

    def _answer(self, parameters: dict[str, str]) -> dict[str, Any]:
        key = "answer " + json.dumps([self.api, parameters], sort_keys=True, ensure_ascii=False)
        known = self.cache.get(key)
        if isinstance(known, dict):
            return known
        answer = self._fetch(parameters)
        if "error" in answer:
            raise _unexpected(answer)
        self.cache.put(key, answer)
        return answer

    def _fetch(self, parameters: dict[str, str]) -> dict[str, Any]:
        always = {"format": "json", "formatversion": "1", "maxlag": "5"}
        answer = self.http.json(self.api, parameters | always)
        if not isinstance(answer, dict):
            raise _unexpected(answer)
        return answer


def _ids(rows: Any, name: str) -> list[str]:
    found = (str(row.get(name)) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return [each for each in found if QID.fullmatch(each)]


def _asked(document: dict[str, Any]) -> list[str]:
    """The ids that a document answers for: its own, and the one that led to it."""
    redirects = document.get("redirects")
    origin = redirects.get("from") if isinstance(redirects, dict) else None
    return [str(each) for each in (document.get("id"), origin) if each]


def _closure(name: str, parents: dict[str, list[str]]) -> frozenset[str]:
    seen = {name}
    level = [name]
    while level:
        level = [above for each in level for above in parents.get(each, ()) if above not in seen]
        seen.update(level)
    return frozenset(seen)


def _interleaved(lists: Sequence[Sequence[str]]) -> Iterable[str]:
    """First the firsts of all, then the seconds."""
    for at in range(max(map(len, lists), default=0)):
        yield from (each[at] for each in lists if at < len(each))


def _unexpected(answer: Any) -> InputError:
    error = answer.get("error") if isinstance(answer, dict) else None
    said = str(error.get("info") or error.get("code")) if isinstance(error, dict) else "no entities in it"
    return InputError(Problem("NET103", f"Wikidata's answer cannot be used: {quoted(said)}", fix="run again"))
