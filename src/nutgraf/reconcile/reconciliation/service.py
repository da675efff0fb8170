"""Answer reconciliation queries from an index; plain data in and out, no HTTP.

The types are the kinds PER, ORG, LOC and EVT, Wikidata classes, and schema.org class names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from nutgraf.problems import InputError, Problem
from nutgraf.reconcile import score
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.classes import ROOTS, kinds_of
from nutgraf.reconcile.items import KINDS, QID, Item, Query
from nutgraf.reconcile.score import Candidate
from nutgraf.reconcile.things import Thing

VERSIONS: Final = ("0.1", "0.2")
MAX_QUERIES: Final = 200
MAX_LIMIT: Final = 100
_DEFAULT_LIMIT: Final = 10
_DEPTH: Final = 10
_KIND_NAMES: Final = {"PER": "person", "ORG": "organization", "LOC": "place", "EVT": "event"}
_KIND_TYPES: Final = {"PER": "Person", "ORG": "Organization", "LOC": "Place", "EVT": "Event"}
_RELATED: Final = {"P17": "country", "P131": "territory", "P27": "citizenship", "P39": "office"}
PROPERTIES: Final = {
    "names": "names", "description": "description", "classes": "instance of", "begin": "first year",
    "end": "last year",
}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """The service over one index.

    Attributes:
        index: where names are looked up.
        url: address that clients reach it at.
    """

    index: Authority
    url: str

    def manifest(self) -> dict[str, Any]:
        """What the service offers."""
        suggest = {
            kind: {"service_url": self.url, "service_path": f"/suggest/{kind}"}
            for kind in ("entity", "type", "property")
        }
        sources = ", ".join(dict.fromkeys(each.name for each in self.index.manifest.sources))
        return {
            "versions": list(VERSIONS),
            "name": f"nutgraf ({sources})",
            "identifierSpace": "http://www.wikidata.org/entity/",
            "schemaSpace": "http://www.wikidata.org/prop/direct/",
            "serviceVersion": version("nutgraf"),
            "view": {"url": "https://www.wikidata.org/wiki/{{id}}"},
            "defaultTypes": [{"id": kind, "name": _KIND_NAMES[kind]} for kind in KINDS],
            "suggest": suggest,
            "preview": {"url": f"{self.url}/preview?id={{{{id}}}}", "width": 400, "height": 120},
            "extend": {
                "propose_properties": {"service_url": self.url, "service_path": "/properties"},
                "property_settings": [],
            },
        }

    def reconcile(self, queries: Any) -> dict[str, Any]:
        """Answer a batch of queries.

        Raises:
            InputError: REC103 the batch is malformed or too large.
        """
        if not isinstance(queries, dict) or not all(isinstance(each, dict) for each in queries.values()):
            raise _malformed("queries must be an object of queries")
        if len(queries) > MAX_QUERIES:
            raise _malformed(f"a batch has at most {MAX_QUERIES} queries")
        return {key: {"result": self._answer(query)} for key, query in queries.items()}

    def _answer(self, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        text = query.get("query", "")
        if not isinstance(text, str):
            raise _malformed("query must be text")
        wanted = _number(query.get("limit"), _DEFAULT_LIMIT, MAX_LIMIT)
        types = query.get("type", [])
        types = [types] if isinstance(types, str) else types
        if not isinstance(types, list) or not all(isinstance(each, str) for each in types):
            raise _malformed("type must be a text or a list of texts")
        if not text.strip():
            return []
        if QID.fullmatch(text.strip()):
            item = self.index.item(text.strip())
            return [_result_of_id(item)] if item else []
        thing = _thing(text, types)
        linked = {f"id/{number}": qid for number, qid in enumerate(_related(query.get("properties")))}
        thing = Thing(thing.node, thing.types, thing.names, beside=frozenset(linked))
        asked = Query((text,), kinds_of(thing.types), limit=max(wanted, _DEPTH))
        items = (self.index.item(match.item.id) for match in self.index.search(asked))
        found = score.candidates(thing, [item for item in items if item], linked)
        if query.get("type_strict") == "all" or types:
            found = [each for each in found if _fits(each.item, thing)]
        return [_result(each) for each in found[:wanted]]

    def suggest_entity(self, prefix: str, cursor: int = 0) -> dict[str, Any]:
        """Items with a name that starts so, or with this id."""
        item = self.index.item(prefix) if QID.fullmatch(prefix) else None
        found = [item] if item else [match.item for match in self.index.starting_with(prefix, 20 + cursor)]
        return {"result": [_described(each) | {"notable": _types(each)} for each in found[cursor:]]}

    def suggest_type(self, prefix: str) -> dict[str, Any]:
        """Kinds whose name starts so."""
        names = [{"id": kind, "name": _KIND_NAMES[kind]} for kind in KINDS]
        return {"result": [each for each in names if _starts(each, prefix)]}

    def suggest_property(self, prefix: str) -> dict[str, Any]:
        """Properties whose name starts so: those that queries may state, and those of data extension."""
        every = [{"id": key, "name": name} for key, name in (_RELATED | PROPERTIES).items()]
        return {"result": [each for each in every if _starts(each, prefix)]}

    def propose_properties(self, kind: str, limit: int) -> dict[str, Any]:
        """Properties that data extension can fetch."""
        every = [{"id": key, "name": name} for key, name in PROPERTIES.items()]
        return {"properties": every[:limit], "type": kind, "limit": limit}

    def extend(self, query: Any) -> dict[str, Any]:
        """Values of properties of items.

        Raises:
            InputError: REC103 the query is malformed or too large.
        """
        ids = query.get("ids") if isinstance(query, dict) else None
        asked = query.get("properties") if isinstance(query, dict) else None
        if not isinstance(ids, list) or not isinstance(asked, list) or len(ids) > MAX_QUERIES:
            raise _malformed(f"extend needs ids, at most {MAX_QUERIES}, and properties")
        names = [str(each.get("id")) for each in asked if isinstance(each, dict)]
        names = [name for name in names if name in PROPERTIES]
        rows = {}
        for qid in map(str, ids):
            item = self.index.item(qid) if QID.fullmatch(qid) else None
            rows[qid] = {name: _values(item, name) if item else [] for name in names}
        return {"meta": [{"id": name, "name": PROPERTIES[name]} for name in names], "rows": rows}

    def item(self, qid: str) -> Item | None:
        """An item, for its preview."""
        return self.index.item(qid) if QID.fullmatch(qid) else None


def _thing(text: str, types: list[str]) -> Thing:
    classes = {_KIND_TYPES.get(ROOTS.get(each, each), each) for each in types}
    return Thing("id/query", frozenset(classes or {"Thing"}), (("en", text),))


def _fits(item: Item, thing: Thing) -> bool:
    wanted = kinds_of(thing.types)
    return not wanted or not item.kinds or bool(wanted & item.kinds)


def _related(properties: Any) -> list[str]:
    """The items that the query says the thing has to do with."""
    found = []
    for each in properties if isinstance(properties, list) else ():
        values = each.get("v") if isinstance(each, dict) else None
        for value in values if isinstance(values, list) else [values]:
            qid = value.get("id") if isinstance(value, dict) else value
            if isinstance(qid, str) and QID.fullmatch(qid):
                found.append(qid)
    return found


def _result(candidate: Candidate) -> dict[str, Any]:
    features: list[dict[str, Any]] = [
        {"id": each.id, "value": round(each.points, 2)} for each in candidate.features
    ]
    features.append({"id": "similarity", "value": round(candidate.similarity, 4)})
    return _described(candidate.item) | {
        "score": candidate.score,
        "match": score.proposal([candidate]) == "accept",
        "features": features,
        "type": _types(candidate.item),
    }


def _result_of_id(item: Item) -> dict[str, Any]:
    return _described(item) | {"score": 100, "match": True, "type": _types(item)}


def _described(item: Item) -> dict[str, Any]:
    found = {"id": item.id, "name": item.label}
    return found | ({"description": item.description} if item.description else {})


def _types(item: Item) -> list[dict[str, str]]:
    return [{"id": kind, "name": _KIND_NAMES.get(kind, kind)} for kind in sorted(item.kinds)]


def _values(item: Item, name: str) -> list[dict[str, Any]]:
    if name == "names":
        return [{"str": text} for text in dict.fromkeys(each.text for each in item.names)]
    if name == "classes":
        return [{"id": each, "name": each} for each in sorted(item.classes)]
    value = getattr(item, name)
    if isinstance(value, int):
        return [{"int": value}]
    return [{"str": value}] if value else []


def _starts(row: Mapping[str, str], prefix: str) -> bool:
    prefix = prefix.casefold()
    return row["name"].casefold().startswith(prefix) or row["id"].casefold().startswith(prefix)


def _number(value: Any, default: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return max(1, min(most, int(value)))


def _malformed(message: str) -> InputError:
    return InputError(Problem("REC103", message, fix="see the Reconciliation API 0.2"))
