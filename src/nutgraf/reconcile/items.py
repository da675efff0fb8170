"""What sources say of Wikidata items, whatever the source: an index, the live service, another service."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

NameKind = Literal["label", "alias", "weak"]
"""A weak name is one that a source gives and that is none: a demonym, a city for its country."""

PERSON: Final = "PER"
BODY: Final = "ORG"
PLACE: Final = "LOC"
EVENT: Final = "EVT"
KINDS: Final = (PERSON, BODY, PLACE, EVENT)

QID: Final = re.compile(r"Q[1-9][0-9]{0,11}")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an item.

    Attributes:
        text: as the source writes it.
        language: BCP 47 tag; "mul" for all languages, "und" where the source does not say.
        kind: how much the source means it.
    """

    text: str
    language: str = "und"
    kind: NameKind = "alias"


@dataclass(frozen=True, slots=True)
class Item:
    """One Wikidata item, as a source has it.

    Attributes:
        id: such as "Q1028".
        label: the name to show.
        description: a few words; empty when there are none.
        names: every name that the source has, or those that matched.
        kinds: which of `KINDS` it is; empty where the source does not say.
        classes: items that it is an instance of, with their superclasses as far as known.
        related: items that it states something about: its country, place, office, employer.
        begin: year of its birth, foundation or start.
        end: year of its death, dissolution or end.
        popularity: number of its names and sitelinks: how many people wrote of it.
        source: who says so.
        revision: of the live item, where known.
    """

    id: str
    label: str
    description: str = ""
    names: tuple[Name, ...] = ()
    kinds: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()
    begin: int | None = None
    end: int | None = None
    popularity: int = 0
    source: str = ""
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        names: the names it goes by, the main ones first.
        kinds: which of `KINDS` it may be; empty for any.
        language: of the article.
        limit: at most so many items.
    """

    names: tuple[str, ...]
    kinds: frozenset[str] = field(default_factory=frozenset)
    language: str = "en"
    limit: int = 10
