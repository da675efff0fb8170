"""Roles: nodes that stand between two things and have the property that joins them.

Source: https://schema.org/Role, http://blog.schema.org/2014/06/introducing-role.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nutgraf.publish.page.model import Node, PagePart, Statement
from nutgraf.terms import schema_org


def is_of_a_role(statement: Statement) -> bool:
    """Whether a role has this property only because it stands for it."""
    described = schema_org.property_named(statement.key)
    return described is not None and not schema_org.any_is_a(_ROLES, described.domains)


_ROLES: Final = ("OrganizationRole", "PerformanceRole", "LinkRole")


def _is_below(part: PagePart, node: Node, ancestor: Node) -> bool:
    while node != ancestor:
        if node not in part.homes:
            return False
        node = part.homes[node][0]
    return True


def settle_roles(part: PagePart, is_role: Callable[[Node], bool]) -> set[Node]:
    """Move each role below the property that it stands for; return those that have no such place.

    A role is one only there: below another property, what it joins does not belong to it.
    """
    loose: set[Node] = set()
    for role in part.nodes:
        keys = {it.key for it in part.nodes[role] if is_of_a_role(it)} if is_role(role) else set()
        if not keys or (role in part.homes and part.homes[role][1] in keys):
            continue
        places = [
            (node, statement.key)
            for node, statements in part.nodes.items()
            for statement in statements
            if statement.value == role and statement.key in keys and not _is_below(part, node, role)
        ]
        if places:
            part.homes[role] = places[0]
        else:
            loose.add(role)
    return loose
