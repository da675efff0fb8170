"""Whether a passage names a thing: by an alias, by a mention, or because it states the thing itself."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from nutgraf.evidence.verify.passage import Passage
from nutgraf.factsheet import text as texts
from nutgraf.factsheet.keys import Index, Thing
from nutgraf.factsheet.sheet import Sheet
from nutgraf.factsheet.sheet import texts as values

Way = Literal["words", "description"]
"""How a passage names a thing: by a name, or as the words that the thing's own record is drawn from."""

NAMED: Final = frozenset(
    """Person Organization GovernmentOrganization NewsMediaOrganization EducationalOrganization Place
    Country City AdministrativeArea Continent BodyOfWater Legislation CreativeWork""".split()
)
"""Types of things that have proper names; the others are described."""

NAMING: Final = frozenset({"name", "alias", "heading"})
"""Kinds of mentions whose words name a thing; a pronoun or description needs `via` to do so."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ELIDED: Final = re.compile(r"^(?:[cdjlmnst]|qu)'", re.IGNORECASE)
_FUNCTION_WORDS: Final = frozenset("a an and de des du for in l la le les of on pour the un une à".split())
_SHORTEST_STEM: Final = 4
_LONGEST_ACRONYM: Final = 6


class Names:
    """What a sheet's passages can name: the register's things and its own, with their mentions."""

    def __init__(self, sheet: Sheet, index: Index, text: str) -> None:
        self._sheet = sheet
        self.text = text
        self._index = index
        self._mentions: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._aliases: dict[str, tuple[str, ...]] = {}
        self._by_id: dict[str, dict[str, Any]] = {}
        for _, mention in sheet.records("mentions"):
            self._by_id[mention["id"]] = mention
            thing = index.resolve(sheet.id, mention["entity"])
            if thing:
                self._mentions[thing.node].append(mention)
        self.things = {
            thing.node: thing
            for thing in (*index.register.values(), *index.articles.get(sheet.id, {}).values())
        }

    def mention(self, key: str) -> dict[str, Any] | None:
        """A mention of the sheet."""
        return self._by_id.get(key)

    def aliases(self, thing: Thing) -> tuple[str, ...]:
        """The names of a thing in the language of the article; in any language where it has none in that.

        A claim, quantity or relation has none: it is described.
        """
        if thing.node not in self._aliases:
            pairs = [
                pair
                for column in ("name", "alternate")
                for pair in values(thing.entry.get(column), self._sheet.language)
            ]
            primary = self._sheet.language.partition("-")[0]
            own = tuple(text for tag, text in pairs if tag.partition("-")[0] == primary)
            self._aliases[thing.node] = own or tuple(text for _, text in pairs)
        return self._aliases[thing.node]

    def way(self, thing: Thing, passage: Passage) -> Way | None:
        """How a passage names a thing, or None where it does not.

        A pronoun or a description does not name by itself: a slot says by `via` that it does.
        """
        if self._says(thing, passage):
            return "words"
        if any(mention.get("kind", "name") in NAMING for mention in self.mentioned(thing, passage)):
            return "words"
        return "description" if self._states(thing, passage) else None

    def reaches(self, thing: Thing, passage: Passage) -> bool:
        """Whether a passage names a thing, or has any mention of it: a pronoun, a description."""
        return bool(self.way(thing, passage) or self.mentioned(thing, passage))

    def mentioned(self, thing: Thing, passage: Passage) -> list[dict[str, Any]]:
        """The mentions of a thing that stand in a passage."""
        return [
            mention
            for mention in self._mentions.get(thing.node, ())
            if any(passage.holds(span) for span in mention["evidence"])
        ]

    def mentions_of(self, thing: Thing) -> list[dict[str, Any]]:
        """Every mention of a thing in the sheet."""
        return self._mentions.get(thing.node, [])

    def is_another(self, thing: Thing, surface: str) -> bool:
        """Whether words are the name of a person, body or place, and not of this thing."""
        owners = {
            other.node
            for other in self.things.values()
            if other.types & NAMED
            and any(texts.fold(alias).casefold() == surface for alias in self.aliases(other))
        }
        return bool(owners) and thing.node not in owners

    def elsewhere(self, thing: Thing) -> tuple[int, int] | None:
        """Where the article first mentions a thing, or the thing's own record is drawn from."""
        records = [*self._mentions.get(thing.node, ()), thing.entry]
        spans = [(span["start"], span["end"]) for each in records for span in each.get("evidence", ())]
        return min(spans, default=None)

    def _says(self, thing: Thing, passage: Passage) -> bool:
        return any(passage.says(alias) for alias in self.aliases(thing))

    def _states(self, thing: Thing, passage: Passage) -> bool:
        """Whether the passage is of the words that the thing's own record is drawn from."""
        if not thing.node.startswith(f"id/{self._sheet.id}/"):
            return False
        own = thing.entry.get("evidence", ())
        if "surface" in thing.entry or thing.types & NAMED:
            return any(passage.holds(span) for span in own)
        return any(passage.touches(span) for span in own)

    # Names in our own prose.

    def unsupported(self, prose: str, passage: Passage, known: Sequence[Thing]) -> list[str]:
        """The names in a text of ours that neither a passage nor the things it reaches account for.

        Args:
            prose: a paraphrase or label, folded.
            passage: the evidence of what it says.
            known: what the fact is about, each verified.
        """
        found = [word for word in self._capitalised(prose) if not _explains(passage.pieces, word)]
        return [
            word
            for word in found
            if not any(self._is_named(thing, word) for thing in known)
            and not any(
                self._is_named(thing, word) and self.reaches(thing, passage) for thing in self.things.values()
            )
        ]

    def _is_named(self, thing: Thing, word: str) -> bool:
        """Whether a word is part of a thing's name, in any language."""
        names = self._all_names.get(thing.node, ())
        return bool(names) and _explains(names, word)

    @functools.cached_property
    def _all_names(self) -> dict[str, tuple[str, ...]]:
        return {
            thing.node: tuple(
                texts.fold(text)
                for column in ("name", "alternate")
                for _, text in values(thing.entry.get(column), self._sheet.language)
            )
            for thing in self.things.values()
        }

    def _capitalised(self, prose: str) -> Iterator[str]:
        """The words of a text that look like names; its first word only where it is part of a known name."""
        first = True
        for match in _WORD.finditer(prose):
            word = _ELIDED.sub("", match[0]).removesuffix("'s").removesuffix("'")
            elided = word != match[0].removesuffix("'s").removesuffix("'")
            for part in word.split("-"):
                is_name = part.casefold() in self._name_words or part.isupper()
                if part[:1].isupper() and len(part) > 1 and (is_name or not first or elided):
                    yield part
            first = False

    @functools.cached_property
    def _name_words(self) -> frozenset[str]:
        """Every word with a capital in the name of a person, body or place."""
        return frozenset(
            word.casefold()
            for thing in self.things.values()
            if thing.types & NAMED
            for column in ("name", "alternate")
            for _, name in values(thing.entry.get(column), self._sheet.language)
            if len(name.split()) == 1 or not thing.entry.get("evidence")
            for word in _capital_words(name)
        )


def _capital_words(name: str) -> Iterator[str]:
    for match in _WORD.finditer(texts.fold(name)):
        word = _ELIDED.sub("", match[0])
        if word[:1].isupper():
            yield from (part for part in word.split("-") if part.casefold() not in _FUNCTION_WORDS)


@functools.lru_cache(maxsize=4096)
def _vocabulary(pieces: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The words of some texts, and the initials of every run of them."""
    words = frozenset(word for piece in pieces for word in _words(piece))
    return words, frozenset(found for piece in pieces for found in _initials(piece))


def _explains(pieces: tuple[str, ...], word: str) -> bool:
    """Whether a word is one of some texts', a form of one, or the initials of several."""
    words, initials = _vocabulary(pieces)
    folded = word.casefold()
    return (word.isupper() and folded in initials) or any(_akin(folded, other) for other in words)


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        word = _ELIDED.sub("", match[0]).removesuffix("'s").removesuffix("'")
        yield from (part.casefold() for part in word.split("-"))


def _initials(text: str) -> Iterator[str]:
    """The initials of every run of words of a text, such as "ai" of "artificial intelligence"."""
    letters = "".join(word[0] for word in _words(text))
    for length in range(2, _LONGEST_ACRONYM):
        yield from (letters[at : at + length] for at in range(len(letters) - length + 1))


def _akin(word: str, other: str) -> bool:
    """Whether two words are one, or one's form: Morocco and Moroccan, Afrique and Africa.

    >>> _akin("moroccan", "morocco"), _akin("glasgow", "rabat")
    (True, False)
    """
    if word == other:
        return True
    shared = max(_SHORTEST_STEM, min(len(word), len(other)) - 2)
    return word[:shared] == other[:shared]
