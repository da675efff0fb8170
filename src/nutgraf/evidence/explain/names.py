"""What people write for a node or a property: an IRI, a CURIE, a key, the last part of a property."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from nutgraf.problems import InputError, Problem
from nutgraf.terms.vocabulary import PREFIXES, expand


def node(text: str, base: str, known: Iterable[str]) -> str:
    """The IRI of a node.

    Args:
        text: `https://…`, `<https://…>`, `id:morocco`, `stmt:…`, `morocco`, `001/claim-…`, or `claim-…`
            where one article has it.
        base: IRI that the workspace's nodes start with.
        known: the nodes that something is said of.

    Raises:
        InputError: EXP101, nothing is said of it.
    """
    nodes = set(known)
    bare = text.strip().removeprefix("<").removesuffix(">")
    own = {"id": f"{base}id/", "stmt": f"{base}stmt/", "graph": f"{base}graph/"}
    candidates = [bare, expand(bare, PREFIXES | own), f"{base}id/{bare}", f"{base}{bare}"]
    for candidate in candidates:
        if candidate and (candidate in nodes or re.match(re.escape(f"{base}stmt/"), candidate)):
            return candidate
    own_key = [iri for iri in nodes if iri.startswith(f"{base}id/") and iri.endswith(f"/{bare}")]
    if len(own_key) == 1:
        return own_key[0]  # a key of one article's own
    keys = [iri.removeprefix(f"{base}id/") for iri in nodes]
    close = difflib.get_close_matches(bare.removeprefix(f"{base}id/").removeprefix("id:"), keys, n=1)
    raise InputError(
        Problem(
            "EXP101",
            f'nothing is said of "{text}"',
            why="a node is an IRI, a CURIE such as id:morocco, or a key such as morocco or 001/claim-x",
            fix=f'did you mean "{close[0]}"?' if close else None,
        )
    )


def predicate(text: str, known: Iterable[str]) -> str:
    """The IRI of a property: itself, a CURIE, or its last part where one property has that.

    Raises:
        InputError: EXP102, no such property, or several.
    """
    bare = text.strip().removeprefix("<").removesuffix(">")
    properties = sorted(set(known))
    for candidate in (bare, expand(bare)):
        if candidate in properties:
            return str(candidate)
    found = [iri for iri in properties if re.split(r"[/#]", iri)[-1] == bare]
    if len(found) == 1:
        return found[0]
    close = difflib.get_close_matches(bare, [re.split(r"[/#]", iri)[-1] for iri in properties], n=1)
    raise InputError(
        Problem(
            "EXP102",
            f'{"several properties are" if found else "no property is"} called "{text}"',
            why=f"they are {', '.join(found)}" if found else "it is an IRI, a CURIE, or the last part of one",
            fix="write its IRI" if found else f'did you mean "{close[0]}"?' if close else None,
        )
    )
