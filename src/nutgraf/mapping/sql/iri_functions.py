"""Functions that make IRIs, or parts of them.

Source: RFC 3986 and RFC 3987; https://w3id.org/imec/idlab/function
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.encoding import encode_iri
from nutgraf.mapping.sql.function import IDLAB, NUTGRAF, Function, joined
from nutgraf.mapping.sql.functions import call, case, text
from nutgraf.mapping.sql.iri_resolution import check_base, resolve

_VALUE: Final = "valueParameter"


def _slug(value: exp.Expression) -> exp.Expression:
    """`Zoë's Café, 2nd` → `zoe-s-cafe-2nd`; nothing when no letter or digit of ASCII is left."""
    ascii_only = call(
        "regexp_replace",
        call("lower", call("strip_accents", value)),
        text(r"[^\x00-\x7F]"),
        text(""),
        text("g"),
    )
    dashed = call("regexp_replace", ascii_only, text("[^a-z0-9]+"), text("-"), text("g"))
    return call("nullif", call("trim", dashed, text("-")), text(""))


def _upper_url(value: exp.Expression) -> exp.Expression:
    upper = call("upper", value)
    return case(
        (call("starts_with", value, text("http")), upper),
        (exp.not_(call("starts_with", value, text("http"))), joined([text("http://"), upper])),
        otherwise=exp.null(),
    )


IRI_FUNCTIONS: Final[dict[str, Function]] = {
    IDLAB + "slugify": Function(("str",), _slug),
    IDLAB + "toUpperCaseURL": Function(("str",), _upper_url),
    NUTGRAF + "resolveIri": Function((_VALUE, "base"), resolve, constants={"base": check_base}),
    NUTGRAF + "encodeIri": Function((_VALUE,), encode_iri),
}
"""IRI → function."""
