"""The gate: each fact of a sheet against the words of its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nutgraf.evidence.verify.names import NAMING, Names
from nutgraf.evidence.verify.passage import Passage, cuts_a_word
from nutgraf.evidence.verify.values import WAYS, Values, Way
from nutgraf.factsheet import evidence
from nutgraf.factsheet import text as texts
from nutgraf.factsheet.keys import Index, Thing
from nutgraf.factsheet.sheet import Sheet, slots
from nutgraf.problems import Problem, in_order, quoted
from nutgraf.records.places import Steps

_SLOTS: Final[dict[str, tuple[str, ...]]] = {
    "events": ("partOf", "location", "participants", "about", "object", "result", "office", "occasion"),
    "roles": ("body", "member", "nominee"),
    "claims": ("author", "reports", "about", "occasion"),
    "quantities": ("of",),
    "relations": ("subject", "object"),
}


@dataclass
class Verdict:
    """What the gate found.

    Attributes:
        ways: how many facts passed each way; with the refused, they add up to the facts of the sheets.
        problems: why the refused did not pass, in order of their places.
    """

    ways: Counter[Way] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def added_to(self, problems: Iterable[Problem]) -> list[Problem]:
        """These problems and the verdict's, in order; where something else is wrong already, only that."""
        others = list(problems)
        taken = {problem.span for problem in others}
        return in_order([*others, *(problem for problem in self.problems if problem.span not in taken)])

    def __str__(self) -> str:
        passed = sum(self.ways.values()) - self.ways["refused"]
        labels = {
            "words": "in words of their evidence",
            "description": "by description",
            "mention": "through a mention",
            "derived": "by a rule",
        }
        ways = ", ".join(f"{self.ways[way]} {label}" for way, label in labels.items() if self.ways[way])  # type: ignore[index]
        refused = f"; {self.ways['refused']} refused" if self.ways["refused"] else ""
        return f"{passed} facts verified: {ways}{refused}"


def verify(sheets: Iterable[Sheet], index: Index, directory: Path) -> Verdict:
    """Verify every fact of some sheets.

    Args:
        sheets: what `factsheet.check` has read.
        index: the keys of the workspace.
        directory: folder of the articles' texts. A sheet whose text is not there is passed over:
            `factsheet.check` has said so (EVD104).

    Returns:
        The ways and the problems; see `verify_sheet`.
    """
    verdict = Verdict()
    for sheet in sheets:
        text = evidence.read_text(sheet, directory)
        if text is not None:
            found = verify_sheet(sheet, index, text)
            verdict.ways.update(found.ways)
            verdict.problems.extend(found.problems)
    return verdict


def verify_sheet(sheet: Sheet, index: Index, text: str) -> Verdict:
    """Verify every fact of one sheet against its normalised text.

    Returns:
        EVD201 a number, EVD202 a date, EVD203 a name that is not in the evidence; EVD204 a mention that
        is not in the evidence of the fact that goes by it; EVD205 a derived value whose input is not in
        its evidence; EVD206 a span that begins or ends within a word; EVD207 a mention whose words are
        another thing's name; EVD208 words of ours that count or name what the evidence does not; EVD209
        words given as the article's that are not in the evidence.
    """
    gate = _Gate(sheet, index, text)
    gate.check_ground()
    return Verdict(gate.ways(), in_order(gate.problems))


class _Gate:
    def __init__(self, sheet: Sheet, index: Index, text: str) -> None:
        self._sheet = sheet
        self._index = index
        self._text = text
        self._names = Names(sheet, index, text)
        self._values = Values(sheet, index, self._names)

    @property
    def problems(self) -> list[Problem]:
        return self._values.problems

    # Facts, counted as `nutgraf.factsheet.counts` counts them.

    def ways(self) -> Counter[Way]:
        found: Counter[Way] = Counter()
        for block in ("events", "roles"):
            for number, record in self._sheet.records(block):
                found.update(_Record(self, block, record, (block, number)).each())
        for block in ("claims", "quantities", "relations"):
            for number, record in self._sheet.records(block):
                found[_Record(self, block, record, (block, number)).whole()] += 1
        return found

    def passage(self, holder: dict[str, Any], parent: Passage | None = None) -> Passage:
        """The evidence of a record or slot: its own, else its parent's, else the whole text."""
        if "evidence" in holder:
            return Passage.of(self._text, self._sheet.language, holder["evidence"])
        return parent or Passage(self._text, self._sheet.language, ((0, len(self._text)),))

    # What facts rest on.

    def check_ground(self) -> None:
        """Spans of whole words, mentions, names of things, and our words about the article."""
        self._check_spans()
        self._check_mentions()
        self._check_article()
        for number, entity in self._sheet.records("entities"):
            self._check_entity(entity, ("entities", number))

    def _check_spans(self) -> None:
        for steps, span in evidence.spans(self._sheet.document.data):
            start, end = span["start"], span["end"]
            if start < end <= len(self._text) and cuts_a_word(self._text, start, end):
                self._values.refuse(
                    "EVD206",
                    f"the span {start}–{end} begins or ends within a word or number",
                    steps,
                    why="half a word says something else: 96 stands in 196",
                    fix="print the selector of whole words with `nutgraf evidence`",
                )

    def _check_mentions(self) -> None:
        """EVD207: a mention of one thing whose words are the name of another, and not its own."""
        for number, mention in self._sheet.records("mentions"):
            thing = self._index.resolve(self._sheet.id, mention["entity"])
            named = mention.get("kind", "name") in NAMING and mention.get("sense", "literal") == "literal"
            if thing and named and self._names.is_another(thing, texts.fold(mention["surface"]).casefold()):
                self._values.refuse(
                    "EVD207",
                    f"{quoted(mention['surface'])} is the name of another thing",
                    ("mentions", number, "entity"),
                    why=f'nothing calls "{mention["entity"]}" so',
                    fix="correct the entity, or write sense: metonym where a name stands for another thing",
                )

    def _check_article(self) -> None:
        article, whole = self._sheet.document.data["article"], self.passage({})
        for name in ("name", "description"):
            self._values.prose(article.get(name), ("article", name), whole)
        for name in ("publisher", "author"):
            for steps, slot in slots(article.get(name), "article", name):
                self._values.reference(slot, steps, self.passage(slot, whole))

    def _check_entity(self, entity: dict[str, Any], steps: Steps) -> None:
        passage = self.passage(entity)
        thing = self._index.resolve(self._sheet.id, entity["id"])
        for mention in self._names.mentions_of(thing) if thing else ():
            passage |= self.passage(mention)
        for name in ("name", "alternate"):
            self._values.prose(entity.get(name), (*steps, name), passage)
        # A description tells how the whole article uses the thing.
        self._values.prose(entity.get("description"), (*steps, "description"), self.passage({}))


class _Record:
    """One record of a sheet: the ways of what it states."""

    def __init__(self, gate: _Gate, block: str, record: dict[str, Any], steps: Steps) -> None:
        self._gate = gate
        self._values = gate._values  # noqa: SLF001
        self._block = block
        self._record = record
        self._steps = steps
        self._about = gate.passage(record)
        self._whole = self._about
        self._known: list[Thing] = []

    def each(self) -> list[Way]:
        """Of an event or role: one fact a slot, or one for itself where it has none."""
        subject = self._subject()
        ways = [*self._references(), *self._single_values(), *self._times()]
        ways += ["words"] * len(self._record.get("phase", ()))
        prose = self._prose("name")
        if "refused" in {subject, prose}:
            return ["refused"] * max(1, len(ways))
        return ways or [prose]

    def whole(self) -> Way:
        """Of a claim, quantity or relation, which are one fact each: the last of the ways of its parts."""
        record, about = self._record, self._about
        ways = [*self._references(), *self._times()]
        value = record.get("value")
        if isinstance(value, int | float) and not isinstance(value, bool):
            ways.append(self._values.number(value, (*self._steps, "value"), about))
        elif not isinstance(value, bool):
            ways.append(self._prose("value"))
        ways += [self._prose("abstract"), self._prose("unit")]
        ways.append(self._values.wording(record.get("wording"), (*self._steps, "wording"), about))
        return max(ways, key=WAYS.index)

    def _subject(self) -> Way:
        name = {"events": "event", "roles": "office"}[self._block]
        if name not in self._record:
            return "words"
        return self._values.subject(self._record[name], (*self._steps, name), self._about)

    def _references(self) -> Iterator[Way]:
        for name in _SLOTS[self._block]:
            for steps, slot in slots(self._record.get(name), *self._steps, name):
                way = self._values.reference(slot, steps, self._passage(slot))
                thing = self._gate._index.resolve(self._gate._sheet.id, slot["ref"])  # noqa: SLF001
                if thing and way != "refused":
                    self._known.append(thing)
                yield way

    def _single_values(self) -> Iterator[Way]:
        for name in ("ordinal", "duration"):
            if name in self._record:
                holder, steps = self._record[name], (*self._steps, name, "value")
                check = self._values.number if name == "ordinal" else self._values.duration
                yield check(holder["value"], steps, self._passage(holder))

    def _times(self) -> Iterator[Way]:
        for steps, time in slots(self._record.get("time"), *self._steps, "time"):
            yield self._values.time(time, steps, self._passage(time))

    def _passage(self, holder: dict[str, Any]) -> Passage:
        passage = self._gate.passage(holder, self._about)
        self._whole |= passage
        return passage

    def _prose(self, name: str) -> Way:
        return self._values.prose(self._record.get(name), (*self._steps, name), self._whole, self._known)
