"""Publish the facts of news articles as linked data.

>>> import nutgraf
>>> result = nutgraf.build(".")                                   # doctest: +SKIP
>>> dataset = nutgraf.Dataset.load("output/dataset.nq")           # doctest: +SKIP
>>> graph = dataset.to_rdflib()                                   # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from nutgraf.api import (
        build,
        check,
        compare,
        embed,
        explain,
        map,  # noqa: A004 - what it does is called so
        page,
        push,
        query,
        validate,
    )
    from nutgraf.dataset.store import Dataset
    from nutgraf.problems import ContentError, InputError, NutgrafError, Problem, Span

__all__ = [
    "ContentError",
    "Dataset",
    "InputError",
    "NutgrafError",
    "Problem",
    "Span",
    "build",
    "check",
    "compare",
    "embed",
    "explain",
    "map",
    "page",
    "push",
    "query",
    "validate",
]

_HOMES: Final = {
    "build": "nutgraf.api",
    "check": "nutgraf.api",
    "map": "nutgraf.api",
    "embed": "nutgraf.api",
    "page": "nutgraf.api",
    "push": "nutgraf.api",
    "compare": "nutgraf.api",
    "explain": "nutgraf.api",
    "query": "nutgraf.api",
    "validate": "nutgraf.api",
    "Dataset": "nutgraf.dataset.store",
    "ContentError": "nutgraf.problems",
    "InputError": "nutgraf.problems",
    "NutgrafError": "nutgraf.problems",
    "Problem": "nutgraf.problems",
    "Span": "nutgraf.problems",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `nutgraf --help` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'nutgraf' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
