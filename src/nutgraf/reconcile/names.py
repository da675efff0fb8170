"""Keys under which names are found: case, diacritics, punctuation and romanisation do not matter.

```text
"L'Université d'Ifrane"  key        l universite d ifrane
                         skeletons  l anvrst d afrn
"Hammouchi", "الحموشي"   skeletons  hmx, hmx
```
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

MAX_LENGTH: Final = 300
"""Longer texts are no names; they are cut there, so that a hostile source costs little."""

_LETTERS: Final = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
        "ŋ": "n", "ß": "ss", "ə": "a", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None,
        "’": None, "'": None, "‘": None, "ʼ": None, "`": None, "ʿ": None, "ʾ": None, "´": None,
    }
)  # fmt: skip
"""Letters that no decomposition takes apart. Apostrophes vanish: N'Djamena is Ndjamena."""

_ELISION: Final = re.compile(r"\b([ldmnst]|qu)['’](?=\w{3})", re.IGNORECASE)
"""A French or Italian article or preposition before a vowel is a word of its own: l’Interpol."""

_ROMAN: Final = str.maketrans(
    {
        # Cyrillic
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "",
        "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ё": "e",
        # Greek
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
        "λ": "l", "μ": "m", "ν": "n", "ξ": "ks", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
        "υ": "y", "φ": "f", "χ": "kh", "ψ": "ps", "ω": "o",
        # Arabic and Persian: short vowels are not written, and the skeleton has none
        "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh",
        "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a",
        "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "u",
        "ي": "i", "ء": "", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ڤ": "v",
        # Hebrew
        "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "u", "ז": "z", "ח": "h", "ט": "t", "י": "i",
        "כ": "k", "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p",
        "ף": "p", "צ": "ts", "ץ": "ts", "ק": "q", "ר": "r", "ש": "sh", "ת": "t",
    }
)  # fmt: skip

_SOUNDS: Final = (
    (re.compile(r"^(?:el|al|ال)(?=\w{3})"), ""),
    (re.compile(r"tch|tsch|sch|ch|sh"), "x"),
    (re.compile(r"kh|gh|rh"), "g"),
    (re.compile(r"dh|dd"), "d"),
    (re.compile(r"th"), "t"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|q|k|c(?![eiy])"), "k"),
    (re.compile(r"c|z|ss"), "s"),
    (re.compile(r"dj|zh|j"), "j"),
    (re.compile(r"w|v"), "v"),
)
"""What spellings of one sound in several romanisations become."""

_INITIAL_VOWELS: Final = re.compile(r"^[aeiouy]+")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_DOUBLED: Final = re.compile(r"(.)\1+")
_ARABIC_ARTICLE: Final = re.compile(r"^ال(?=\w{3})")


@functools.lru_cache(maxsize=65536)
def key(name: str) -> str:
    """The key of a whole name: words in small letters without marks, one space between, no leading "the".

    >>> key("L'Université  Al-Akhawayn, d'Ifrane"), key("INTERPOL"), key("Côte d'Ivoire")
    ('l universite al akhawayn d ifrane', 'interpol', 'cote d ivoire')
    """
    text = unicodedata.normalize("NFKD", _ELISION.sub(r"\1 ", name[:MAX_LENGTH]))
    text = "".join(char for char in text if not unicodedata.combining(char)).casefold().translate(_LETTERS)
    # Folding case may compose again, and letters may be new ones: İ.
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = "".join(char if char.isalnum() else " " for char in text).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


@functools.lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What is left of one word of a key when spellings and scripts are levelled; at least one letter.

    >>> skeleton("hammouchi"), skeleton("hamushi"), skeleton("الحموشي")
    ('hmx', 'hmx', 'hmx')
    >>> skeleton("dkhissi"), skeleton("dekhissi"), skeleton("ouali"), skeleton("wali")
    ('dgs', 'dgs', 'al', 'al')
    """
    if word.isdigit():
        return word
    text = _ARABIC_ARTICLE.sub("", word).translate(_ROMAN)
    if not text.isascii():
        return word  # a script that is not romanised here, such as Chinese
    text = re.sub(r"^(?:ou|w)(?=[aeiouy])", "", text)
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound, text)
    text = _VOWELS.sub("", _INITIAL_VOWELS.sub("A", text))
    text = _DOUBLED.sub(r"\1", text)
    return text.lower() or word


def skeletons(name_key: str) -> list[str]:
    """The skeletons of the words of a key, in order.

    >>> skeletons(key("Abdellatif Hammouchi"))
    ['abdltf', 'hmx']
    """
    return [skeleton(word) for word in name_key.split()]


def trigrams(name_key: str) -> set[str]:
    """The runs of three characters of a key, with a space at both ends.

    >>> sorted(trigrams("rabat"))
    [' ra', 'aba', 'at ', 'bat', 'rab']
    """
    padded = f" {name_key} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def initials(name_key: str) -> str:
    """The first letters of the words of a key that are no small words.

    >>> initials(key("General Directorate of National Security"))
    'gdns'
    """
    small = {"of", "the", "and", "for", "in", "de", "la", "le", "les", "des", "du", "et", "l", "d", "a", "on"}
    return "".join(word[0] for word in name_key.split() if word not in small)


@functools.lru_cache(maxsize=65536)
def script(text: str) -> str:
    """The script of most letters: LATIN, ARABIC, CYRILLIC, ...; empty without letters.

    >>> script("Rabat"), script("الرباط")
    ('LATIN', 'ARABIC')
    """
    if text.isascii():
        return "LATIN" if any(char.isalpha() for char in text) else ""
    found: dict[str, int] = {}
    for char in text[:MAX_LENGTH]:
        if char.isalpha():
            name = unicodedata.name(char, "?").partition(" ")[0]
            found[name] = found.get(name, 0) + 1
    return max(found, key=lambda name: (found[name], name)) if found else ""
