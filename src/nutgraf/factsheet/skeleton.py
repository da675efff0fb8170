"""The fact sheet that an author starts from."""

from __future__ import annotations

import json
import re
from typing import Final

from nutgraf.factsheet.text import sha256

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_FUNCTION_WORDS: Final[dict[str, frozenset[str]]] = {
    "de": frozenset("der die das und ist nicht von mit auf für dem den ein eine wird".split()),
    "en": frozenset("the of and to in is that for was with as by on from has".split()),
    "es": frozenset("el la los las de del y en que por con para una se su".split()),
    "fr": frozenset("le la les des du de et en dans que qui pour par une au".split()),
    "it": frozenset("il lo la gli le di del della e che per con una si nel".split()),
    "nl": frozenset("de het een en van in op te dat is met voor niet zijn aan".split()),
    "pt": frozenset("o a os as de do da em que por com para uma se no".split()),
}

_SHEET: Final = """\
# The facts of one article, in your own words, with the place of the words that state them.
# Print evidence with: nutgraf evidence TEXT "words of the text"

article:
  id: {id}
  language: {language}
  name: {{{language}: {name}}}          # your title for it, not its headline
  text: {{file: {file}, sha256: {sha256}, length: {length}}}

# Take the # away from what you need. Keys of the register (entities.yaml, events.yaml) can be used too.
#
# entities:                      # what only this article names
#   - id: town-hall
#     type: Place                # Person, Organization, Place, City, Country, DefinedTerm (a topic) …
#     name: Town hall
#     evidence: [{{start: 0, end: 9, sha256: …}}]
#
# events:
#   - id: opening
#     name: Opening of the town hall
#     location: town-hall
#     time: {{edtf: 2024-05-02, said: on 2 May}}
#     participants: [{{ref: mayor, role: attendee}}]
#     evidence: [{{start: 0, end: 9, sha256: …}}]
#
# claims:
#   - id: claim-open-to-all
#     abstract: The hall is for everybody      # twelve words of your own at the most
#     author: mayor
#     about: town-hall
#     form: direct                             # or reported
#     evidence: [{{start: 0, end: 9, sha256: …}}]
"""


def is_key(text: str) -> bool:
    """Whether a text is well formed as a key."""
    return _KEY.fullmatch(text) is not None


def guess_language(text: str) -> str:
    """The language whose most common words a text has most of; `en` when it has none of any.

    >>> guess_language("Le pont de la ville est ouvert, et les habitants en sont heureux.")
    'fr'
    """
    words = [word.lower() for word in _WORD.findall(text)]
    scores = {tag: sum(word in common for word in words) for tag, common in _FUNCTION_WORDS.items()}
    best = max(sorted(scores), key=lambda tag: scores[tag])
    return best if scores[best] else "en"


def write(article: str, file: str, text: str, language: str, name: str | None = None) -> str:
    """A fact sheet of an article without facts, that passes `check`.

    Args:
        article: the id.
        file: name of the text's file.
        text: the normalised text.
        language: its language tag.
        name: the author's own title for it; default is made from the id.
    """
    return _SHEET.format(
        id=json.dumps(article),
        language=language,
        name=json.dumps(name or article.replace("-", " ").capitalize(), ensure_ascii=False),
        file=json.dumps(file, ensure_ascii=False),
        sha256=sha256(text),
        length=len(text),
    )
