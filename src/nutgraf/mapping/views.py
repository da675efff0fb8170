"""Logical views as relations: a table with a row for each combination of the values of a view's fields.

Source: RML-LV, https://w3id.org/rml/lv/spec
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.columns import missing_column
from nutgraf.mapping.evaluate import CSV_RECORDS, JSON_PATH
from nutgraf.mapping.model import (
    AbstractLogicalSource,
    ExpressionField,
    Field,
    IterableField,
    LogicalView,
    Reference,
    ReferenceFormulation,
    ViewJoin,
    references,
)
from nutgraf.mapping.relation import Column, Relation
from nutgraf.mapping.sources import References, Sources
from nutgraf.mapping.sql.json_records import JSON
from nutgraf.mapping.sql.natural import natural_values
from nutgraf.mapping.sql.view_rows import Rows
from nutgraf.mapping.sql.view_values import (
    Cell,
    Context,
    Document,
    Row,
    field_text,
    field_values,
    records_of,
)
from nutgraf.mapping.view_fields import INDEX, full_name
from nutgraf.problems import InputError, Problem


class Views:
    """The views of one run, each made once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._found: dict[LogicalView, Relation] = {}

    def relation(self, view: LogicalView, references: References) -> Relation:
        """The relation of a view.

        Args:
            view: what to make.
            references: name → each field that is read of it.

        Raises:
            InputError: MAP103 a field that reads a column that is not there, MAP117 a value that is not what
                an iterator expects, MAP126 a field that iterates over a row, and what `Sources.relation`
                raises.
        """
        made = self._rows(view)
        shown = [made.columns[name] for name in references if name in made.columns]
        name = self._sources.create(natural_values(made.raw, shown, made.parents), "TABLE")
        return dataclasses.replace(made, name=name)

    def _rows(self, view: LogicalView) -> Relation:
        if view not in self._found:
            try:
                self._found[view] = self._make(view)
            except engine.EngineError as error:
                why = f"a value is not of the field's reference formulation ({type(error).__name__})"
                problem = Problem("MAP117", f'cannot make the view "{view.name}"', view.span, why=why)
                raise InputError(problem) from error
        return self._found[view]

    def _make(self, view: LogicalView) -> Relation:
        self._need_functions(view.fields)
        base, context = self._base(view)
        rows = Rows(base)
        columns: dict[str, Column] = {INDEX: rows.index}
        for field in view.fields:
            columns |= _add_field(rows, field, context, "")
        own = Row(dict(columns))
        for join in view.joins:
            columns |= self._add_join(rows, view, join, own)
        query, found, parents = rows.finish(columns)
        raw = self._sources.create(query, "TABLE")
        return Relation(raw, raw, found, tuple(found), parents)

    def _base(self, view: LogicalView) -> tuple[Relation, Context]:
        """The records that a view is on, and how its fields read them."""
        source = view.view_on
        read = {reference.name: reference for field in view.fields for reference in _root_references(field)}
        if isinstance(source, LogicalView):
            base = self._rows(source)
            context: Context = Row(base.columns)
        else:
            documents = self._sources.documents(source)
            base = documents or self._sources.relation(source, read)
            context = Document(exp.column(JSON)) if documents else Row(base.columns)
        _refuse_missing(source, read.values(), base)
        return base, context

    def _add_join(self, rows: Rows, view: LogicalView, join: ViewJoin, own: Row) -> dict[str, Column]:
        parent = self._rows(join.parent)
        other = Row(parent.columns)
        read = [reference for field in join.fields for reference in references(field.expression)]
        read += [
            reference for condition in join.join_conditions for reference in references(condition.parent)
        ]
        _refuse_missing(join.parent, read, parent)
        children = [item for condition in join.join_conditions for item in references(condition.child)]
        _refuse_missing(view, children, Relation("", "", own.columns, tuple(own.columns)))
        keys = [
            (field_text(condition.child, own), field_text(condition.parent, other))
            for condition in join.join_conditions
        ]
        fields = [field_values(field.expression, other) for field in join.fields]
        columns, index = rows.join(parent, keys, fields, left=join.left)
        found: dict[str, Column] = {}
        for field, column in zip(join.fields, columns, strict=True):
            found |= {field.name: column, full_name(field.name, INDEX): index}
        return found

    def _need_functions(self, fields: Iterable[Field]) -> None:
        for field in fields:
            if isinstance(field, IterableField):
                if field.reference_formulation is ReferenceFormulation.CSV:
                    self._sources.need(CSV_RECORDS)
                elif field.iterator and field.iterator.segments is None:
                    self._sources.need(JSON_PATH)
            elif any(item.path and item.path.segments is None for item in references(field.expression)):
                self._sources.need(JSON_PATH)
            self._need_functions(field.fields)


def _add_field(rows: Rows, field: Field, context: Context, prefix: str) -> dict[str, Column]:
    """Add the columns of a field and of those below it: full name → column."""
    name = full_name(prefix, field.name)
    if isinstance(field, ExpressionField):
        column, index = rows.add(field_values(field.expression, context))
        found = {name: column, full_name(name, INDEX): index}
        below: Context = Cell(column)
    else:
        records = records_of(context, field.reference_formulation, field.iterator)
        if records is None:
            message = f'the field "{name}" iterates over a row'
            fix = "put it below the field of a column"
            raise InputError(Problem("MAP126", message, field.span, why="a row has columns only", fix=fix))
        column, index = rows.add(records)
        found = {full_name(name, INDEX): index}
        below = Document(column.expression())
    for child in field.fields:
        found |= _add_field(rows, child, below, name)
    return found


def _root_references(field: Field) -> Iterator[Reference]:
    """The references that a field makes to the view's own record."""
    return references(field.expression) if isinstance(field, ExpressionField) else iter(())


def _refuse_missing(source: AbstractLogicalSource, read: Iterable[Reference], relation: Relation) -> None:
    found = [missing_column(source, reference, relation.names) for reference in read]
    problems = [problem for problem in found if problem]
    if problems:
        raise InputError(*problems)
