"""A constraint as what may be wrong and what surely is, in SQL: the table of the components.

The counterpart of `components`: what stands in these modules may only say too little, never that a node
conforms which does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from nutgraf.shapes.sql.screen import of_nodes, of_shapes, of_values
from nutgraf.shapes.sql.screen.part import ALL, Part, Source

if TYPE_CHECKING:
    from nutgraf.shapes.model import Constraint, Shape

_ATTRIBUTES: Final = frozenset(
    """Datatype MinLength MaxLength Pattern LanguageIn UniqueLang MinExclusive MinInclusive MaxExclusive
    MaxInclusive LessThan LessThanOrEquals""".split()
)
"""Components that look at the text of a value node."""

Screen = Callable[[Source, "Constraint"], tuple[Part, Part]]
"""Gives what may be wrong, and what surely is."""


_OF_VALUES: Final[dict[str, Screen]] = {
    "Class": of_values.class_,
    "Datatype": of_values.datatype,
    "NodeKind": of_values.node_kind,
    "In": of_values.in_list,
    "MinLength": of_values.min_length,
    "MaxLength": of_values.max_length,
    "Pattern": of_values.pattern,
    "LanguageIn": of_values.language_in,
    "MinExclusive": of_values.bound,
    "MinInclusive": of_values.bound,
    "MaxExclusive": of_values.bound,
    "MaxInclusive": of_values.bound,
}
_SCREENS: Final[dict[str, Screen]] = {
    **_OF_VALUES,
    "MinCount": of_nodes.min_count,
    "MaxCount": of_nodes.max_count,
    "HasValue": of_nodes.has_value,
    "UniqueLang": of_nodes.unique_lang,
    "Equals": of_nodes.equals,
    "Disjoint": of_nodes.disjoint,
    "LessThan": of_nodes.less_than,
    "LessThanOrEquals": of_nodes.less_than,
    "Closed": of_nodes.closed,
    "Node": of_shapes.all_of,
    "Property": of_shapes.all_of,
    "And": of_shapes.all_of,
    "Not": of_shapes.not_,
    "Or": of_shapes.or_,
    "Xone": of_shapes.xone,
    "QualifiedMinCount": of_shapes.qualified_min,
    "QualifiedMaxCount": of_shapes.qualified_max,
}
"""Component → its screen. Another component has none, and lets all nodes pass."""


def of(source: Source, constraint: Constraint) -> tuple[Part, Part]:
    """What may be wrong by a constraint, and what surely is; everything may be by one without a screen."""
    screen = _SCREENS.get(constraint.component)
    return screen(source, constraint) if screen else (Part([ALL]), Part())


def is_plain(shape: Shape) -> bool:
    """Whether a shape asks of a node only what stands in a row of it as a value node."""
    return (
        shape.path is None
        and not shape.targets
        and all(constraint.component in _OF_VALUES for constraint in shape.constraints)
    )


def looks_at_text(constraints: Iterable[Constraint]) -> bool:
    """Whether some of them look at the text of a value node."""
    return any(constraint.component in _ATTRIBUTES for constraint in constraints)


def either(parts: Iterable[Part]) -> str:
    """Whether a value node has something wrong with it that one of some parts says."""
    values = list(dict.fromkeys(condition for part in parts for condition in part.values))
    return f"({' or '.join(values)})" if values else "false"
