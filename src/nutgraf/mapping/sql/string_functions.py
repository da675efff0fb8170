"""Functions of texts. Positions count characters from 0.

Source: https://openrefine.org/docs/manual/grelfunctions#string-functions, under the names of
https://users.ugent.be/~bjdmeest/function/grel.ttl
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.function import GREL, Function, constant, joined, truth, whole_number
from nutgraf.mapping.sql.functions import both, call, case, equals, number, replace, text, to_text, transform

WHITE_SPACE: Final = " \t\n\v\f\r"
ESCAPE_MODES: Final = ("csv", "html", "json", "url", "xml")
_VALUE: Final = "valueParameter"
_HTML: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))
_KEPT_IN_URL: Final = "!'()*"


def check_mode(mode: str) -> str | None:
    """Why a text cannot be escaped so."""
    return None if mode in ESCAPE_MODES else f"the modes are {', '.join(ESCAPE_MODES)}"


def _escape(value: exp.Expression, mode: exp.Expression) -> exp.Expression:
    name = constant(mode)
    if name == "url":
        return encode_component(value)
    if name == "json":
        written = call("json_quote", value)
        return call("substr", written, number(2), _less(call("length", written), number(2)))
    if name == "csv":
        special = call("regexp_matches", value, text('[,"\r\n]'))
        quoted = joined([text('"'), call("replace", value, text('"'), text('""')), text('"')])
        return case((special, quoted), otherwise=value)
    marks = _HTML if name == "html" else (*_HTML, ("'", "&apos;"))
    return replace(value, *((text(old), new) for old, new in marks))


def encode_component(value: exp.Expression) -> exp.Expression:
    """Percent-encode as encodeURIComponent of ECMAScript does.

    Source: https://tc39.es/ecma262/#sec-encodeuricomponent-uricomponent
    """
    return replace(call("url_encode", value), *((text(f"%{ord(kept):02X}"), kept) for kept in _KEPT_IN_URL))


def _substring(
    value: exp.Expression, first: exp.Expression, last: exp.Expression | None = None
) -> exp.Expression:
    length = call("length", value)
    start = _position(whole_number(first), length)
    end = _position(whole_number(last), length) if last is not None else length
    size = case(
        (exp.GT(this=end.copy(), expression=start.copy()), _less(end, start)),
        (exp.LTE(this=end.copy(), expression=start.copy()), number(0)),
        otherwise=exp.null(),
    )
    return call("substr", value, exp.Add(this=start.copy(), expression=number(1)), size)


def _position(written: exp.Expression, length: exp.Expression) -> exp.Expression:
    """From the end when it is negative, and never outside of the text."""
    behind = exp.Add(this=length.copy(), expression=written.copy())
    return case(
        (exp.GT(this=written.copy(), expression=length.copy()), length),
        (exp.GTE(this=written.copy(), expression=number(0)), written),
        (exp.LT(this=behind.copy(), expression=number(0)), number(0)),
        otherwise=behind,
    )


def _title(value: exp.Expression) -> exp.Expression:
    words = call("regexp_extract_all", call("lower", value), text(f"[{WHITE_SPACE}]+|[^{WHITE_SPACE}]+"))
    capital = transform(
        words,
        lambda word: joined([call("upper", call("left", word, number(1))), call("substr", word, number(2))]),
    )
    return call("array_to_string", capital, text(""))


def _chomp(value: exp.Expression, end: exp.Expression) -> exp.Expression:
    shorter = call("left", value, _less(call("length", value), call("length", end)))
    nothing = equals(end, text(""))
    return case(
        (both(call("ends_with", value, end), exp.not_(nothing)), shorter), otherwise=_if_given(end, value)
    )


def _if_given(other: exp.Expression, value: exp.Expression) -> exp.Expression:
    return case((exp.Is(this=other.copy(), expression=exp.null()), exp.null()), otherwise=value)


def _join(separator: exp.Expression, first: exp.Expression, *others: exp.Expression) -> exp.Expression:
    parts = [part for value in others for part in (separator, value)]
    return joined([first, *parts]) if parts else _if_given(separator, first)


def _replace(value: exp.Expression, old: exp.Expression, new: exp.Expression) -> exp.Expression:
    return call("replace", value, old, new)


def _less(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.Sub(this=one.copy(), expression=exp.Paren(this=other.copy()))


def _index(value: exp.Expression, sub: exp.Expression) -> exp.Expression:
    found = _less(call("strpos", value, sub), number(1))
    return to_text(found)


STRING_FUNCTIONS: Final[dict[str, Function]] = {
    GREL + "toUpperCase": Function((_VALUE,), lambda value: call("upper", value)),
    GREL + "toLowerCase": Function((_VALUE,), lambda value: call("lower", value)),
    GREL + "string_toTitlecase": Function((_VALUE,), _title),
    GREL + "string_trim": Function((_VALUE,), lambda value: call("trim", value, text(WHITE_SPACE))),
    GREL + "string_chomp": Function((_VALUE, "p_string_sep"), _chomp),
    GREL + "string_replace": Function((_VALUE, "p_string_find", "p_string_replace"), _replace),
    GREL + "string_length": Function((_VALUE,), lambda value: to_text(call("length", value))),
    GREL + "string_substring": Function(
        (_VALUE, "param_int_i_from", "param_int_i_opt_to"), _substring, optional=1
    ),
    GREL + "string_indexOf": Function((_VALUE, "string_sub"), _index),
    GREL + "string_startsWith": Function(
        (_VALUE, "string_sub"), lambda value, sub: truth(call("starts_with", value, sub))
    ),
    GREL + "string_endsWith": Function(
        (_VALUE, "string_sub"), lambda value, sub: truth(call("ends_with", value, sub))
    ),
    GREL + "string_contains": Function(
        (_VALUE, "string_sub"), lambda value, sub: truth(call("contains", value, sub))
    ),
    GREL + "escape": Function((_VALUE, "modeParameter"), _escape, constants={"modeParameter": check_mode}),
    GREL + "array_join": Function(("p_string_sep",), _join, repeated="p_array_a"),
    GREL + "string_md5": Function((_VALUE,), lambda value: call("md5", value)),
    GREL + "string_sha1": Function((_VALUE,), lambda value: call("sha1", value)),
}
"""IRI → function."""
