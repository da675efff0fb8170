"""A Jinja2 filter: `{{ page | jsonld }}` in a template's head.

environment.filters["jsonld"] = nutgraf.publish.embed.jinja.jsonld
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from nutgraf.publish.embed.script import script_element


def jsonld(document: Mapping[str, Any], *, alternate: str | None = None, nonce: str | None = None) -> Markup:
    """The script element of a JSON-LD document, which autoescaping leaves alone.

    Args:
        document: the JSON-LD, such as `nutgraf.page` gives.
        alternate: address of the full profile, for `<link rel="alternate">`.
        nonce: for the script element.

    Raises:
        InputError: EMB104 the document has a text that is none.
    """
    return Markup(script_element(document, alternate=alternate, nonce=nonce))  # noqa: S704 - it is escaped
