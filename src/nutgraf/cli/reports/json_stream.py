"""JSON bit by bit, with the bytes that `json.dumps` writes at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from textwrap import indent
from typing import Any

_STEP = "  "


def array(values: Iterable[Any], depth: int) -> Iterator[str]:
    """An array of some values, each written when its turn comes.

    Args:
        values: what `json.dumps` can write.
        depth: how deep the array stands.

    >>> "".join(array([{"a": 1}], 0)) == json.dumps([{"a": 1}], indent=2)
    True
    """
    inner, outer = _STEP * (depth + 1), _STEP * depth
    empty = True
    for value in values:
        yield "[\n" if empty else ",\n"
        yield indent(json.dumps(value, indent=2, ensure_ascii=False), inner)
        empty = False
    yield "[]" if empty else f"\n{outer}]"


def field(name: str, value: Any, depth: int) -> str:
    """A field of an object, without what goes before and after.

    >>> field("a", [1], 1)
    '"a": [\\n    1\\n  ]'
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return f'"{name}": {indent(text, _STEP * depth).lstrip()}'
