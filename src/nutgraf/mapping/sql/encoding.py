"""Percent-encoding in SQL."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.functions import call, case, equals, matches, text

UCSCHAR: Final = (
    r"\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}"
    + "".join(rf"\x{{{plane:X}0000}}-\x{{{plane:X}FFFD}}" for plane in range(0x1, 0xE))
    + r"\x{E1000}-\x{EFFFD}"
)
"""RFC 3987's ucschar as the inside of an RE2 character class."""


def encode_iri(value: exp.Expression) -> exp.Expression:
    """Percent-encode everything but iunreserved, RFC 3987 §2.2: `Zoë 7` → `Zoë%207`.

    Text in ASCII takes the short way; other text is cut into runs that are kept or encoded whole.
    """
    run = exp.column("run")
    kept = case((matches(run, rf"(?s)[{UCSCHAR}]+"), run), otherwise=call("url_encode", run))
    encoded = exp.Lambda(this=kept, expressions=[exp.to_identifier("run")])
    runs = call("regexp_extract_all", value, text(rf"(?s)[{UCSCHAR}]+|[^{UCSCHAR}]+"))
    pieces = call(
        "array_to_string", exp.Anonymous(this="list_transform", expressions=[runs, encoded]), text("")
    )
    return case(
        (equals(call("strlen", value), call("length", value)), call("url_encode", value)), otherwise=pieces
    )
