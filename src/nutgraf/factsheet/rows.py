"""The rows of the tables, each with the place that it comes from and what supports it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any, Final

from nutgraf.factsheet.sheet import texts
from nutgraf.records.document import Document, pointer
from nutgraf.records.places import Steps
from nutgraf.terms.vocabulary import NUT

PLAN_STATUS: Final = {"planned": NUT + "Planned", "aim": NUT + "Aim"}
"""Modality → the status of what is not there yet."""

Row = dict[str, Any]
Tables = defaultdict[str, list[Row]]


@dataclass(frozen=True)
class Place:
    """Where a row stands, and what supports it.

    Attributes:
        steps: from the root of the document.
        modality: how sure its statements are.
        evidence: the record, itself or around it, that has the evidence.
        derivation: the record that has the derivation.
        published: whether it and all around it are accepted.
    """

    steps: Steps
    modality: str = "actual"
    evidence: str | None = None
    derivation: str | None = None
    published: bool = True

    def below(self, *steps: str | int) -> Place:
        """A place inside this one, supported by what supports this one."""
        return replace(self, steps=(*self.steps, *steps))


@dataclass
class Rows:
    """Adds the rows of one document to the tables.

    Attributes:
        document: what the rows come from.
        tables: table name → its rows; shared by all documents.
        source: register or article.
        graph: the graph that the rows' statements are in.
        article: id of the article; None for a register.
        places: record → its row of the table `record`.
    """

    document: Document
    tables: Tables
    source: str
    graph: str
    article: str | None = None
    places: dict[str, Row] = field(default_factory=dict)

    def record_id(self, place: Place) -> str:
        """The file and JSON Pointer of a place."""
        return f"{self.document.file}#{pointer(*place.steps)}"

    def add(self, table: str, node: str, place: Place, *, graph: str | None = None, **values: Any) -> str:
        """Add a row, and where it stands; returns its record."""
        record = self.record_id(place)
        common = {"record": record, "node": node, "article": self.article, "graph": graph or self.graph}
        self.tables[table].append(common | values)
        if record not in self.places:  # a record that fills several tables has one place
            self.places[record] = self._place(record, place)
            self.tables["record"].append(self.places[record])
        return record

    def _place(self, record: str, place: Place) -> Row:
        span = self.document.span(*place.steps)
        return {
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

    def add_texts(
        self, table: str, node: str, place: Place, value: Any, language: str, column: str
    ) -> list[str]:
        """A row for each text of a field; returns their records."""
        return [
            self.add(table, node, place, **{column: text, "language": tag})
            for tag, text in texts(value, language)
        ]

    def add_entity(self, entry: Row, node: str, place: Place, language: str) -> None:
        """The types and names of a person, body, place or topic."""
        status = PLAN_STATUS.get(place.modality)
        if isinstance(entry["type"], str):
            self.add("entity", node, place.below("type"), type=entry["type"], plan_status=status)
        else:
            for number, kind in enumerate(entry["type"]):
                self.add("entity", node, place.below("type", number), type=kind, plan_status=status)
        for column in ("name", "alternate", "description"):
            self.add_texts("entity_text", node, place.below(column), entry.get(column), language, column)
