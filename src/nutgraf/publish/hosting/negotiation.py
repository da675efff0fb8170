"""Which file of a page an `Accept` header asks for, as regular expressions that every server can run.

The first that matches decides. Qualities count to their first digit; where two formats are asked for
alike, `FORMATS` decides. There is no look-ahead, which RE2 does not have, and no repetition whose parts
can match the same text, so that no header makes a server think for long.

Source: RFC 9110 §12.5.1, https://www.rfc-editor.org/rfc/rfc9110#field.accept
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a page has.

    Attributes:
        extension: of its file, with the dot.
        media_type: what the file is served as, with its charset where the type has one.
        asked_by: media types that ask for it, the file's own first.
    """

    extension: str
    media_type: str
    asked_by: tuple[str, ...]


FORMATS: Final = (
    Format(".html", "text/html; charset=utf-8", ("text/html", "application/xhtml+xml")),
    Format(".ttl", "text/turtle; charset=utf-8", ("text/turtle", "application/x-turtle")),
    Format(".jsonld", "application/ld+json", ("application/ld+json", "application/json")),
    Format(".nt", "application/n-triples", ("application/n-triples",)),
)
"""The formats, the one to prefer first."""
_RANGES: Final = ((".html", ("*/*", "text/*")), (".jsonld", ("application/*",)))
"""What a range asks for that names no type; a type that is named goes before it."""

_START: Final = r"(^|,)[ \t]*"
_PARAMETERS: Final = r"[ \t]*(;[ \t]*[^qQ,; \t][^,;]*)*"
_END: Final = r"[ \t]*(;[^,]*)?(,|$)"
_BEST: Final = rf"(;[ \t]*[qQ]=1(\.0*)?{_END}|,|$)"


def rules() -> Iterator[tuple[str, str]]:
    """Regular expression → extension, the one to try first first; to be matched without regard to case."""
    for quality in ("1", *(f"0.{digit}" for digit in range(9, 0, -1))):
        for format_ in FORMATS:
            yield _rule(format_.asked_by, quality), format_.extension
        for extension, ranges in _RANGES:
            yield _rule(ranges, quality), extension
    # Between 0 and 0.1.
    for format_ in FORMATS:
        yield _rule(format_.asked_by, "0.0"), format_.extension
    for extension, ranges in _RANGES:
        yield _rule(ranges, "0.0"), extension


def _rule(types: tuple[str, ...], quality: str) -> str:
    names = "|".join(each.replace("*", r"\*").replace("+", r"\+").replace(".", r"\.") for each in types)
    if quality == "1":
        return f"{_START}({names}){_PARAMETERS}{_BEST}"
    digits = {"0.0": "00?[1-9]"}.get(quality, quality[-1] + "[0-9]*")
    return rf"{_START}({names}){_PARAMETERS};[ \t]*[qQ]=0\.{digits}{_END}"
