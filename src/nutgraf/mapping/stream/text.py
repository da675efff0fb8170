"""The statements of a row of slots as one text of N-Triples or N-Quads, and how many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.functions import both, call, case, concat, named, number, own, text
from nutgraf.mapping.stream import slots
from nutgraf.mapping.stream.slots import Piece, Slot, TermText
from nutgraf.mapping.stream.values import encoded

TEXT: Final = "text"
LINES: Final = "lines"
KEY: Final = "key"
"""The columns of the query: the text, the number of its lines, and a hash of what tells the rows apart."""

_SUBJECT: Final = "subject"
_VALUE: Final = "value"


class Lines:
    """The statements of rules, over rows whose columns are slots.

    Args:
        rules: the terms of each.
        columns: slot → the name of its column.
        lists: the slots whose columns are lists.
    """

    def __init__(
        self, rules: Sequence[Sequence[TermText]], columns: Mapping[Slot, str], lists: frozenset[Slot]
    ) -> None:
        self._rules = rules
        self._columns = columns
        self._lists = lists
        self._counts: dict[str, exp.Expression] = {}
        self.made: list[str] = []
        """For each rule, the column with the number of statements that it makes of a row."""

    def query(
        self, rows: exp.Subquery | exp.Table, *, key: bool = False, times: Sequence[str] = ()
    ) -> exp.Select:
        """The query of the texts.

        Args:
            rows: what has the columns of the slots.
            key: whether to add a hash of what is `told_apart`.
            times: columns with numbers, to hand through; each of `made` also comes multiplied by each.
        """
        subject = self._rules[0][0]
        shared = all(texts[0] == subject for texts in self._rules)
        distinct = [
            named(call("list_distinct", exp.column(self._columns[slot])), f"{self._columns[slot]}_once")
            for slot in self._lists
        ]
        prepared = exp.select(exp.Star(), *distinct)
        if shared:
            present = self._present(slots.slots([subject]))
            made = case((present, concat(self._parts(subject))), otherwise=exp.null())
            prepared = prepared.select(named(made, _SUBJECT), copy=False)
        texts = [self._statement(rule, shared=shared) for rule in self._rules]
        lines = [self._number(rule, once=True) for rule in self._rules]
        self.made = [self._counted(self._number(rule, once=False)) for rule in self._rules]
        columns: list[exp.Expression] = [named(concat([*texts, text("")]), TEXT), named(_sum(lines), LINES)]
        if key:
            columns.append(named(self._key(), KEY))
        columns += [named(expression, name) for name, expression in self._counts.items()]
        columns += [
            named(exp.Mul(this=own(expression), expression=exp.column(other)), product(name, other))
            for name, expression in self._counts.items()
            for other in times
        ]
        columns += [exp.column(other) for other in times]
        return exp.select(*columns).from_(
            prepared.from_(rows, copy=False).subquery("prepared", copy=False), copy=False
        )

    def _statement(self, texts: Sequence[TermText], *, shared: bool) -> exp.Expression:
        """The lines of one rule; NULL where a value is missing."""
        parts: list[exp.Expression] = []
        for place, term in enumerate(texts):
            if place:
                parts.append(text(" "))
            parts += [exp.column(_SUBJECT)] if shared and not place else self._parts(term)
        line = concat([*_joined([*parts, text(" .\n")])])
        listed = [slot for slot in slots.slots(texts) if slot in self._lists]
        if listed:
            values = exp.column(f"{self._columns[listed[0]]}_once")
            body = exp.Lambda(this=line, expressions=[exp.to_identifier(_VALUE)])
            line = call("array_to_string", call("list_transform", values, body), text(""))
        return case((self._present(slots.slots(texts)), line), otherwise=exp.null())

    def _parts(self, term: TermText) -> list[exp.Expression]:
        return [text(part) if isinstance(part, str) else self._piece(part) for part in term]

    def _piece(self, piece: Piece) -> exp.Expression:
        value = exp.column(_VALUE if piece.slot in self._lists else self._columns[piece.slot])
        return encoded(value, piece.encoding)

    def _present(self, wanted: Sequence[Slot]) -> exp.Expression:
        """Whether every slot has a value."""
        present = [
            exp.not_(exp.column(name).is_(exp.null()))
            for name in sorted(self._columns[slot] for slot in wanted)
        ]
        found: exp.Expression = present[0]
        for each in present[1:]:
            found = both(found, each)
        return found

    def _number(self, texts: Sequence[TermText], *, once: bool) -> exp.Expression:
        """How many statements a rule makes of a row; `once` without repetitions among several values."""
        used = slots.slots(texts)
        listed = [slot for slot in used if slot in self._lists]
        one: exp.Expression = number(1)
        if listed:
            one = call("len", exp.column(self._columns[listed[0]] + ("_once" if once else "")))
        return case((self._present(used), one), otherwise=number(0))

    def _counted(self, expression: exp.Expression) -> str:
        """The name of a column with that; rules that read the same have one in common."""
        for name, known in self._counts.items():
            if known == expression:
                return name
        name = f"made{len(self._counts)}"
        self._counts[name] = expression
        return name

    def _key(self) -> exp.Expression:
        used = told_apart(self._rules)
        columns = [exp.column(self._columns[slot]) for slot in used]
        return case((self._present(used), call("hash", *columns)), otherwise=exp.null())


def told_apart(rules: Sequence[Sequence[TermText]]) -> list[Slot]:
    """What tells the records of a star apart: its subject; all that is read where there is one rule."""
    used = slots.slots(rules[0][:1] if len(rules) > 1 else rules[0])
    return [slot for slot in used if not slots.many(slot)]


def product(made: str, times: str) -> str:
    """The column with the product of two."""
    return f"{made}_{times}"


def _joined(parts: Sequence[exp.Expression]) -> list[exp.Expression]:
    """The parts with neighbouring texts made one."""
    found: list[exp.Expression] = []
    for part in parts:
        if found and part.is_string and found[-1].is_string:
            found[-1] = text(found[-1].this + part.this)
        else:
            found.append(part)
    return found


def _sum(numbers: Sequence[exp.Expression]) -> exp.Expression:
    total = own(numbers[0])
    for each in numbers[1:]:
        total = exp.Add(this=total, expression=own(each))
    return total
