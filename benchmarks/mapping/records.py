"""Seeded news articles as nested records: the same seed and number give the same records, anywhere.

People and bodies come from pools that grow with the number of articles, and the first of a pool are named far
more often than the last, so most of what is said of them is said again and again. Keys hold spaces, quotes
and slashes; texts hold quotes, backslashes, newlines, tabs and characters beyond ASCII.

A record looks like this:

    {"id": "2024/03 story-17 \\"b\\"", "url": "https://news.example.org/2024/03/17", "headline": "…",
     "abstract": "…", "published": "2024-03-05T06:07:00Z", "modified": null, "language": "en", "words": 412,
     "section": "Health", "author": {"id": …, "name": …}, "publisher": {"id": …, "name": …},
     "keywords": ["budget", …], "persons": [{"id": …, "name": …, "job": …}, …],
     "orgs": [{"id": …, "name": …}, …], "events": [{"id": …, "name": …, "start": …, "place": …}]}
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

Record = dict[str, Any]

_WORDS: Final = (
    "acre basin budget bridge canal charter climate coast copper council court crane delta draft dust east "
    "ferry field flood forum garden glass grain harbour hill inquiry iron island junction kiln lake ledger "
    "levy light lock market meadow mill minute motion mountain north notice orchard panel paper pier plain "
    "port quarry quay rail rain reef relay report reserve ridge river road route salt sand school section "
    "signal silver slate south spring stone storm summit survey table tariff terrace theatre tide timber "
    "tower trade tram treaty tunnel valley vote wall ward water west wharf wind winter wood yard yield"
).split()
_BEYOND_ASCII: Final = ("Zoë", "Łódź", "東京", "Αθήνα", "naïve", "São", "Köln", "🗳", "Владимир", "القاهرة")
_AWKWARD: Final = (
    'said "yes"',
    "C:\\old\\new",
    "first line\nsecond line",
    "one\ttwo",
    "it's 5% <& more>",
    '\\"',
)
_SECTIONS: Final = "Business Climate Culture Health Politics Science Sport World".split()
_JOBS: Final = (
    "mayor",
    "minister",
    "judge",
    "engineer",
    "spokesperson",
    'head of "special" projects',
    "naïve poet",
)
_GIVEN: Final = (
    "Ada Bela Chidi Dara Élise Farid Gyan Hana Ivo Jun Kofi Lena Mína Noor Otto Pía Quim Rui Sana Tove"
).split()
_FAMILY: Final = (
    "Abt Brandt Costa Diop Eide Fónagy Greco Haas Imai Juhl Køhler Lopes Mori Ní O'Dea Pires Rao Şen"
).split()
_BODIES: Final = ("Council", "Union", "Bank & Trust", "Institute", "“Free” Press", "Agency")
_KEYWORDS: Final = 400
_PUBLISHERS: Final = 40
_ARTICLES_PER_PERSON: Final = 4
_ARTICLES_PER_ORG: Final = 20
_ARTICLES_PER_AUTHOR: Final = 50
_SHARE_BEYOND_ASCII: Final = 0.06
_SHARE_AWKWARD: Final = 0.06
_SHARE_MODIFIED: Final = 0.7


def records(articles: int, seed: int) -> Iterator[Record]:
    """The records, one after the other."""
    draw = random.Random(seed)  # noqa: S311  not for secrets
    persons = max(20, articles // _ARTICLES_PER_PERSON)
    orgs = max(_PUBLISHERS, articles // _ARTICLES_PER_ORG)
    authors = max(5, articles // _ARTICLES_PER_AUTHOR)
    for number in range(articles):
        yield _record(number, draw, persons=persons, orgs=orgs, authors=authors)


def _record(number: int, draw: random.Random, *, persons: int, orgs: int, authors: int) -> Record:
    month, day = number % 12 + 1, number % 28 + 1
    published = f"2024-{month:02}-{day:02}T{number % 24:02}:{number % 60:02}:00Z"
    modified = f"2024-{month:02}-{day:02}T{number % 24:02}:59:30Z"
    return {
        "id": _article_key(number, month),
        "url": f"https://news.example.org/2024/{month:02}/{number}",
        "headline": _text(draw, 8),
        "abstract": _text(draw, 36),
        "published": published,
        "modified": modified if draw.random() < _SHARE_MODIFIED else None,
        "language": "en",
        "words": 150 + int(draw.random() * 1500),
        "section": _SECTIONS[int(draw.random() * len(_SECTIONS))],
        "author": _named(_person(_often_first(draw, authors))),
        "publisher": dict(_org(_often_first(draw, _PUBLISHERS))),
        "keywords": _several(draw, 2, 5, lambda: _keyword(_often_first(draw, _KEYWORDS))),
        "persons": _several(draw, 1, 5, lambda: dict(_person(_often_first(draw, persons)))),
        "orgs": _several(draw, 1, 3, lambda: dict(_org(_often_first(draw, orgs)))),
        "events": _several(draw, 0, 2, lambda: _event(number, draw)),
    }


def _often_first(draw: random.Random, size: int) -> int:
    """A number below `size`; a quarter of them all lie in its first sixty-fourth."""
    return int(size * draw.random() ** 3)


def _several(draw: random.Random, least: int, most: int, make: Any) -> list[Any]:
    return [make() for _ in range(least + int(draw.random() * (most - least + 1)))]


def _text(draw: random.Random, words: int) -> str:
    chosen = draw.choices(_WORDS, k=words)
    if draw.random() < _SHARE_BEYOND_ASCII:
        chosen[1] = draw.choice(_BEYOND_ASCII)
    if draw.random() < _SHARE_AWKWARD:
        chosen[2] = draw.choice(_AWKWARD)
    chosen[0] = chosen[0].capitalize()
    return " ".join(chosen)


def _article_key(number: int, month: int) -> str:
    return f'2024/{month:02} story-{number} "{"abc"[number % 3]}"' if number % 16 == 0 else f"story-{number}"


def _named(person: Record) -> Record:
    return {"id": person["id"], "name": person["name"]}


@functools.lru_cache(maxsize=1 << 16)
def _person(number: int) -> Record:
    name = f"{_pick(_GIVEN, number)} {_pick(_FAMILY, number // len(_GIVEN))} {number}"
    key = f'{number} o\'dea (mp) / "{number % 7}"' if number % 9 == 0 else f"p{number}"
    return {"id": key, "name": name, "job": _pick(_JOBS, number)}


@functools.lru_cache(maxsize=1 << 16)
def _org(number: int) -> Record:
    name = f"{_pick(_WORDS, number).capitalize()} {_pick(_BODIES, number)} {number}"
    return {"id": f"{name} / {number}" if number % 5 == 0 and name.isascii() else f"o{number}", "name": name}


def _event(number: int, draw: random.Random) -> Record:
    part = int(draw.random() * 1000)
    return {
        "id": f"event {number}/{part}" if number % 8 == 0 else f"e{number}-{part}",
        "name": _text(draw, 4),
        "start": f"2024-{number % 12 + 1:02}-{number % 27 + 1:02}",
        "place": _pick(_WORDS, int(draw.random() * len(_WORDS))),
    }


@functools.lru_cache(maxsize=_KEYWORDS)
def _keyword(number: int) -> str:
    return f"{_pick(_WORDS, number)} {_pick(_WORDS, number * 7 + 3)}"


def _pick(choices: Sequence[str], number: int) -> str:
    return choices[number % len(choices)]
