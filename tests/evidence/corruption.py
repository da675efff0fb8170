"""Corrupt real facts in named ways, each of which makes the sheet say what its article does not.

What a kind needs to know of the article (which words stand in a passage, which sentence is next) it finds
by means of its own: nothing of the verifier is used.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from nutgraf.factsheet import evidence
from nutgraf.factsheet.check import Facts
from nutgraf.factsheet.coverage import split
from nutgraf.factsheet.keys import Thing
from nutgraf.factsheet.sheet import Sheet, slots
from nutgraf.factsheet.sheet import texts as values
from nutgraf.factsheet.text import select
from nutgraf.records.document import Document
from nutgraf.records.places import Steps

_REFERENCES = {
    "events": ("partOf", "location", "participants", "about", "object", "office"),
    "roles": ("body", "member", "nominee"),
    "claims": ("author", "reports", "about"),
    "quantities": ("of",),
    "relations": ("subject", "object"),
}


@dataclass(frozen=True)
class Corrupted:
    """A sheet with one lie in it.

    Attributes:
        kind: how it was corrupted.
        what: the change, for people.
        sheet: the whole sheet.
        steps: where the change is.
        codes: what a right reason is.
    """

    kind: str
    what: str
    sheet: Sheet
    steps: Steps
    codes: frozenset[str]


@dataclass(frozen=True)
class _Slot:
    sheet: Sheet
    steps: Steps
    record: dict[str, Any]
    slot: dict[str, Any]

    @property
    def spans(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.slot.get("evidence") or self.record["evidence"]
        return found


@dataclass(frozen=True)
class _Draft:
    """A change that has not been made yet: most candidates are never drawn."""

    kind: str
    what: str
    sheet: Sheet
    steps: Steps
    value: Any
    codes: frozenset[str]
    count: int | None = None

    def make(self) -> Corrupted:
        document = self.sheet.document
        data = copy.deepcopy(document.data)
        holder = data
        for step in self.steps[:-1]:
            holder = holder[step]
        holder[self.steps[-1]] = self.value
        if self.count is not None:
            data["quantities"][self.steps[1]]["value"] = self.count
        places = replace(
            document.places,
            values={steps: span for steps, span in document.places.values.items() if _is_there(data, steps)},
        )
        changed = Sheet(Document(document.file, data, places, document.raw))
        return Corrupted(self.kind, self.what, changed, self.steps, self.codes)


def _is_there(data: Any, steps: Steps) -> bool:
    for step in steps:
        known = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
        if step not in known:
            return False
        data = data[step]
    return True


class Corrupter:
    """Makes corrupted sheets from real ones; the same seed makes the same."""

    def __init__(self, facts: Facts, texts: dict[str, str], seed: int) -> None:
        self._facts = facts
        self._texts = texts
        self._random = random.Random(seed)  # noqa: S311

    def make(self, counts: dict[str, int]) -> list[Corrupted]:
        """So many of each kind, all different."""
        made = []
        for kind, count in counts.items():
            candidates = list(_KINDS[kind](self))
            assert len(candidates) >= count, f"{kind}: only {len(candidates)}"
            made += [draft.make() for draft in self._random.sample(candidates, count)]
        return made

    def every(self, kind: str) -> list[Corrupted]:
        """All of a kind."""
        return [draft.make() for draft in _KINDS[kind](self)]

    # What corrupters look at.

    def _slots(self) -> Iterator[_Slot]:
        for sheet in self._facts.sheets:
            for block, fields in _REFERENCES.items():
                for number, record in sheet.records(block):
                    for name in fields:
                        for steps, slot in slots(record.get(name), block, number, name):
                            yield _Slot(sheet, steps, record, slot)

    def _thing(self, sheet: Sheet, key: str) -> Thing:
        thing = self._facts.index.resolve(sheet.id, key)
        assert thing
        return thing

    def _others(self, slot: _Slot) -> list[str]:
        """Keys of things of the same kind that the passage neither names nor mentions, nor is drawn from."""
        index, meant = self._facts.index, self._thing(slot.sheet, slot.slot["ref"])
        keys = [*index.register, *index.articles[slot.sheet.id]]
        return [
            key
            for key in keys
            if (thing := self._thing(slot.sheet, key)).types == meant.types
            and thing.node != meant.node
            and not self._is_in(thing, slot)
        ]

    def _is_in(self, thing: Thing, slot: _Slot) -> bool:
        text = self._texts[slot.sheet.id]
        passage = " ".join(text[span["start"] : span["end"]] for span in slot.spans).lower()
        names = [
            name.lower()
            for column in ("name", "alternate")
            for _, name in values(thing.entry.get(column), slot.sheet.language)
        ]
        spans = [*thing.entry.get("evidence", ()), *self._mentions(thing, slot.sheet)]
        return any(name in passage for name in names) or any(
            own["start"] < span["end"] and span["start"] < own["end"] for own in spans for span in slot.spans
        )

    def _mentions(self, thing: Thing, sheet: Sheet) -> list[dict[str, Any]]:
        return [
            span
            for _, mention in sheet.records("mentions")
            if self._thing(sheet, mention["entity"]).node == thing.node
            for span in mention["evidence"]
        ]

    def _neighbours(self, slot: _Slot) -> Iterator[tuple[int, int]]:
        """The sentences just before and after the passage's."""
        sentences = list(split(self._texts[slot.sheet.id]))
        first, last = slot.spans[0]["start"], slot.spans[-1]["end"]
        inside = [at for at, (start, end) in enumerate(sentences) if start < last and first < end]
        for at in (inside[0] - 1, inside[-1] + 1) if inside else ():
            if 0 <= at < len(sentences):
                yield sentences[at]

    def _changed(self, kind: str, what: str, sheet: Sheet, steps: Steps, value: Any, *codes: str) -> _Draft:
        return _Draft(kind, f"{sheet.id} {what}", sheet, steps, value, frozenset(codes))

    # Kinds.

    def shifted_span(self) -> Iterator[_Draft]:
        """A span moved along the text, its hash left as it was."""
        for sheet in self._facts.sheets:
            text = self._texts[sheet.id]
            for steps, span in evidence.spans(sheet.document.data):
                by = self._random.choice([-17, -6, -1, 1, 5, 23])
                start, end = span["start"] + by, span["end"] + by
                if 0 <= start < end <= len(text) and text[start:end] != text[span["start"] : span["end"]]:
                    moved = {**span, "start": start, "end": end}
                    yield self._changed(
                        "shifted span",
                        f"{steps} by {by}",
                        sheet,
                        steps,
                        moved,
                        "EVD103",
                    )

    def moved_span(self) -> Iterator[_Draft]:
        """The evidence of a number, date or name moved to the next sentence, and hashed again."""
        for slot in self._slots():
            if "evidence" not in slot.slot or "via" in slot.slot:
                continue
            thing = self._thing(slot.sheet, slot.slot["ref"])
            for start, end in self._neighbours(slot):
                span = _span(self._texts[slot.sheet.id], start, end)
                if not self._is_in(thing, _Slot(slot.sheet, slot.steps, {}, {"evidence": [span]})):
                    yield self._changed(
                        "moved span",
                        f"{slot.steps}",
                        slot.sheet,
                        (*slot.steps, "evidence"),
                        [span],
                        "EVD203",
                    )

    def cut_number(self) -> Iterator[_Draft]:
        """A span that begins within a number, so that what is left is another number."""
        for sheet, number, record in self._quantities():
            text, value = self._texts[sheet.id], str(record["value"])
            for span in record["evidence"]:
                at = text.find(value, span["start"], span["end"])
                for cut in range(1, len(value)):
                    cut_span = _span(text, at + cut, span["end"])
                    draft = self._changed(
                        "cut number",
                        f"{record['id']} after {cut} digits",
                        sheet,
                        ("quantities", number, "evidence", 0),
                        cut_span,
                        "EVD206",
                    )
                    yield replace(draft, count=int(value[cut:]))

    def _quantities(self) -> Iterator[tuple[Sheet, int, dict[str, Any]]]:
        for sheet in self._facts.sheets:
            for number, record in sheet.records("quantities"):
                yield sheet, number, record

    def wrong_number(self) -> Iterator[_Draft]:
        """A count that the article does not give: one digit less or more, digits swapped, off by one."""
        for sheet, number, record in self._quantities():
            value = record["value"]
            for wrong in {value + 100, value - 90, value + 1, int(str(value)[::-1]), value * 10, 96, 196}:
                if wrong not in {value, 1} and str(wrong) not in self._words(sheet, record["evidence"]):
                    yield self._changed(
                        "wrong number",
                        f"{record['id']} {wrong} for {value}",
                        sheet,
                        ("quantities", number, "value"),
                        wrong,
                        "EVD201",
                    )

    def _words(self, sheet: Sheet, spans: list[dict[str, Any]]) -> list[str]:
        text = self._texts[sheet.id]
        return re.findall(r"\w+", " ".join(text[span["start"] : span["end"]] for span in spans))

    def wrong_session(self) -> Iterator[_Draft]:
        """92nd for 93rd and the like: the ordinal of a session, or the session itself."""
        for sheet in self._facts.sheets:
            for number, record in sheet.records("events"):
                other = {"interpol-ga-92": "interpol-ga-93", "interpol-ga-93": "interpol-ga-92"}
                if "ordinal" in record:
                    for wrong in {92, 93, 91, 94} - {record["ordinal"]["value"]}:
                        yield self._changed(
                            "wrong session",
                            f"{record['id']} ordinal {wrong}",
                            sheet,
                            ("events", number, "ordinal", "value"),
                            wrong,
                            "EVD201",
                        )
                if record.get("event") in other:
                    yield self._changed(
                        "wrong session",
                        f"{record['id']} is {other[record['event']]}",
                        sheet,
                        ("events", number, "event"),
                        other[record["event"]],
                        "EVD203",
                    )

    def swapped_name(self) -> Iterator[_Draft]:
        """Another thing of the same kind, which the passage does not name."""
        for slot in self._slots():
            others = self._others(slot)
            if others:
                yield self._with_name("swapped name", slot, self._random.choice(others))

    def neighbouring_name(self) -> Iterator[_Draft]:
        """Another thing of the same kind, which the sentence before or after names."""
        for slot in self._slots():
            near = list(self._neighbours(slot))
            for key in self._others(slot):
                spans = self._mentions(self._thing(slot.sheet, key), slot.sheet)
                if any(start <= span["start"] < end for span in spans for start, end in near):
                    yield self._with_name("neighbouring name", slot, key)

    def _with_name(self, kind: str, slot: _Slot, key: str) -> _Draft:
        short = isinstance(slot.sheet.document.at(*slot.steps), str)
        steps = slot.steps if short else (*slot.steps, "ref")
        code = "REF108" if "via" in slot.slot else "EVD203"
        what = f"{steps} {key} for {slot.slot['ref']}"
        return self._changed(kind, what, slot.sheet, steps, key, code)

    def distant_mention(self) -> Iterator[_Draft]:
        """A name that the passage does not have, with a mention of it from elsewhere in the article."""
        for slot in self._slots():
            for key in self._others(slot):
                node = self._thing(slot.sheet, key).node
                mentions = [
                    mention["id"]
                    for _, mention in slot.sheet.records("mentions")
                    if self._thing(slot.sheet, mention["entity"]).node == node
                ]
                if mentions:
                    via = {"kind": "description", "mention": self._random.choice(mentions)}
                    wrong = {**slot.slot, "ref": key, "via": via}
                    what = f"{slot.steps} {key} by {via['mention']}"
                    yield self._changed(
                        "distant mention",
                        what,
                        slot.sheet,
                        slot.steps,
                        wrong,
                        "EVD204",
                    )

    def unresolved_pronoun(self) -> Iterator[_Draft]:
        """A pronoun or description with nothing to say whom it means."""
        for slot in self._slots():
            if "via" in slot.slot:
                thing = self._thing(slot.sheet, slot.slot["ref"])
                bare = {name: value for name, value in slot.slot.items() if name != "via"}
                if not self._is_named(thing, slot):
                    yield self._changed(
                        "unresolved pronoun",
                        f"{slot.steps}",
                        slot.sheet,
                        slot.steps,
                        bare,
                        "EVD203",
                    )

    def _is_named(self, thing: Thing, slot: _Slot) -> bool:
        """Whether the passage has a name of a thing, or is drawn from by its own record."""
        text = self._texts[slot.sheet.id]
        passage = " ".join(text[span["start"] : span["end"]] for span in slot.spans).lower()
        names = [
            *(name for column in ("name", "alternate") for _, name in values(thing.entry.get(column), "en")),
            *(
                mention["surface"]
                for _, mention in slot.sheet.records("mentions")
                if self._thing(slot.sheet, mention["entity"]).node == thing.node
                and mention.get("kind", "name") not in {"pronoun", "description"}
            ),
        ]
        return bool(thing.entry.get("evidence")) or any(name.lower() in passage for name in names)

    def invented_date(self) -> Iterator[_Draft]:
        """Another day, month or year, or a year where the text has none."""
        for sheet, steps, value in self._dates():
            for wrong in sorted(_other_dates(value)):
                yield self._changed(
                    "invented date",
                    f"{steps} {wrong} for {value}",
                    sheet,
                    steps,
                    wrong,
                    "EVD205" if "inputs" in steps else "EVD202",
                )

    def _dates(self) -> Iterator[tuple[Sheet, Steps, str]]:
        for sheet in self._facts.sheets:
            for steps in sheet.document.places.values:
                is_time = bool(steps) and steps[-1] == "edtf" and steps[0] != "article"
                if is_time and "derived" not in sheet.document.at(*steps[:-1]):
                    yield sheet, steps, sheet.document.at(*steps)

    def invented_in_paraphrase(self) -> Iterator[_Draft]:
        """A name or number added to a paraphrase of ours."""
        for sheet in self._facts.sheets:
            for number, record in sheet.records("claims"):
                for words in (
                    "in Portugal",
                    "said Ronald Noble",
                    "by 97 votes",
                    "before 1987",
                    "and Casablanca",
                ):
                    text = " ".join(self._words(sheet, [{"start": 0, "end": 10**6}]))
                    if words.split()[-1] in text and words != "and Casablanca":
                        continue
                    if "Casablanca" in text:
                        continue
                    abstract = {
                        tag: f"{prose.rstrip('.')} {words}." for tag, prose in record["abstract"].items()
                    }
                    yield self._changed(
                        "invented in paraphrase",
                        f"{record['id']} {words}",
                        sheet,
                        ("claims", number, "abstract"),
                        abstract,
                        "EVD208",
                    )

    def mistaken_mention(self) -> Iterator[_Draft]:
        """A name in the text taken for another person, body or place."""
        register = self._facts.index.register
        for sheet in self._facts.sheets:
            for number, mention in sheet.records("mentions"):
                thing = register.get(mention["entity"])
                if (
                    thing is None
                    or mention["surface"] not in dict(values(thing.entry.get("name"), "en")).values()
                ):
                    continue
                for key, other in register.items():
                    if other.types == thing.types & {"Person", "City", "Continent"} and other is not thing:
                        yield self._changed(
                            "mistaken mention",
                            f"{mention['id']} is {key}",
                            sheet,
                            ("mentions", number, "entity"),
                            key,
                            "EVD207",
                        )

    def invented_wording(self) -> Iterator[_Draft]:
        """A wording that the article does not have."""
        for sheet, number, record in self._quantities():
            for words in ("ballots", "voix", "delegates"):
                yield self._changed(
                    "invented wording",
                    f"{record['id']} {words}",
                    sheet,
                    ("quantities", number, "wording"),
                    {sheet.language: words},
                    "EVD209",
                )


def _span(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "sha256": select(text, start, end).sha256}


def _other_dates(value: str) -> set[str]:
    wrong = {
        re.sub(r"XXXX", "2024", value),
        re.sub(r"XXXX", "2025", value),
        re.sub(r"^19", "18", value),
        re.sub(r"^20", "19", value),
        value.replace("-11-", "-12-"),
        re.sub(r"-11-0?(\d)$", r"-11-1\1", value),
        value.partition("/")[0],
    }
    return wrong - {value}


_KINDS: dict[str, Callable[[Corrupter], Iterator[_Draft]]] = {
    "shifted span": Corrupter.shifted_span,
    "moved span": Corrupter.moved_span,
    "cut number": Corrupter.cut_number,
    "wrong number": Corrupter.wrong_number,
    "wrong session": Corrupter.wrong_session,
    "swapped name": Corrupter.swapped_name,
    "neighbouring name": Corrupter.neighbouring_name,
    "distant mention": Corrupter.distant_mention,
    "unresolved pronoun": Corrupter.unresolved_pronoun,
    "invented date": Corrupter.invented_date,
    "invented in paraphrase": Corrupter.invented_in_paraphrase,
    "mistaken mention": Corrupter.mistaken_mention,
    "invented wording": Corrupter.invented_wording,
}

COUNTS = {
    "shifted span": 12,
    "moved span": 10,
    "cut number": 4,
    "wrong number": 10,
    "wrong session": 8,
    "swapped name": 12,
    "neighbouring name": 12,
    "distant mention": 6,
    "unresolved pronoun": 4,
    "invented date": 10,
    "invented in paraphrase": 6,
    "mistaken mention": 4,
    "invented wording": 2,
}
"""A hundred in all."""
