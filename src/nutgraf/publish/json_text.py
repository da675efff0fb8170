"""JSON with two spaces a level, as `json.dumps(…, ensure_ascii=False, indent=2)` writes it, sooner.

The standard library indents in Python, a generator a level; strings, most of what there is to do, are
escaped in C in both.

Source: RFC 8259, https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any


def json_text(value: Any, indent: str = "\n") -> str:
    """The text of a value of objects, arrays, strings, integers and truth values.

    Args:
        value: object keys are strings.
        indent: the line feed and the spaces of the level that the value stands on.

    Raises:
        TypeError: a value of another type, a fraction among them: JSON-LD reads it as a double.

    >>> print(json_text({"a": ["b", 1], "c": {}}))
    {
      "a": [
        "b",
        1
      ],
      "c": {}
    }
    """
    inner = indent + "  "
    match value:
        case str():
            return encode_basestring(value)
        case dict() if value:
            members = [f"{encode_basestring(key)}: {json_text(item, inner)}" for key, item in value.items()]
            text = "{" + inner + ("," + inner).join(members) + indent + "}"
        case list() if value:
            text = "[" + inner + ("," + inner).join([json_text(item, inner) for item in value]) + indent + "]"
        case dict() | list():
            text = "[]" if isinstance(value, list) else "{}"
        case bool():
            text = "true" if value else "false"
        case int():
            text = str(value)
        case _:
            raise TypeError(f"{value!r} is not written as JSON here")
    return text
