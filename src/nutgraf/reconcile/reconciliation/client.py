"""Any reconciliation service as a source of candidates."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any, Final

from nutgraf.problems import InputError, Problem, quoted
from nutgraf.reconcile.classes import kinds_of_classes
from nutgraf.reconcile.items import KINDS, QID, Item, Name, Query
from nutgraf.reconcile.polite import Polite

_SPOKEN: Final = frozenset({"0.1", "0.2"})
_WIKIDATA: Final = ("http://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/")


@dataclass(frozen=True)
class ReconciliationService:
    """A service at an address. Its `match` is not trusted: several candidates may have it, or none.

    Attributes:
        url: address of its endpoint.
        http: how to ask.
    """

    url: str
    http: Polite

    @functools.cached_property
    def manifest(self) -> dict[str, Any]:
        """What the service says of itself.

        Raises:
            InputError: REC101 it is no such service, or speaks no version known here; NET102 to NET104.
        """
        found = self.http.json(self.url, {})
        if not isinstance(found, dict) or not isinstance(found.get("name"), str):
            raise _no_service(self.url, "its answer is no manifest")
        versions = found.get("versions", ["0.1"])  # where it says nothing it is of the time before versions
        if not isinstance(versions, list) or not _SPOKEN & set(map(str, versions)):
            raise _no_service(self.url, f"it speaks {quoted(str(versions))}, not 0.2")
        return found

    @property
    def name(self) -> str:
        return str(self.manifest["name"])

    @property
    def version(self) -> str:
        return str(self.manifest.get("serviceVersion", ""))

    def items(self, query: Query) -> list[Item]:
        """The items that the service gives for each name; those whose ids are no QIDs are left out.

        Raises:
            InputError: REC102 the answer is no result, or the service reports an error; NET102 to NET104.
        """
        assert self.manifest is not None, "it raises when there is none"
        queries = {f"q{at}": {"query": name, "limit": query.limit} for at, name in enumerate(query.names)}
        answer = self.http.json(self.url, {"queries": json.dumps(queries, ensure_ascii=False)}, post=True)
        found: dict[str, Item] = {}
        for key in queries:
            batch = answer.get(key) if isinstance(answer, dict) else None
            results = batch.get("result") if isinstance(batch, dict) else None
            if not isinstance(results, list):
                message = f"the answer of {self.name} has no result for {key}"
                raise InputError(Problem("REC102", message, fix="try the service again, or leave it out"))
            for candidate in results:
                item = self._item(candidate)
                if item is not None and (not query.kinds or not item.kinds or query.kinds & item.kinds):
                    found.setdefault(item.id, item)
        return list(found.values())

    def _item(self, candidate: Any) -> Item | None:
        if not isinstance(candidate, dict) or not isinstance(candidate.get("name"), str):
            return None
        qid = str(candidate.get("id", ""))
        for prefix in _WIKIDATA:
            qid = qid.removeprefix(prefix)
        if not QID.fullmatch(qid):
            return None
        types = candidate.get("type")
        ids = frozenset(
            str(each.get("id")) if isinstance(each, dict) else str(each)
            for each in (types if isinstance(types, list) else ())
        )
        classes = frozenset(each for each in ids if QID.fullmatch(each))
        name = candidate["name"]
        return Item(
            qid, name, str(candidate.get("description") or ""), (Name(name, "und", "label"),),
            (ids & frozenset(KINDS)) | kinds_of_classes(classes), classes, source=self.name,
        )  # fmt: skip


def _no_service(url: str, reason: str) -> InputError:
    message = f"{url} is no reconciliation service: {reason}"
    return InputError(Problem("REC101", message, fix="give the address that OpenRefine would be given"))
