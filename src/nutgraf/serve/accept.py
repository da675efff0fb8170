"""Content negotiation: which of the things that there are a client would rather have.

What a header says that cannot be read is passed over, as if it were not there: a client that sends nonsense
still gets an answer. Parameters of media types other than `q` are not looked at, so `text/turtle;
charset=utf-8` is met by `text/turtle`.

Source: RFC 9110 §12.5, https://www.rfc-editor.org/rfc/rfc9110#section-12.5
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

_Offer = TypeVar("_Offer")

_ELEMENT: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*(?:"|$))+')
_PARAMETER: Final = re.compile(r';(?:[^;"]|"(?:[^"\\]|\\.)*(?:"|$))*')
_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_RANGE: Final = re.compile(rf"({_NAME})/({_NAME})")
_LANGUAGE_RANGE: Final = re.compile(r"\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_QUALITY: Final = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)
_ANY_QUALITY: Final = re.compile(r";\s*q\s*=", re.IGNORECASE)
_LONGEST: Final = 4096
"""Characters of a header that are read."""


def media_type(header: str | None, offers: Mapping[str, _Offer]) -> _Offer | None:
    """The offer that an `Accept` header likes best; the first of those that it likes equally.

    Args:
        header: the header's value; None or nothing that can be read means anything.
        offers: media type → what it stands for, best first.

    Returns:
        None when none is acceptable.

    >>> media_type("text/turtle;q=0.5, text/*", {"text/turtle": "ttl", "text/html": "html"})
    'html'

    Source: RFC 9110 §12.5.1, https://www.rfc-editor.org/rfc/rfc9110#name-accept
    """
    ranges = {
        (match[1].lower(), match[2].lower()): quality
        for text, quality in _weighted(header)
        if (match := _MEDIA_RANGE.fullmatch(text)) and not (match[1] == "*" and match[2] != "*")
    }
    if not ranges:
        return next(iter(offers.values()), None)
    best: tuple[float, _Offer] | None = None
    for name, offer in offers.items():
        kind, subtype = name.split("/")
        quality = next(
            (ranges[each] for each in ((kind, subtype), (kind, "*"), ("*", "*")) if each in ranges), 0.0
        )
        if quality > (best[0] if best else 0.0):
            best = quality, offer
    return best[1] if best else None


def language(header: str | None, offers: Sequence[str]) -> str:
    """The language that an `Accept-Language` header likes best; the first where it likes none.

    A page in a language that is not liked is better than no page, so this never refuses. A range matches a
    tag that it is a prefix of, and a more exact range is met by a less exact tag: `fr-CA` by `fr`.

    >>> language("de, fr-CA;q=0.8, en;q=0.5", ["en", "fr"])
    'fr'

    Source: RFC 4647 §3.4 (lookup), https://www.rfc-editor.org/rfc/rfc4647#section-3.4
    """
    ranges = {text.lower(): quality for text, quality in _weighted(header) if _LANGUAGE_RANGE.fullmatch(text)}
    liked = {offer: _language_quality(offer.lower(), ranges) for offer in offers}
    return max(offers, key=lambda offer: liked[offer])


def _language_quality(tag: str, ranges: Mapping[str, float]) -> float:
    exact = [
        quality
        for text, quality in ranges.items()
        if text == tag or text.startswith(f"{tag}-") or tag.startswith(f"{text}-")
    ]
    return max(exact) if exact else ranges.get("*", 0.0)


def _weighted(header: str | None) -> Iterator[tuple[str, float]]:
    """The elements of a list with their `q`; the last of two that are the same counts, as in a mapping."""
    for match in _ELEMENT.finditer((header or "")[:_LONGEST]):
        text, semicolon, rest = match[0].partition(";")
        quality = _quality(f"{semicolon}{rest}")
        if text.strip() and quality is not None:
            yield text.strip(), quality


def _quality(parameters: str) -> float | None:
    """The weight among parameters, 1 where there is none; None when it is not one."""
    for match in _PARAMETER.finditer(parameters):
        if _ANY_QUALITY.match(match[0]):
            weight = _QUALITY.fullmatch(match[0])
            return float(weight[1]) if weight else None
    return 1.0
