"""What a validation is asked for beside the report, and what it tells while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a validation is.

    Attributes:
        stage: whether nodes are examined, or results located.
        done: how many steps of examining are done, or results located.
        total: of how many; None where that is not known.
        nodes: how many focus nodes are examined, each counted for each shape.
        results: how many results there are so far.
    """

    stage: Literal["examined", "located"]
    done: int
    total: int | None
    nodes: int = 0
    results: int = 0


Watch: TypeAlias = Callable[[Seen], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for.

    Attributes:
        language: of messages, where the shapes have them in several.
        first: whether the first violation is enough; then what else there is may be missing.
        watch: is told how far it is.
    """

    language: str = "en"
    first: bool = False
    watch: Watch | None = None
