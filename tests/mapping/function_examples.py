"""What functions give: of each some calls with what comes of them, and what Python says they give.

The table of docs/mapping.md shows the first call of each.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from nutgraf.mapping.sql.function import GREL, IDLAB, NUTGRAF

Texts = tuple[str, ...]


def boolean(value: bool) -> str:
    return "true" if value else "false"


def substring(value: str, first: str, last: str | None = None) -> str | None:
    try:
        return value[slice(int(first), None if last is None else int(last))]
    except ValueError:
        return None


def escape(value: str, mode: str) -> str:
    if mode == "url":
        return quote(value, safe="!'()*~")
    if mode == "json":
        written = json.dumps(value, ensure_ascii=False)[1:-1]
        return re.sub(r"\\u[0-9a-f]{4}", lambda code: "\\u" + code[0][2:].upper(), written)
    if mode == "csv":
        return '"' + value.replace('"', '""') + '"' if set(value) & set(',"\r\n') else value
    escaped = html.escape(value, quote=False).replace('"', "&quot;")
    return escaped.replace("'", "&apos;") if mode == "xml" else escaped


def slug(value: str) -> str | None:
    plain = unicodedata.normalize("NFD", value).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain)) or None


def parsed(form: str, shown: str) -> Callable[..., str | None]:
    """What strptime reads and isoformat writes."""

    def made(value: str, _pattern: str, _language: str = "en") -> str | None:
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC).strftime(shown)
        except ValueError:
            return None

    return made


RFC_3986_EXAMPLES: Final = {
    "../g": "http://a/b/g",
    "g:h": "g:h",
    "g": "http://a/b/c/g",
    "./g": "http://a/b/c/g",
    "g/": "http://a/b/c/g/",
    "/g": "http://a/g",
    "//g": "http://g",
    "?y": "http://a/b/c/d;p?y",
    "g?y": "http://a/b/c/g?y",
    "#s": "http://a/b/c/d;p?q#s",
    "g#s": "http://a/b/c/g#s",
    "g?y#s": "http://a/b/c/g?y#s",
    ";x": "http://a/b/c/;x",
    "g;x?y#s": "http://a/b/c/g;x?y#s",
    "": "http://a/b/c/d;p?q",
    ".": "http://a/b/c/",
    "./": "http://a/b/c/",
    "..": "http://a/b/",
    "../..": "http://a/",
    "../../g": "http://a/g",
    "../../../g": "http://a/g",
    "/./g": "http://a/g",
    "/../g": "http://a/g",
    "g.": "http://a/b/c/g.",
    "..g": "http://a/b/c/..g",
    "./g/.": "http://a/b/c/g/",
    "g/../h": "http://a/b/c/h",
    "g;x=1/../y": "http://a/b/c/y",
    "g?y/./x": "http://a/b/c/g?y/./x",
    "g#s/../x": "http://a/b/c/g#s/../x",
    "http://c/./d": "http://c/d",
}
"""RFC 3986 §5.4."""

EXAMPLES: Final[list[tuple[str, Texts, str | None]]] = [
    (GREL + "toUpperCase", ("Zoë 7",), "ZOË 7"),
    (GREL + "toLowerCase", ("ZOË 7",), "zoë 7"),
    (GREL + "string_toTitlecase", ("the MAYOR of  Łódź",), "The Mayor Of  Łódź"),
    (GREL + "string_toTitlecase", ("",), ""),
    (GREL + "string_trim", (" \tZoë\n",), "Zoë"),
    (GREL + "string_chomp", ("Bristol, UK", ", UK"), "Bristol"),
    (GREL + "string_chomp", ("Bristol", ""), "Bristol"),
    (GREL + "string_chomp", ("Bristol", "x"), "Bristol"),
    (GREL + "string_replace", ("a.b.c", ".", "-"), "a-b-c"),
    (GREL + "string_length", ("Zoë",), "3"),
    (GREL + "string_length", ("",), "0"),
    (GREL + "string_substring", ("2024-11-07", "0", "4"), "2024"),
    (GREL + "string_substring", ("2024-11-07", "5"), "11-07"),
    (GREL + "string_substring", ("2024-11-07", "-2"), "07"),
    (GREL + "string_substring", ("2024-11-07", "-5", "-3"), "11"),
    (GREL + "string_substring", ("Zoë", "2", "1"), ""),
    (GREL + "string_substring", ("Zoë", "7"), ""),
    (GREL + "string_substring", ("Zoë", "-7", "99"), "Zoë"),
    (GREL + "string_substring", ("Zoë", "one"), None),
    (GREL + "string_substring", ("Zoë", "0", "two"), None),
    (GREL + "string_indexOf", ("Zoë", "ë"), "2"),
    (GREL + "string_indexOf", ("Zoë", "x"), "-1"),
    (GREL + "string_startsWith", ("Zoë", "Zo"), "true"),
    (GREL + "string_startsWith", ("Zoë", "zo"), "false"),
    (GREL + "string_endsWith", ("Zoë", "ë"), "true"),
    (GREL + "string_contains", ("50%", "%"), "true"),
    (GREL + "string_contains", ("50", "%"), "false"),
    (GREL + "escape", ("Zoë & Co/1", "url"), "Zo%C3%AB%20%26%20Co%2F1"),
    (GREL + "escape", ("(it's *fine*!)~", "url"), "(it's%20*fine*!)~"),
    (
        GREL + "escape",
        ('<a b="x">it\'s & é</a>', "html"),
        "&lt;a b=&quot;x&quot;&gt;it's &amp; é&lt;/a&gt;",
    ),
    (GREL + "escape", ("it's <b>", "xml"), "it&apos;s &lt;b&gt;"),
    (GREL + "escape", ('say "hi", Zoë', "csv"), '"say ""hi"", Zoë"'),
    (GREL + "escape", ("plain", "csv"), "plain"),
    (GREL + "escape", ('"a\\b"\n\té', "json"), '\\"a\\\\b\\"\\n\\té'),
    (GREL + "array_join", (", ", "Bristol", "Avon", "UK"), "Bristol, Avon, UK"),
    (GREL + "array_join", (", ", "Bristol"), "Bristol"),
    (GREL + "string_md5", ("Zoë",), "fb44af73417cf03c023d098e7f07c114"),
    (GREL + "string_sha1", ("Zoë",), "4771a7b47db3a5a31ed1e4375e91e7cdc675060b"),
    (IDLAB + "equal", ("a", "a"), "true"),
    (IDLAB + "equal", ("a", "A"), "false"),
    (IDLAB + "notEqual", ("a", "A"), "true"),
    (IDLAB + "trueCondition", ("true", "yes"), "yes"),
    (IDLAB + "trueCondition", ("false", "yes"), None),
    (IDLAB + "trueCondition", ("TRUE", "yes"), None),
    (IDLAB + "decide", ("m", "m", "male"), "male"),
    (IDLAB + "decide", ("f", "m", "male"), None),
    (IDLAB + "stringContainsOtherString", ("a;b;c", "b", ";"), "true"),
    (IDLAB + "stringContainsOtherString", ("a;bb;c", "b", ";"), "false"),
    (GREL + "boolean_not", ("true",), "false"),
    (GREL + "boolean_not", ("no",), "true"),
    (GREL + "boolean_and", ("true", "true"), "true"),
    (GREL + "boolean_and", ("true", "false", "true"), "false"),
    (GREL + "boolean_or", ("false", "true"), "true"),
    (GREL + "boolean_or", ("false",), "false"),
    (GREL + "boolean_xor", ("true", "true"), "false"),
    (GREL + "boolean_xor", ("true", "true", "true"), "true"),
    (GREL + "controls_if", ("true", "yes", "no"), "yes"),
    (GREL + "controls_if", ("false", "yes", "no"), "no"),
    (GREL + "controls_if", ("false", "yes"), None),
    (GREL + "date_toDate", ("7/11/2024", "d/M/yyyy"), "2024-11-07"),
    (GREL + "date_toDate", ("30/2/2024", "d/M/yyyy"), None),
    (GREL + "date_toDate", ("7/11/24", "d/M/yyyy"), None),
    (GREL + "date_datePart", ("2024-11-07", "year"), "2024"),
    (GREL + "date_datePart", ("2024-11-07T09:30:05Z", "months"), "11"),
    (GREL + "date_datePart", ("2024-11-07T09:30:05.5+01:00", "hours"), "9"),
    (GREL + "date_datePart", ("2024-11-07", "hours"), None),
    (GREL + "date_datePart", ("7 Nov 2024", "day"), None),
    (IDLAB + "normalizeDate", ("07 Nov 2024", "dd MMM yyyy"), "2024-11-07"),
    (IDLAB + "normalizeDate", ("07 may 2024", "dd MMM yyyy"), "2024-05-07"),
    (IDLAB + "normalizeDate", ("07 Juli 2024", "dd MMM yyyy"), None),
    (IDLAB + "normalizeDateTime", ("20241107 09:30", "yyyyMMdd HH:mm"), "2024-11-07T09:30:00"),
    (IDLAB + "normalizeDateTime", ("20241107 24:30", "yyyyMMdd HH:mm"), None),
    (IDLAB + "normalizeDateWithLang", ("November 7, 2024", "MMMM d, yyyy", "en"), "2024-11-07"),
    (
        IDLAB + "normalizeDateTimeWithLang",
        ("7 February 2024 at 9:05:59", "d MMMM yyyy 'at' H:mm:ss", "en-GB"),
        "2024-02-07T09:05:59",
    ),
    (IDLAB + "slugify", ("Zoë's Café, 2nd",), "zoe-s-cafe-2nd"),
    (IDLAB + "slugify", ("東京",), None),
    (IDLAB + "toUpperCaseURL", ("venus.example",), "http://VENUS.EXAMPLE"),
    (IDLAB + "toUpperCaseURL", ("http://venus.example/a",), "HTTP://VENUS.EXAMPLE/A"),
    *(
        (NUTGRAF + "resolveIri", (reference, "http://a/b/c/d;p?q"), iri)
        for reference, iri in RFC_3986_EXAMPLES.items()
    ),
    (NUTGRAF + "encodeIri", ("Zoë 7/8",), "Zoë%207%2F8"),
]

REFERENCES: Final[dict[str, Callable[..., str | None]]] = {
    GREL + "string_toTitlecase": lambda value: re.sub(
        r"\S+", lambda word: word[0][0].upper() + word[0][1:], value.lower(), flags=re.ASCII
    ),
    GREL + "string_trim": lambda value: value.strip(" \t\n\v\f\r"),
    GREL + "string_chomp": lambda value, end: value.removesuffix(end),
    GREL + "string_replace": lambda value, old, new: value.replace(old, new) if old else value,
    GREL + "string_length": lambda value: str(len(value)),
    GREL + "string_substring": substring,
    GREL + "string_indexOf": lambda value, sub: str(value.find(sub)),
    GREL + "string_startsWith": lambda value, sub: boolean(value.startswith(sub)),
    GREL + "string_endsWith": lambda value, sub: boolean(value.endswith(sub)),
    GREL + "string_contains": lambda value, sub: boolean(sub in value),
    GREL + "escape": escape,
    GREL + "array_join": lambda separator, *values: separator.join(values),
    GREL + "string_md5": lambda value: hashlib.md5(value.encode(), usedforsecurity=False).hexdigest(),
    GREL + "string_sha1": lambda value: hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest(),
    IDLAB + "equal": lambda one, other: boolean(one == other),
    IDLAB + "notEqual": lambda one, other: boolean(one != other),
    IDLAB + "trueCondition": lambda condition, value: value if condition == "true" else None,
    IDLAB + "decide": lambda value, expected, result: result if value == expected else None,
    GREL + "boolean_not": lambda value: boolean(value != "true"),
    GREL + "boolean_and": lambda *values: boolean(all(value == "true" for value in values)),
    GREL + "boolean_or": lambda *values: boolean(any(value == "true" for value in values)),
    GREL + "boolean_xor": lambda *values: boolean(sum(value == "true" for value in values) % 2 == 1),
    GREL + "controls_if": lambda condition, then, other=None: then if condition == "true" else other,
    GREL + "date_toDate": parsed("%d/%m/%Y", "%Y-%m-%d"),
    IDLAB + "normalizeDate": parsed("%d %b %Y", "%Y-%m-%d"),
    IDLAB + "normalizeDateTime": parsed("%Y%m%d %H:%M", "%Y-%m-%dT%H:%M:%S"),
    IDLAB + "normalizeDateWithLang": parsed("%B %d, %Y", "%Y-%m-%d"),
    IDLAB + "slugify": slug,
}
"""IRI → the same function in plain Python, for the patterns of the first example."""
