"""The rows of one fact sheet: what each block says, and the evidence that supports it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from nutgraf.factsheet.keys import Index, Thing
from nutgraf.factsheet.rows import PLAN_STATUS, Place, Row, Rows, Tables
from nutgraf.factsheet.sheet import Sheet, slots, texts
from nutgraf.records.places import Steps
from nutgraf.terms import edtf
from nutgraf.terms.vocabulary import NUT, SCHEMA, expand


class SheetRows:
    """Adds the rows of one sheet to the tables."""

    def __init__(self, sheet: Sheet, index: Index, rows: Tables) -> None:
        self._sheet = sheet
        self._index = index
        self._tables = rows
        self._node = f"id/{sheet.id}"
        self._evidence_graph = f"graph/evidence/{sheet.id}"
        self._rows = Rows(sheet.document, rows, "article", f"graph/article/{sheet.id}", sheet.id)
        self._spans: set[tuple[int, int]] = set()

    def add_all(self) -> None:
        """Add the article and every published record of the sheet."""
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
                place = self._enter(Place((block, number)), record)
                if place.published:
                    add_record(record, place)

    # What supports a row.

    def _enter(self, place: Place, holder: Row) -> Place:
        """The place of a record or slot: its own assertion and evidence, else its parent's."""
        assertion = holder.get("assertion", {})
        place = replace(
            place,
            modality=assertion.get("modality", place.modality),
            published=place.published and assertion.get("status", "accepted") == "accepted",
        )
        if not place.published:
            return place
        record = self._rows.record_id(place)
        if "evidence" in holder:
            place = replace(place, evidence=record)
            self._add_evidence(record, holder["evidence"])
        if "derived" in holder:
            place = replace(place, derivation=record)
            self._add_derivation(record, holder["derived"])
        if "via" in holder:
            mention = f"{self._node}/{holder['via']['mention']}"
            self._tables["via"].append({"record": record, "mention": mention})
        return place

    def _add_evidence(self, record: str, evidence: list[Row]) -> None:
        for span in evidence:
            row = {"record": record, "span": self._span(span), "article": self._sheet.id}
            self._tables["evidence"].append(row | {"start": span["start"], "end": span["end"]})

    def _add_derivation(self, record: str, derived: Row) -> None:
        row = {"record": record, "rule": derived["rule"], "article": self._sheet.id}
        self._tables["derivation"].append(row | {"number": len(self._tables["derivation"]) + 1})
        for value in derived["inputs"].values():
            for span in value["evidence"]:
                self._tables["derivation_input"].append({"record": record, "span": self._span(span)})

    def _span(self, span: Row) -> str:
        """The node of a span of the article's text; its row is added once."""
        start, end = span["start"], span["end"]
        node = f"{self._node}#span-{start}-{end}"
        if (start, end) not in self._spans:
            self._spans.add((start, end))
            self._tables["span"].append(
                {
                    "record": None,
                    "node": node,
                    "article": self._sheet.id,
                    "graph": self._evidence_graph,
                    "article_node": self._node,
                    "selector": f"{self._node}#selector-{start}-{end}",
                    "start": start,
                    "end": end,
                    "sha256": span["sha256"],
                }
            )
        return node

    # Slots.

    def _thing(self, reference: str) -> Thing:
        thing = self._index.resolve(self._sheet.id, reference)
        if thing is None:
            raise KeyError(reference)  # references.check has refused it
        return thing

    def _published(self, value: Any, place: Place, *steps: str | int) -> Iterator[tuple[Row, Place]]:
        """The accepted slots of a field, each with its place."""
        found: Iterator[tuple[Steps, Row]] = slots(value, *steps)
        for below, slot in found:
            entered = self._enter(place.below(*below), slot)
            if entered.published:
                yield slot, entered

    def _add_slots(
        self, table: str, node: str, place: Place, record: Row, column: str, name: str | None = None
    ) -> list[str]:
        """One row a slot of the field `name`, its reference in `column`; returns their records."""
        name = name or column
        return [
            self._rows.add(table, node, below, **{column: self._thing(slot["ref"]).node})
            for slot, below in self._published(record.get(name), place, name)
        ]

    def _add_texts(self, table: str, node: str, place: Place, record: Row, column: str) -> list[str]:
        """One row a text of the field `column`, in the article's language where it names none."""
        value, language = record.get(column), self._sheet.language
        return self._rows.add_texts(table, node, place.below(column), value, language, column)

    # Blocks.

    def _add_article(self) -> None:
        article: Row = self._sheet.document.data["article"]
        place, node = Place(("article",)), self._node
        self._rows.add(
            "article",
            node,
            place,
            language=self._sheet.language,
            translated=article.get("translated"),
            url=article.get("url"),
            text_sha256=article["text"]["sha256"],
            characters=article["text"]["length"],
        )
        for column in ("name", "description", "headline"):
            self._add_texts("article_text", node, place, article, column)
        for column in ("publisher", "author"):
            self._add_slots("article_slot", node, place, article, column)
        for name in ("published", "modified"):
            for time, below in self._published(article.get(name), place, name):
                values = self._words(time)
                if "edtf" in time:
                    moment = edtf.parse(time["edtf"]).start
                    values[f"{name}_{moment.precision}"] = moment.lexical
                self._rows.add("article_time", node, below, **values)

    def _words(self, time: Row) -> Row:
        return {"words": time.get("said"), "language": self._sheet.language}

    def _add_own_entity(self, record: Row, place: Place) -> None:
        self._rows.add_entity(record, f"{self._node}/{record['id']}", place, self._sheet.language)

    def _add_mention(self, record: Row, place: Place) -> None:
        node, graph = f"{self._node}/{record['id']}", self._evidence_graph
        self._rows.add(
            "mention",
            node,
            place,
            graph=graph,
            article_node=self._node,
            entity=self._thing(record["entity"]).node,
            surface=record["surface"],
            sense=record.get("sense", "literal"),
            kind=record.get("kind", "name"),
            language=self._sheet.language,
        )
        for number, span in enumerate(record["evidence"]):
            below = place.below("evidence", number)
            self._rows.add("mention_span", node, below, graph=graph, span=self._span(span))

    def _add_event(self, record: Row, place: Place) -> None:
        thing = self._thing(record["id"])
        shared = self._index.register.get(record.get("event", ""))
        entry = shared.entry if shared else record
        kind, node = next(iter(thing.types)), thing.node
        curie = record.get("kind", entry.get("kind"))
        is_planned_action = kind == "Action" and place.modality in PLAN_STATUS
        self._rows.add(
            "event",
            node,
            place,
            type=kind,
            kind=expand(curie) if curie else None,
            plan_status=PLAN_STATUS.get(place.modality),
            action_status=SCHEMA + "PotentialActionStatus" if is_planned_action else None,
        )
        self._add_event_names(node, place, record, entry)
        whole = "super_event" if kind == "Event" else "part_of"
        self._add_slots("event_slot", node, place, record, whole, "partOf")
        for column in ("location", "about", "object", "result", "office", "occasion"):
            self._add_slots("event_slot", node, place, record, column)
        for slot, below in self._published(record.get("participants"), place, "participants"):
            self._rows.add("participant", node, below, **{slot["role"]: self._thing(slot["ref"]).node})
        self._add_event_values(record, node, place)

    def _add_event_names(self, node: str, place: Place, record: Row, entry: Row) -> None:
        """The record's own names; else the register's in the article's language, or its first."""
        if "name" in record:
            self._add_texts("event_text", node, place, record, "name")
            return
        names = list(texts(entry.get("name"), self._sheet.language))
        chosen = [pair for pair in names if pair[0] == self._sheet.language] or names[:1]
        for tag, text in chosen:
            self._rows.add("event_text", node, place, name=text, language=tag)

    def _add_event_values(self, record: Row, node: str, place: Place) -> None:
        for column in ("ordinal", "duration"):
            for slot, below in self._published(record.get(column), place, column):
                self._rows.add("event_value", node, below, **{column: slot["value"]})
        for slot, below in self._published(record.get("phase"), place, "phase"):
            self._rows.add("event_value", node, below, phase=NUT + slot["is"].capitalize())
        for time, below in self._published(record.get("time"), place, "time"):
            self._rows.add("event_time", node, below, **self._words(time), **_ends(time))

    def _add_role(self, record: Row, place: Place) -> None:
        node = self._thing(record["id"]).node
        self._rows.add("role", node, place, plan_status=PLAN_STATUS.get(place.modality))
        self._add_texts("role_text", node, place, record, "name")
        for column in ("body", "member", "nominee"):
            self._add_slots("role_slot", node, place, record, column)

    def _add_claim(self, record: Row, place: Place) -> None:
        node = f"{self._node}/{record['id']}"
        self._rows.add(
            "claim",
            node,
            place,
            article_node=self._node,
            voice=f"{NUT}{record.get('voice', 'source').capitalize()}Voice",
            form=f"{NUT}{record['form'].capitalize()}Speech" if "form" in record else None,
            plan_status=PLAN_STATUS.get(place.modality),
        )
        # What the claim says is the author's word; who says it, and where, is the article's.
        content = [
            *self._add_texts("claim_text", node, place, record, "abstract"),
            *self._add_slots("claim_slot", node, place, record, "about"),
            *self._add_slots("claim_slot", node, place, record, "reports"),
        ]
        speakers = [self._thing(slot["ref"]).node for _, slot in slots(record.get("author"))]
        for row in dict.fromkeys(content):
            self._tables["speaker"].extend({"record": row, "agent": agent} for agent in speakers)
        self._add_slots("claim_slot", node, place, record, "author")
        self._add_slots("claim_slot", node, place, record, "occasion")

    def _add_quantity(self, record: Row, place: Place) -> None:
        for of, below in self._published(record["of"], place, "of"):
            thing = self._thing(of["ref"])
            node = f"{thing.node}#{record['property']}"
            measured = NUT + record["property"]
            self._rows.add("quantity", node, place, property=measured, **_number(record["value"]))
            # A row of its own, for what supports it are the words that name the thing.
            self._rows.add("quantity", node, below, of=thing.node)
            for column in ("unit", "wording"):
                self._add_texts("quantity_text", node, place, record, column)

    def _add_relation(self, record: Row, place: Place) -> None:
        predicate = expand(record["predicate"])
        for subject, at in self._published(record["subject"], place, "subject"):
            node = self._thing(subject["ref"]).node
            for values, below in self._relation_values(record, place):
                self._rows.add("relation", node, below, predicate=predicate, **values)
                if "evidence" in subject or "via" in subject:
                    # The words that name the subject support the statement as well as those that state it.
                    support = replace(at, modality=below.modality, derivation=below.derivation)
                    self._rows.add("relation", node, support, predicate=predicate, **values)

    def _relation_values(self, record: Row, place: Place) -> Iterator[tuple[Row, Place]]:
        """The columns that hold the object, the time or the value of a relation."""
        for slot, below in self._published(record.get("object"), place, "object"):
            yield {"object": self._thing(slot["ref"]).node}, below
        for time, below in self._published(record.get("time"), place, "time"):
            moment = edtf.parse(time["edtf"]).start
            yield {moment.precision: moment.lexical}, below
        value = record.get("value")
        if isinstance(value, bool):
            yield {"boolean": value}, place.below("value")
        elif isinstance(value, int | float):
            yield _number(value), place.below("value")
        else:
            for tag, text in texts(value, self._sheet.language):
                yield {"text": text, "language": tag}, place.below("value")


def _number(value: float) -> Row:
    """A number in the column of its type; a decimal without an exponent, which xsd:decimal has not."""
    if isinstance(value, int):
        return {"integer": value}
    return {"decimal": format(Decimal(repr(value)), "f")}


def _ends(time: Row) -> Row:
    """The columns of a time: its start, and its end where it is an interval."""
    if "edtf" not in time:
        return {}
    parsed = edtf.parse(time["edtf"])
    values = {f"start_{parsed.start.precision}": parsed.start.lexical}
    if parsed.end:
        values[f"end_{parsed.end.precision}"] = parsed.end.lexical
    return values
