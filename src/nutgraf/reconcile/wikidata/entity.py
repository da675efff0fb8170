"""Read entity documents as dumps and `wbgetentities` have them.

Source: Wikibase JSON, https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from nutgraf.reconcile.classes import kinds_of_classes
from nutgraf.reconcile.items import QID, Item, Name

INSTANCE_OF: Final = "P31"
SUBCLASS_OF: Final = "P279"
_RELATED: Final = ("P17", "P27", "P131", "P276", "P30", "P39", "P108", "P106", "P159", "P361", "P463", "P749")
"""Country, citizenship, territory, location, continent, office, employer, occupation, headquarters, part of,
member of, parent body."""
_BEGINS: Final = ("P569", "P571", "P580", "P585")
_ENDS: Final = ("P570", "P576", "P582", "P585")
_YEAR: Final = re.compile(r"([+-])0*([0-9]{1,6})-")
_ISO_PRECISION_YEAR: Final = 9

MAX_NAMES: Final = 2000
"""Names kept of one item; the most named have about five hundred."""


def item(document: Any, *, languages: frozenset[str] = frozenset(), source: str = "wikidata") -> Item | None:
    """The item that a document describes; None when it is a property, a redirect or no entity.

    Args:
        document: parsed JSON of one entity.
        languages: of the names to keep, besides "mul"; empty for all.
        source: what the item says of its origin.
    """
    if not isinstance(document, dict) or not QID.fullmatch(str(document.get("id"))):
        return None
    if document.get("type", "item") != "item" or "missing" in document:
        return None
    names = tuple(_names(document, languages))
    classes = frozenset(values(document, INSTANCE_OF))
    revision = document.get("lastrevid")
    sitelinks = document.get("sitelinks")
    return Item(
        id=document["id"],
        label=_preferred(document.get("labels"), languages),
        description=_preferred(document.get("descriptions"), languages),
        names=names,
        kinds=kinds_of_classes(classes),
        classes=classes,
        related=frozenset(value for each in _RELATED for value in values(document, each)),
        begin=min(_years(document, _BEGINS), default=None),
        end=max(_years(document, _ENDS), default=None),
        popularity=len(names) + (len(sitelinks) if isinstance(sitelinks, dict | list) else 0),
        source=source,
        revision=revision if isinstance(revision, int) else None,
    )


def values(document: dict[str, Any], property_id: str) -> Iterator[str]:
    """The items that the entity's statements of one property have as values; none of deprecated ones."""
    for value in _values(document, property_id):
        if isinstance(value, dict):
            found = value.get("id") or f"Q{value.get('numeric-id')}"
            if QID.fullmatch(str(found)):
                yield str(found)


def _values(document: dict[str, Any], property_id: str) -> Iterator[Any]:
    claims = document.get("claims")
    statements = claims.get(property_id) if isinstance(claims, dict) else None
    for statement in statements if isinstance(statements, list) else ():
        if isinstance(statement, dict) and statement.get("rank") != "deprecated":
            snak = statement.get("mainsnak")
            if isinstance(snak, dict) and isinstance(snak.get("datavalue"), dict):
                yield snak["datavalue"].get("value")


def _years(document: dict[str, Any], properties: tuple[str, ...]) -> list[int]:
    found = []
    for property_id in properties:
        for value in _values(document, property_id):
            time = value.get("time") if isinstance(value, dict) else None
            match = _YEAR.match(time) if isinstance(time, str) else None
            precision = value.get("precision", _ISO_PRECISION_YEAR) if isinstance(value, dict) else 0
            if match and isinstance(precision, int) and precision >= _ISO_PRECISION_YEAR:
                found.append(int(match[2]) * (-1 if match[1] == "-" else 1))
    return found


def _names(document: dict[str, Any], languages: frozenset[str]) -> Iterator[Name]:
    """Every label and alias once, in the document's order."""
    seen: set[tuple[str, str]] = set()
    for language, text, kind in _texts(document):
        if languages and language not in languages and language != "mul":
            continue
        if (text, kind) not in seen and len(seen) < MAX_NAMES:
            seen.add((text, kind))
            yield Name(text, language, "label" if kind == "label" else "alias")


def _texts(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    labels, aliases = document.get("labels"), document.get("aliases")
    for language, value in labels.items() if isinstance(labels, dict) else ():
        if isinstance(value, dict) and isinstance(value.get("value"), str):
            yield language, value["value"], "label"
    for language, several in aliases.items() if isinstance(aliases, dict) else ():
        for value in several if isinstance(several, list) else ():
            if isinstance(value, dict) and isinstance(value.get("value"), str):
                yield language, value["value"], "alias"


def _preferred(texts: Any, languages: frozenset[str]) -> str:
    """The text in English, else in all languages, else in one asked for, else in any.

    Many items have no English label any more but one in "mul", which stands for all languages.
    """
    if not isinstance(texts, dict):
        return ""
    for language in ("en", "mul", *sorted(languages), *sorted(texts)):
        value = texts.get(language)
        if isinstance(value, dict) and isinstance(value.get("value"), str):
            return str(value["value"])
    return ""
