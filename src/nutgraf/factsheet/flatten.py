"""Flatten checked fact sheets and registers into the tables that mappings read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, Final

import pyarrow as pa

from nutgraf.factsheet import tables
from nutgraf.factsheet.check import Facts
from nutgraf.factsheet.keys import Index, Thing
from nutgraf.factsheet.sheet import Register, Sheet, slots, texts
from nutgraf.records.document import Document, pointer
from nutgraf.terms import edtf
from nutgraf.terms.vocabulary import NUT, SCHEMA, expand

REGISTER_GRAPH: Final = "graph/register"
_PLAN_STATUS: Final = {"planned": NUT + "Planned", "aim": NUT + "Aim"}

Row = dict[str, Any]
Steps = tuple[str | int, ...]


def flatten(facts: Facts) -> dict[str, pa.Table]:
    """Make the tables of a workspace.

    Args:
        facts: sheets and registers without errors.

    Returns:
        Table name → Arrow table, those of `tables.SCHEMAS` and of `tables.LINEAGE`. Rows come in the
        order of the files' names, then of the files' own lines.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for register in facts.registers:
        _RegisterRows(register, facts.index, rows).add_all()
    for sheet in facts.sheets:
        _SheetRows(sheet, facts.index, rows).add_all()
    # A record that fills several tables has one place.
    rows["record"] = list({row["record"]: row for row in rows["record"]}.values())
    return tables.arrow(rows)


@dataclass(frozen=True)
class _Place:
    """Where a row stands, and what supports it."""

    steps: Steps
    modality: str = "actual"
    evidence: str | None = None
    derivation: str | None = None
    published: bool = True

    def below(self, *steps: str | int) -> _Place:
        return replace(self, steps=(*self.steps, *steps))


class _Rows:
    """Adds rows to tables, with the place that each comes from."""

    source: str
    article: str | None = None
    graph: str

    def __init__(self, document: Document, index: Index, rows: dict[str, list[Row]]) -> None:
        self._document = document
        self._index = index
        self._rows = rows

    def _record_id(self, place: _Place) -> str:
        return f"{self._document.file}#{pointer(*place.steps)}"

    def _add(self, table: str, node: str, place: _Place, **values: Any) -> None:
        record = self._record_id(place)
        row = {"record": record, "node": node, "article": self.article, "graph": self.graph}
        self._rows[table].append(row | values)
        span = self._document.span(*place.steps)
        self._rows["record"].append(
            {
                "record": record,
                "source": self.source,
                "article": self.article,
                "file": span.file,
                "line": span.line,
                "column": span.column,
                "pointer": pointer(*place.steps),
                "modality": place.modality,
                "evidence": place.evidence,
                "derivation": place.derivation,
            }
        )

    def _add_texts(
        self, table: str, node: str, place: _Place, value: Any, language: str, column: str
    ) -> None:
        for tag, text in texts(value, language):
            self._add(table, node, place, **{column: text, "language": tag})

    def _add_formers(self, entry: Row, place: _Place) -> None:
        for number, key in enumerate(entry.get("formerly", ())):
            self._add("former", f"id/{key}", place.below("formerly", number), replaced_by=f"id/{entry['id']}")


class _RegisterRows(_Rows):
    source = "register"
    graph = REGISTER_GRAPH

    def __init__(self, register: Register, index: Index, rows: dict[str, list[Row]]) -> None:
        super().__init__(register.document, index, rows)
        self._register = register

    def add_all(self) -> None:
        for number, entry in self._register.records("entities"):
            place = _Place(("entities", number))
            _add_entity(self, entry, f"id/{entry['id']}", place, "und")
            self._add_formers(entry, place)
        # The names of events and offices are facts of the articles that name them.
        for block in ("events", "offices"):
            for number, entry in self._register.records(block):
                self._add_formers(entry, _Place((block, number)))


def _add_entity(rows: _Rows, entry: Row, node: str, place: _Place, language: str) -> None:
    status = _PLAN_STATUS.get(place.modality)
    types = [entry["type"]] if isinstance(entry["type"], str) else entry["type"]
    for number, kind in enumerate(types):
        steps = ("type",) if isinstance(entry["type"], str) else ("type", number)
        rows._add("entity", node, place.below(*steps), type=kind, plan_status=status)  # noqa: SLF001
    for column in ("name", "alternate", "description"):
        rows._add_texts("entity_text", node, place.below(column), entry.get(column), language, column)  # noqa: SLF001


class _SheetRows(_Rows):
    source = "article"

    def __init__(self, sheet: Sheet, index: Index, rows: dict[str, list[Row]]) -> None:
        super().__init__(sheet.document, index, rows)
        self._sheet = sheet
        self.article = sheet.id
        self.graph = f"graph/article/{sheet.id}"
        self._node = f"id/{sheet.id}"
        self._spans: set[tuple[int, int]] = set()

    def add_all(self) -> None:
        self._add_article()
        add = {
            "entities": self._add_own_entity,
            "mentions": self._add_mention,
            "events": self._add_event,
            "roles": self._add_role,
            "claims": self._add_claim,
            "quantities": self._add_quantity,
            "relations": self._add_relation,
        }
        for block, add_record in add.items():
            for number, record in self._sheet.records(block):
                place = self._enter(_Place((block, number)), record)
                if place.published:
                    add_record(record, place)

    # What supports a row.

    def _enter(self, place: _Place, holder: Row) -> _Place:
        """The place of a record or slot: its own assertion and evidence, else its parent's."""
        assertion = holder.get("assertion", {})
        place = replace(
            place,
            modality=assertion.get("modality", place.modality),
            published=place.published and assertion.get("status", "accepted") == "accepted",
        )
        if not place.published:
            return place
        record = self._record_id(place)
        if "evidence" in holder:
            place = replace(place, evidence=record)
            for span in holder["evidence"]:
                self._rows["evidence"].append(
                    {
                        "record": record,
                        "span": self._span(span),
                        "article": self.article,
                        "start": span["start"],
                        "end": span["end"],
                    }
                )
        if "derived" in holder:
            place = replace(place, derivation=record)
            self._add_derivation(record, holder["derived"])
        if "via" in holder:
            mention = f"{self._node}/{holder['via']['mention']}"
            self._rows["via"].append({"record": record, "mention": mention})
        return place

    def _add_derivation(self, record: str, derived: Row) -> None:
        number = len(self._rows["derivation"]) + 1
        self._rows["derivation"].append(
            {"record": record, "rule": derived["rule"], "article": self.article, "number": number}
        )
        for value in derived["inputs"].values():
            for span in value["evidence"]:
                self._rows["derivation_input"].append({"record": record, "span": self._span(span)})

    def _span(self, span: Row) -> str:
        """The node of a span of the article's text; its row is added once."""
        start, end = span["start"], span["end"]
        node = f"{self._node}#span-{start}-{end}"
        if (start, end) not in self._spans:
            self._spans.add((start, end))
            self._rows["span"].append(
                {
                    "record": None,
                    "node": node,
                    "article": self.article,
                    "graph": f"graph/evidence/{self.article}",
                    "article_node": self._node,
                    "selector": f"{self._node}#selector-{start}-{end}",
                    "start": start,
                    "end": end,
                    "sha256": span["sha256"],
                }
            )
        return node

    # References.

    def _thing(self, reference: str) -> Thing:
        thing = self._index.resolve(self._sheet.id, reference)
        if thing is None:
            raise KeyError(reference)  # references.check has refused it
        return thing

    def _add_slots(
        self, table: str, node: str, place: _Place, record: Row, column: str, name: str | None = None
    ) -> None:
        """One row a slot of the field `name`, its reference in `column`."""
        name = name or column
        for steps, slot in slots(record.get(name), name):
            below = self._enter(place.below(*steps), slot)
            if below.published:
                self._add(table, node, below, **{column: self._thing(slot["ref"]).node})

    # Blocks.

    def _add_article(self) -> None:
        article = self._sheet.document.data["article"]
        place, node, language = _Place(("article",)), self._node, self._sheet.language
        self._add(
            "article",
            node,
            place,
            language=language,
            translated=article.get("translated"),
            url=article.get("url"),
            text_sha256=article["text"]["sha256"],
            characters=article["text"]["length"],
        )
        for column in ("name", "description", "headline"):
            self._add_texts("article_text", node, place.below(column), article.get(column), language, column)
        for column in ("publisher", "author"):
            self._add_slots("article_slot", node, place, article, column)
        for name in ("published", "modified"):
            if name in article:
                self._add_article_time(article[name], place.below(name), name)

    def _add_article_time(self, time: Row, place: _Place, name: str) -> None:
        place = self._enter(place, time)
        values: Row = {"words": time.get("said"), "language": self._sheet.language}
        if "edtf" in time:
            moment = edtf.parse(time["edtf"]).start
            if f"{name}_{moment.precision}" in tables.SCHEMAS["article_time"].names:
                values[f"{name}_{moment.precision}"] = moment.lexical
        self._add("article_time", self._node, place, **values)

    def _add_own_entity(self, record: Row, place: _Place) -> None:
        _add_entity(self, record, f"{self._node}/{record['id']}", place, self._sheet.language)

    def _add_mention(self, record: Row, place: _Place) -> None:
        node = f"{self._node}/{record['id']}"
        self._add(
            "mention",
            node,
            place,
            article_node=self._node,
            entity=self._thing(record["entity"]).node,
            surface=record["surface"],
            sense=record.get("sense", "literal"),
            kind=record.get("kind", "name"),
            language=self._sheet.language,
        )
        self._rows["mention"][-1]["graph"] = f"graph/evidence/{self.article}"
        for number, span in enumerate(record["evidence"]):
            self._add("mention_span", node, place.below("evidence", number), span=self._span(span))
            self._rows["mention_span"][-1]["graph"] = f"graph/evidence/{self.article}"

    def _add_event(self, record: Row, place: _Place) -> None:
        thing = self._thing(record["id"])
        shared = self._index.register.get(record.get("event", ""))
        entry = shared.entry if shared else record
        kind, node = next(iter(thing.types)), thing.node
        curie = record.get("kind", entry.get("kind"))
        self._add(
            "event",
            node,
            place,
            type=kind,
            kind=expand(curie) if curie else None,
            plan_status=_PLAN_STATUS.get(place.modality),
            action_status=SCHEMA + "PotentialActionStatus"
            if kind == "Action" and place.modality in _PLAN_STATUS
            else None,
        )
        self._add_names("event_text", node, place, record, entry)
        whole = "super_event" if kind == "Event" else "part_of"
        self._add_slots("event_slot", node, place, record, whole, "partOf")
        for column in ("location", "about", "object", "result", "office", "occasion"):
            self._add_slots("event_slot", node, place, record, column)
        for number, slot in enumerate(record.get("participants", ())):
            below = self._enter(place.below("participants", number), slot)
            if below.published:
                self._add("participant", node, below, **{slot["role"]: self._thing(slot["ref"]).node})
        self._add_event_values(record, node, place)
        for steps, time in slots(record.get("time"), "time"):
            self._add_event_time(time, node, self._enter(place.below(*steps), time))

    def _add_names(self, table: str, node: str, place: _Place, record: Row, entry: Row) -> None:
        """The record's own names; else the register's in the article's language, or its first."""
        if "name" in record:
            self._add_texts(table, node, place.below("name"), record["name"], self._sheet.language, "name")
            return
        names = list(texts(entry.get("name"), self._sheet.language))
        chosen = [pair for pair in names if pair[0] == self._sheet.language] or names[:1]
        for tag, text in chosen:
            self._add(table, node, place, name=text, language=tag)

    def _add_event_values(self, record: Row, node: str, place: _Place) -> None:
        for column in ("ordinal", "duration"):
            if column in record:
                below = self._enter(place.below(column), record[column])
                if below.published:
                    self._add("event_value", node, below, **{column: record[column]["value"]})
        for number, phase in enumerate(record.get("phase", ())):
            below = self._enter(place.below("phase", number), phase)
            if below.published:
                self._add("event_value", node, below, phase=NUT + phase["is"].capitalize())

    def _add_event_time(self, time: Row, node: str, place: _Place) -> None:
        if not place.published:
            return
        values: Row = {"words": time.get("said"), "language": self._sheet.language}
        if "edtf" in time:
            parsed = edtf.parse(time["edtf"])
            values[f"start_{parsed.start.precision}"] = parsed.start.lexical
            if parsed.end:
                values[f"end_{parsed.end.precision}"] = parsed.end.lexical
        self._add("event_time", node, place, **values)

    def _add_role(self, record: Row, place: _Place) -> None:
        node = self._thing(record["id"]).node
        self._add("role", node, place, plan_status=_PLAN_STATUS.get(place.modality))
        self._add_texts("role_text", node, place.below("name"), record["name"], self._sheet.language, "name")
        for column in ("body", "member", "nominee"):
            self._add_slots("role_slot", node, place, record, column)

    def _add_claim(self, record: Row, place: _Place) -> None:
        node = f"{self._node}/{record['id']}"
        self._add(
            "claim",
            node,
            place,
            article_node=self._node,
            voice=f"{NUT}{record.get('voice', 'source').capitalize()}Voice",
            form=f"{NUT}{record['form'].capitalize()}Speech" if "form" in record else None,
            plan_status=_PLAN_STATUS.get(place.modality),
        )
        speakers = [self._thing(slot["ref"]).node for _, slot in slots(record.get("author"))]
        first = len(self._rows["record"])
        self._add_texts(
            "claim_text", node, place.below("abstract"), record["abstract"], self._sheet.language, "abstract"
        )
        self._add_slots("claim_slot", node, place, record, "about")
        self._add_slots("claim_slot", node, place, record, "reports")
        # What the claim says is the author's word; who says it, and where, is the article's.
        content = {row["record"]: None for row in self._rows["record"][first:]}
        self._rows["speaker"].extend({"record": row, "agent": agent} for row in content for agent in speakers)
        self._add_slots("claim_slot", node, place, record, "author")
        self._add_slots("claim_slot", node, place, record, "occasion")

    def _add_quantity(self, record: Row, place: _Place) -> None:
        of = next(slots(record["of"]))[1]
        thing = self._thing(of["ref"])
        node = f"{thing.node}#{record['property']}"
        value = record["value"]
        self._add(
            "quantity",
            node,
            place,
            of=thing.node,
            property=NUT + record["property"],
            **({"integer": value} if isinstance(value, int) else {"decimal": str(value)}),
        )
        for column in ("unit", "wording"):
            self._add_texts(
                "quantity_text", node, place.below(column), record.get(column), self._sheet.language, column
            )

    def _add_relation(self, record: Row, place: _Place) -> None:
        subject = next(slots(record["subject"], "subject"))
        node = self._thing(subject[1]["ref"]).node
        predicate = expand(record["predicate"])
        if "object" in record:
            for steps, slot in slots(record["object"], "object"):
                below = self._enter(place.below(*steps), slot)
                if below.published:
                    self._add(
                        "relation", node, below, predicate=predicate, object=self._thing(slot["ref"]).node
                    )
        elif "time" in record:
            below = self._enter(place.below("time"), record["time"])
            if "edtf" in record["time"] and below.published:
                moment = edtf.parse(record["time"]["edtf"]).start
                self._add("relation", node, below, predicate=predicate, **{moment.precision: moment.lexical})
        else:
            self._add_value(record["value"], node, place.below("value"), predicate)

    def _add_value(self, value: Any, node: str, place: _Place, predicate: str | None) -> None:
        if isinstance(value, bool):
            self._add("relation", node, place, predicate=predicate, boolean=value)
        elif isinstance(value, int):
            self._add("relation", node, place, predicate=predicate, integer=value)
        elif isinstance(value, float):
            self._add("relation", node, place, predicate=predicate, decimal=str(value))
        else:
            for tag, text in texts(value, self._sheet.language):
                self._add("relation", node, place, predicate=predicate, text=text, language=tag)
