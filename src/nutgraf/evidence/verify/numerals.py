"""Numbers in a text: digits, ordinals, and number words in English and French."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as a text writes it.

    Attributes:
        value: the number.
        start: first character.
        end: character after the last.
        in_words: whether it is spelled out.
    """

    value: Decimal
    start: int
    end: int
    in_words: bool = False


# A comma or a space groups thousands; the other sign begins the decimals.
_DIGITS: Final = {
    "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d|,\d)|\d+(?:\.\d+)?",
    "fr": r"\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?",
}
_ORDINAL: Final = {"en": r"(?:st|nd|rd|th)?", "fr": r"(?:ers?|ères?|res?|e|es|èmes?|emes?|nde?|nd)?"}
_GROUPING: Final = {"en": ",", "fr": "[ \u00a0\u202f.]"}

_UNITS: Final = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen".split(),
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize".split(),
}
_TENS: Final = {
    "en": {
        "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90,
    },
    "fr": {
        "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
        "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
    },
}  # fmt: skip
_HUNDRED: Final = {"en": {"hundred"}, "fr": {"cent", "cents"}}
_SCALES: Final = {
    "en": {"thousand": 10**3, "million": 10**6, "billion": 10**9},
    "fr": {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9},
}
_AND: Final = {"en": "and", "fr": "et"}
_IRREGULAR: Final = {
    "en": {"first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight",
           "ninth": "nine", "twelfth": "twelve"},
    "fr": {"premier": "un", "première": "un", "second": "deux", "seconde": "deux", "unième": "un",
           "cinquième": "cinq", "neuvième": "neuf"},
}  # fmt: skip
_SYNONYMS: Final = {"en": {"twice": 2, "thrice": 3, "dozen": 12}, "fr": {"une": 1, "douzaine": 12}}
_WORD: Final = re.compile(r"[^\W\d_]+")
_BETWEEN: Final = re.compile(r"[-‐‑ \u00a0]+")
_HUNDRED_VALUE: Final = 100
_FOURSCORE: Final = 4
_TEEN: Final = range(10, 20)
_SCORE_TENS: Final = frozenset({60, 80})


def numerals(text: str, language: str) -> list[Numeral]:
    """Every number of a text, in order; of languages other than English and French, only digits.

    >>> [str(found.value) for found in numerals("196 members, twenty-one cities, the 92nd time", "en")]
    ['196', '21', '92']
    >>> [str(found.value) for found in numerals("quatre-vingt-seize pays, 1 234,5 km", "fr")]
    ['96', '1234.5']
    """
    primary = language.partition("-")[0].lower()
    found = [*_digits(text, primary), *(_words(text, primary) if primary in _UNITS else ())]
    return sorted(found, key=lambda numeral: numeral.start)


def _digits(text: str, language: str) -> Iterator[Numeral]:
    for match in _digits_pattern(language).finditer(text):
        digits = re.sub(_GROUPING.get(language, "(?!)"), "", match[1])
        value = Decimal(digits.replace(",", "."))
        scale = _SCALES.get(language, {}).get((match[2] or "").lower(), 1)
        yield Numeral(value * scale, match.start(), match.end())


@functools.cache
def _digits_pattern(language: str) -> re.Pattern[str]:
    shape, ordinal = _DIGITS.get(language, r"\d+"), _ORDINAL.get(language, "")
    scale = "|".join(_SCALES.get(language, {})) or "(?!)"
    return re.compile(rf"(?<!\w)(?<!\d[.,])({shape}){ordinal}(?:[\s-]+({scale}))?(?!\w|[.,]\d)")


def _words(text: str, language: str) -> Iterator[Numeral]:
    """The longest runs of number words; what cannot belong to one number begins another."""
    spelled: _Spelled | None = None
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if spelled and not spelled.reaches(text, match.start()):
            yield from spelled.numeral()
            spelled = None
        if spelled and word == _AND[language] and spelled.can_take_and():
            spelled.pending_and = match.end()
            continue
        if spelled and not spelled.closed and spelled.take(word, match.end()):
            continue
        if spelled:
            yield from spelled.numeral()
        spelled = _Spelled(language, match.start())
        if not spelled.take(word, match.end()):
            spelled = None
    if spelled:
        yield from spelled.numeral()


class _Spelled:
    """A number that is being read word by word."""

    def __init__(self, language: str, start: int) -> None:
        self.language = language
        self.start = start
        self.end = start
        self.pending_and = 0
        self.closed = False
        self._total = 0
        self._group: int | None = None
        self._last_scale = 10**12

    def numeral(self) -> Iterator[Numeral]:
        yield Numeral(Decimal(self._total + (self._group or 0)), self.start, self.end, in_words=True)

    def reaches(self, text: str, start: int) -> bool:
        return bool(_BETWEEN.fullmatch(text, max(self.end, self.pending_and), start))

    def can_take_and(self) -> bool:
        group = self._group or 0
        if self.language == "fr":
            return not self.closed and group % 100 in {20, 30, 40, 50, 60, 70}
        return not self.closed and (group or self._total) > 0 and group % 100 == 0

    def take(self, word: str, end: int) -> bool:
        cardinal, ordinal = _cardinal(word, self.language)
        if cardinal is None or not self._add(cardinal):
            return False
        self.end, self.pending_and, self.closed = end, 0, ordinal
        return True

    def _add(self, word: str) -> bool:
        language, group = self.language, self._group
        if word in _SCALES[language]:
            scale = _SCALES[language][word]
            if scale >= self._last_scale or (group is None and (self._total or word != "mille")):
                return False
            self._total += (1 if group is None else group) * scale
            self._group, self._last_scale = None, scale
            return True
        if word in _HUNDRED[language]:
            least = 1 if language == "en" else 2
            if group is None and language == "en":
                return False
            if group is not None and not least <= group < 10:  # noqa: PLR2004
                return False
            self._group = (group or 1) * _HUNDRED_VALUE
            return True
        return self._add_small(_value(word, language))

    def _add_small(self, value: int) -> bool:
        group = self._group or 0
        rest = group % 100
        if self.language == "fr" and value == 20 and rest == _FOURSCORE:  # noqa: PLR2004
            self._group = group - _FOURSCORE + 80
            return True
        unit_after_ten = rest >= 20 and rest % 10 == 0 and 0 < value < 10  # noqa: PLR2004
        teen_after_score = self.language == "fr" and rest in _SCORE_TENS and value in _TEEN
        unit_after_teen = self.language == "fr" and rest in {10, 70, 90} and value in {7, 8, 9}
        first = self._group is None or (rest == 0 and group > 0)
        if not (first or unit_after_ten or teen_after_score or unit_after_teen):
            return False
        self._group = group + value
        return True


def _value(word: str, language: str) -> int:
    if word in _SYNONYMS[language]:
        return _SYNONYMS[language][word]
    return _TENS[language].get(word) or _UNITS[language].index(word)


def _is_cardinal(word: str, language: str) -> bool:
    groups = (_UNITS, _TENS, _HUNDRED, _SCALES, _SYNONYMS)
    return any(word in group[language] for group in groups)


def _cardinal(word: str, language: str) -> tuple[str | None, bool]:
    """The cardinal that a number word is or is made from, and whether it is an ordinal."""
    if _is_cardinal(word, language):
        return word, False
    if word in _IRREGULAR[language]:
        return _IRREGULAR[language][word], True
    for stem in _stems(word, language):
        if _is_cardinal(stem, language):
            return stem, True
    return None, False


def _stems(word: str, language: str) -> Iterator[str]:
    if language == "en":
        if word.endswith("ieth"):
            yield word.removesuffix("ieth") + "y"
        elif word.endswith("th"):
            yield word.removesuffix("th")
    elif word.endswith(("ième", "ièmes")):
        stem = word.rstrip("s").removesuffix("ième")
        yield from (stem, stem + "e")
