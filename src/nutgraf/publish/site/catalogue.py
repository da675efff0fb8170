"""What the site itself says, by language: flat tables of messages in `locales/*.toml`.

A message may have `{names}`. A message that counts is a table of `one` and `other`. A workspace's templates
may have a folder `locales/` too: a file there adds a language, or replaces messages of one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from nutgraf.problems import InputError, Problem, Span

_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_TAKEN: Final = frozenset({"id"})
"""Tags whose folders have other files of the site."""
FIRST: Final = "en"
"""The language whose pages stand at the root, and whose messages stand in where another has none."""


def _is_one(count: int) -> bool:
    return count == 1


def _is_one_or_none(count: int) -> bool:
    return count in {0, 1}


_ONE: Final[dict[str, Callable[[int], bool]]] = {"fr": _is_one_or_none}
"""Language → when a message takes its form for one, where that is not for 1 alone."""


@dataclass(frozen=True)
class Catalogue:
    """The messages of a language.

    Attributes:
        language: BCP 47 tag.
        messages: key, such as "nav.events" → text.
    """

    language: str
    messages: Mapping[str, str]

    def say(self, key: str, /, **values: Any) -> str:
        """A message.

        Raises:
            KeyError: there is none of that key, or it has a name that `values` has not.
        """
        return self.messages[key].format_map(values) if values else self.messages[key]

    def count(self, key: str, count: int, /, **values: Any) -> str:
        """A message that counts: `key.one` or `key.other`, with `{n}`."""
        form = "one" if self.is_one(count) else "other"
        return self.say(f"{key}.{form}", n=self.number(count), **values)

    def is_one(self, count: int) -> bool:
        """Whether a count takes the form for one.

        Source: CLDR plural rules, https://cldr.unicode.org/index/cldr-spec/plural-rules
        """
        return _ONE.get(self.language, _is_one)(count)

    def find(self, key: str) -> str | None:
        """A message, if there is one."""
        return self.messages.get(key)

    def number(self, value: int) -> str:
        """A whole number with its thousands apart."""
        return f"{value:,}".replace(",", self.messages["number.thousands"])


def load(overrides: Path | None, display: str) -> dict[str, Catalogue]:
    """The catalogues by language, the first language first.

    Args:
        overrides: the workspace's folder of templates.
        display: that folder as messages name it.

    Raises:
        InputError: SIT103, a file of messages is no flat TOML of texts.
    """
    shipped = files("nutgraf.publish.site") / "locales"
    found: dict[str, dict[str, str]] = {}
    for entry in sorted(shipped.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".toml"):
            found[entry.name.removesuffix(".toml")] = _flat(tomllib.loads(entry.read_text("utf-8")))
    folder = overrides / "locales" if overrides else None
    for path in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else ():
        found.setdefault(path.stem, {}).update(_read(path, f"{display}/locales/{path.name}"))
    order = sorted(found, key=lambda tag: (tag != FIRST, tag))
    return {tag: Catalogue(tag, found[FIRST] | found[tag]) for tag in order}


def _read(path: Path, display: str) -> dict[str, str]:
    if not _TAG.fullmatch(path.stem) or path.stem in _TAKEN:
        fix = "name it by its language tag in lower case, such as pt-br.toml; id-id.toml for Indonesian"
        raise InputError(Problem("SIT103", "the file's name is no language", Span(display), fix=fix))
    try:
        return _flat(tomllib.loads(path.read_text("utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        fix = "write tables of texts, as the files in src/nutgraf/publish/site/locales"
        message = f"cannot read the messages: {error}"
        raise InputError(Problem("SIT103", message, Span(display), fix=fix)) from error


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            found[prefix + key] = value
        else:
            raise ValueError(f'"{prefix}{key}" is no text')  # noqa: TRY004 - it is the file that is wrong
    return found
