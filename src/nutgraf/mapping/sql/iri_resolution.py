"""Resolution of a relative reference against a base.

Source: RFC 3986 §5.2, https://www.rfc-editor.org/rfc/rfc3986#section-5.2
"""

from __future__ import annotations

import re
from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.function import constant, joined
from nutgraf.mapping.sql.functions import call, case, equals, number, text

_PARTS: Final = r"^([A-Za-z][A-Za-z0-9+.-]*:)?(//[^/?#]*)?([^?#]*)(\?[^#]*)?(#(?s:.*))?$"
_SCHEME, _AUTHORITY, _PATH, _QUERY, _FRAGMENT = range(1, 6)


def check_base(base: str) -> str | None:
    """Why nothing can be resolved against a base."""
    parts = re.match(_PARTS, base)
    whole = parts and parts[_SCHEME] and parts[_AUTHORITY]
    return None if whole else "a base is an absolute IRI with a host, such as https://data.example.org/"


def resolve(value: exp.Expression, written: exp.Expression) -> exp.Expression:
    """The IRI that a reference means where a base, which is a constant, holds."""
    parts = re.match(_PARTS, constant(written))
    if parts is None:
        raise ValueError(constant(written))  # the mapping's reader has checked it
    root = text(parts[_SCHEME] + parts[_AUTHORITY])
    path = parts[_PATH] or "/"
    folder, query = text(path[: path.rfind("/") + 1]), text(parts[_QUERY] or "")
    given = {part: call("regexp_extract", value, text(_PARTS), number(part)) for part in range(1, 6)}
    has_scheme, has_authority, has_path, has_query = (
        exp.NEQ(this=given[part].copy(), expression=text("")) for part in (1, 2, 3, 4)
    )
    own_path = _without_dots(given[_PATH])
    made = case(
        (has_scheme, joined([given[_SCHEME], given[_AUTHORITY], own_path, given[_QUERY]])),
        (has_authority, joined([text(parts[_SCHEME]), given[_AUTHORITY], own_path, given[_QUERY]])),
        (call("starts_with", given[_PATH], text("/")), joined([root, own_path, given[_QUERY]])),
        (has_path, joined([root, _without_dots(joined([folder, given[_PATH]])), given[_QUERY]])),
        (has_query, joined([root, text(parts[_PATH]), given[_QUERY]])),
        otherwise=joined([root, text(parts[_PATH]), query]),
    )
    return joined([made, given[_FRAGMENT]])


def _without_dots(path: exp.Expression) -> exp.Expression:
    """A path that begins with "/" without its segments "." and ".."; another as it is."""
    before, segment = exp.column("before"), exp.column("segment")
    step = case(
        (equals(segment, text(".")), before),
        (equals(segment, text("..")), call("regexp_replace", before, text("/[^/]*$"), text(""))),
        otherwise=joined([before, text("/"), segment]),
    )
    reduced = exp.Anonymous(
        this="list_reduce",
        expressions=[
            call("string_split", path, text("/")),
            exp.Lambda(this=step, expressions=[exp.to_identifier("before"), exp.to_identifier("segment")]),
        ],
    )
    end = case((call("regexp_matches", path, text(r"/\.\.?$")), text("/")), otherwise=text(""))
    return case((call("starts_with", path, text("/")), joined([reduced, end])), otherwise=path)
