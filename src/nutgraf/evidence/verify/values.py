"""Each kind of value that a fact publishes, against the passage that supports it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from nutgraf.evidence.verify import dates, numerals
from nutgraf.evidence.verify.names import Names
from nutgraf.evidence.verify.passage import Passage
from nutgraf.factsheet import text as texts
from nutgraf.factsheet.derivation import RULES
from nutgraf.factsheet.keys import Index, Thing
from nutgraf.factsheet.sheet import Sheet
from nutgraf.factsheet.sheet import texts as values
from nutgraf.problems import Problem, quoted
from nutgraf.records.places import Steps
from nutgraf.terms import edtf

Way = Literal["words", "description", "mention", "derived", "refused"]
WAYS: Final[tuple[Way, ...]] = ("words", "description", "mention", "derived", "refused")
"""How a fact passed: its evidence has the words; it is what the described thing's own record is drawn from;
a mention resolves the words; a rule computes the value; or it did not. From the plainest to the last."""

WIDEN: Final = "widen the evidence to the words that say it, or correct the fact"


class Values:
    """The values of one sheet; what does not pass is refused with its place."""

    def __init__(self, sheet: Sheet, index: Index, names: Names) -> None:
        self._sheet = sheet
        self._index = index
        self._names = names
        self.problems: list[Problem] = []

    def refuse(self, code: str, message: str, steps: Steps, *, why: str, fix: str = WIDEN) -> Way:
        self.problems.append(Problem(code, message, self._sheet.span(*steps), why=why, fix=fix))
        return "refused"

    # Names.

    def subject(self, key: str, steps: Steps, passage: Passage) -> Way:
        """The shared event or office that a record is about: the evidence names or mentions it."""
        thing = self._index.register.get(key)
        if thing is None or self._names.reaches(thing, passage):
            return "words"
        return self._refuse_name(thing, key, steps)

    def reference(self, slot: dict[str, Any], steps: Steps, passage: Passage) -> Way:
        """The thing in a slot: EVD203 where the evidence does not name it."""
        thing = self._index.resolve(self._sheet.id, slot["ref"])
        if thing is None:
            return "refused"  # REF101 has said so
        if "/" in slot["ref"] and not slot["ref"].startswith(f"{self._sheet.id}/"):
            return "description"  # another article's fact, which has its own evidence there
        if "via" in slot:
            return self.via(slot, steps, passage)
        way = self._names.way(thing, passage)
        if way:
            return way
        return self._refuse_name(thing, slot["ref"], (*steps, "ref"))

    def via(self, slot: dict[str, Any], steps: Steps, passage: Passage) -> Way:
        """The mention through which the words reach a thing: EVD204 where it is not among the words."""
        mention = self._names.mention(slot["via"]["mention"])
        if mention is None:
            return "refused"  # REF107 has said so
        if any(passage.holds(span) for span in mention["evidence"]):
            return "mention"
        places = ", ".join(f"{span['start']}–{span['end']}" for span in mention["evidence"])
        return self.refuse(
            "EVD204",
            f'the mention "{mention["id"]}" is not in the evidence',
            (*steps, "via", "mention"),
            why=f"the mention is at {places}, and the evidence at {passage.places}",
            fix="add the span of the mention to the evidence, or name another mention",
        )

    def _refuse_name(self, thing: Thing, key: str, steps: Steps) -> Way:
        place = self._names.elsewhere(thing)
        why = "the article mentions it nowhere"
        if place:
            why = f"the article mentions it first at {place[0]}–{place[1]}, and the evidence is other words"
        fix = f"{WIDEN}; a pronoun or description needs via:"
        return self.refuse("EVD203", f'the evidence does not name "{key}"', steps, why=why, fix=fix)

    # Numbers and times.

    def number(self, value: float, steps: Steps, passage: Passage) -> Way:
        """EVD201: the number is not in the evidence."""
        if Decimal(str(value)) in passage.numbers:
            return "words"
        said = ", ".join(f"{number}" for number in sorted(passage.numbers)) or "none"
        why = f"the numbers there: {said}"
        return self.refuse("EVD201", f"the evidence does not state {value}", steps, why=why)

    def duration(self, value: str, steps: Steps, passage: Passage) -> Way:
        """EVD201: the evidence does not count so many days, or what the unit is."""
        units = dates.duration_units(value, self._sheet.language)
        if units is None or all(self._counts(number, unit, passage) for number, unit in units):
            return "words"
        why = "the evidence does not have the number followed by its unit"
        return self.refuse("EVD201", f"the evidence does not state {value}", steps, why=why)

    def _counts(self, number: int, unit: str, passage: Passage) -> bool:
        return any(
            found.value == number and dates.follows(piece, found.end, unit)
            for piece in passage.pieces
            for found in numerals.numerals(piece, self._sheet.language)
        )

    def time(self, time: dict[str, Any], steps: Steps, passage: Passage) -> Way:
        """EVD202: the date is not in the evidence; EVD205: nor is an input of the rule that computes it."""
        way: Way = self.via(time, steps, passage) if "via" in time else "words"
        if "derived" in time:
            return self._derived(time["derived"], (*steps, "derived"))
        if "edtf" in time:
            return _last(way, self._date("EVD202", time["edtf"], (*steps, "edtf"), passage))
        return way  # the words themselves are checked as such: EVD105

    def _date(self, code: str, value: str, steps: Steps, passage: Passage) -> Way:
        try:
            published = edtf.parse(value)
        except ValueError:
            return "refused"  # TIM101 has said so
        if any(dates.covers(date.time, published) for date in passage.dates):
            return "words"
        said = ", ".join(_edtf(date.time) for date in passage.dates) or "none"
        return self.refuse(
            code, f"the evidence does not state {value}", steps, why=f"the dates there: {said}"
        )

    def _derived(self, derived: dict[str, Any], steps: Steps) -> Way:
        """A named rule whose inputs pass the same check; that it gives the value is TIM102."""
        way: Way = "derived" if derived["rule"] in RULES else "refused"
        for name, value in derived["inputs"].items():
            if "edtf" in value:
                passage = Passage.of(self._names.text, self._sheet.language, value["evidence"])
                way = _last(
                    way, self._date("EVD205", value["edtf"], (*steps, "inputs", name, "edtf"), passage)
                )
        return way

    # Words.

    def wording(self, value: Any, steps: Steps, passage: Passage) -> Way:
        """EVD209: words in the article's language, given as its own, that are not in the evidence."""
        for language, words in values(value, self._sheet.language):
            if language == self._sheet.language and not passage.says(words):
                message = f"the evidence does not say {quoted(words)}"
                return self.refuse("EVD209", message, steps, why="a wording is the article's own")
        return "words"

    def prose(self, value: Any, steps: Steps, passage: Passage, known: Sequence[Thing] = ()) -> Way:
        """EVD208: numbers, dates and names in words of ours that the evidence does not give."""
        way: Way = "words"
        for language, prose in values(value, self._sheet.language):
            for what in self._unsupported(prose, language, passage, known):
                why = "our own words count, date and name only what the article does"
                way = self.refuse("EVD208", f"the evidence does not give {quoted(what)}", steps, why=why)
        return way

    def _unsupported(
        self, prose: str, language: str, passage: Passage, known: Sequence[Thing]
    ) -> Iterator[str]:
        folded = texts.fold(prose)
        for numeral in numerals.numerals(folded, language):
            if numeral.value not in passage.numbers and not (numeral.in_words and numeral.value <= 1):
                yield folded[numeral.start : numeral.end]
        for date in dates.dates(folded, language):
            if not any(dates.covers(said.time, date.time) for said in passage.dates):
                yield folded[date.start : date.end]
        yield from self._names.unsupported(folded, passage, known)


def _last(*ways: Way) -> Way:
    return max(ways, key=WAYS.index)


def _edtf(time: edtf.Time) -> str:
    ends = [time.start, *([time.end] if time.end else [])]
    return "/".join(moment.lexical.replace("--", "XXXX-", 1) for moment in ends)
