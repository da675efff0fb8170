"""The block: JSON that no text can break out of, in a script element that is known as ours.

Source: HTML §4.12.1.3, https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements;
JSON-LD 1.1 §7.1, https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any, Final

from nutgraf.problems import InputError, Problem, quoted

MARKER: Final = "data-nutgraf"
"""The attribute that says whose the element is."""
MEDIA_TYPE: Final = "application/ld+json"
_ESCAPES: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def script_json(document: Mapping[str, Any]) -> str:
    """JSON in ASCII without `<`, `>` and `&`: safe inside `script`, in HTML and in XHTML.

    Raises:
        InputError: EMB104 a text has half of a surrogate pair, or a number is no number.

    >>> script_json({"headline": "a </script> b"})
    '{"headline":"a \\\\u003c/script\\\\u003e b"}'
    """
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    except UnicodeEncodeError as error:
        raise InputError(
            Problem(
                "EMB104",
                f"a text has half of a surrogate pair: {quoted(_around(error))}",
                why="it is no character and cannot be published",
                fix="correct the text where it comes from",
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(Problem("EMB104", f"the JSON-LD cannot be written: {error}")) from error
    return text.translate(_ESCAPES)


def _around(error: UnicodeEncodeError) -> str:
    shown = error.object[max(0, error.start - 10) : error.end + 10]
    return shown.encode("ascii", "backslashreplace").decode()


def script_element(
    document: Mapping[str, Any], *, alternate: str | None = None, nonce: str | None = None
) -> str:
    """The block, in ASCII: the script, after a link to the full profile if there is one.

    Args:
        document: the JSON-LD.
        alternate: address of the full profile, for `<link rel="alternate">`.
        nonce: for linters that ask for one; a data block is not subject to a content security policy.
    """
    link = (
        f'<link {MARKER} rel="alternate" type="{MEDIA_TYPE}" href="{_attribute(alternate)}">'
        if alternate is not None
        else ""
    )
    extra = f' nonce="{_attribute(nonce)}"' if nonce is not None else ""
    return f'{link}<script {MARKER} type="{MEDIA_TYPE}"{extra}>{script_json(document)}</script>'


def _attribute(value: str) -> str:
    return html.escape(value).encode("ascii", "xmlcharrefreplace").decode()
