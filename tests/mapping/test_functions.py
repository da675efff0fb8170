"""Each function's SQL: its examples, no value of no value, and the same as plain Python over random texts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from nutgraf.engine.duckdb import connect
from nutgraf.mapping import load
from nutgraf.mapping.calls import function_call, local_name
from nutgraf.mapping.model import Constant, FunctionCall, Reference
from nutgraf.mapping.sql import functions
from nutgraf.mapping.sql.date_functions import read_pattern
from nutgraf.mapping.sql.function import GREL, IDLAB, given_once
from nutgraf.mapping.sql.function_library import FUNCTIONS
from nutgraf.problems import InputError, Problem, Span
from tests.mapping.function_examples import EXAMPLES, REFERENCES, Texts

HERE = Span("test")
FIRST = {iri: arguments for iri, arguments, _ in reversed(EXAMPLES)}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = connect()
    yield opened
    opened.close()


def names(iri: str, count: int) -> list[str]:
    """The parameter of each argument."""
    function = FUNCTIONS[iri]
    found = list(function.parameters[:count])
    return found + [function.repeated or ""] * (count - len(found))


def value_of(
    connection: duckdb.DuckDBPyConnection,
    iri: str,
    arguments: tuple[str | None, ...],
    *,
    nested: bool = False,
) -> str | None:
    """What the SQL gives of columns; constants are literals."""
    constants = FUNCTIONS[iri].constants
    texts: list[exp.Expression] = []
    columns: list[exp.Expression] = []
    for index, (name, argument) in enumerate(zip(names(iri, len(arguments)), arguments, strict=True)):
        literal = exp.null() if argument is None else exp.Literal.string(argument)
        if name in constants:
            texts.append(literal)
        else:
            column = exp.column(f"c{index}")
            texts.append(functions.call("coalesce", column, column) if nested else column)
            columns.append(functions.named(exp.cast(literal, "VARCHAR"), f"c{index}"))
    made = given_once(texts, FUNCTIONS[iri].compile)
    query = exp.select(made.as_("made")).from_(exp.select(*columns).subquery("given"))
    row = connection.execute(query.sql("duckdb")).fetchone()
    assert row
    return None if row[0] is None else str(row[0])


def test_every_function_has_an_example() -> None:
    assert FIRST.keys() == FUNCTIONS.keys()


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize(("iri", "arguments", "expected"), EXAMPLES, ids=lambda item: str(item)[-40:])
def test_example(
    connection: duckdb.DuckDBPyConnection, iri: str, arguments: Texts, expected: str | None, nested: bool
) -> None:
    assert value_of(connection, iri, arguments, nested=nested) == expected


@pytest.mark.parametrize(
    ("iri", "arguments", "expected"),
    [example for example in EXAMPLES if example[0] in REFERENCES and example[1][1:] == FIRST[example[0]][1:]],
    ids=lambda item: str(item)[-40:],
)
def test_reference_agrees_with_example(iri: str, arguments: Texts, expected: str | None) -> None:
    assert REFERENCES[iri](*arguments) == expected


@pytest.mark.parametrize("iri", sorted(FUNCTIONS))
def test_no_value_gives_none(connection: duckdb.DuckDBPyConnection, iri: str) -> None:
    arguments = FIRST[iri]
    chosen_by_a_condition = {"any_true", "any_false"}
    for index, name in enumerate(names(iri, len(arguments))):
        if name not in FUNCTIONS[iri].constants and name not in chosen_by_a_condition:
            given_none = (*arguments[:index], None, *arguments[index + 1 :])
            assert value_of(connection, iri, given_none) is None, name


TEXTS = st.text(
    st.one_of(
        st.sampled_from("aZ09 -_.,;'\"<>&%\\/\n\té"),
        st.characters(min_codepoint=1, max_codepoint=0x2FF, exclude_categories=["Cs"]),
    ),
    max_size=12,
)
CASE_DIFFERS = set("ßŉǰİıſǅǈǋǲ")
"""Characters whose other case has several characters, or another one in DuckDB."""


@settings(max_examples=40, deadline=None)
@given(st.data())
@pytest.mark.parametrize("iri", sorted(REFERENCES))
def test_same_as_python(connection: duckdb.DuckDBPyConnection, iri: str, data: st.DataObject) -> None:
    arguments = []
    for name, example in zip(names(iri, len(FIRST[iri])), FIRST[iri], strict=True):
        if name in FUNCTIONS[iri].constants and name != "modeParameter":
            arguments.append(example)
        elif name == "modeParameter":
            arguments.append(data.draw(st.sampled_from(["csv", "html", "json", "url", "xml"])))
        elif name.startswith("param_int"):
            arguments.append(str(data.draw(st.integers(-15, 15))))
        elif name in {"bool_b", "param_rep_b", "strBoolean"}:
            arguments.append(data.draw(st.sampled_from(["true", "false", "TRUE", ""])))
        else:
            arguments.append(data.draw(st.one_of(st.just(example), TEXTS)))
    if iri.endswith("Titlecase") and CASE_DIFFERS & set(arguments[0]):
        return
    assert value_of(connection, iri, tuple(arguments)) == REFERENCES[iri](*arguments)


@settings(max_examples=100, deadline=None)
@given(st.datetimes().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_every_moment_is_read(connection: duckdb.DuckDBPyConnection, moment: object) -> None:
    iso = str(moment)
    written = f"{iso[8:10]}.{iso[5:7]}.{iso[:4]} {iso[11:16]}"
    found = value_of(connection, IDLAB + "normalizeDateTime", (written, "dd.MM.yyyy HH:mm"))
    assert found == iso.replace(" ", "T")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("dd/MM/yy", '"yy" is none of'),
        ("EEEE d MMMM yyyy", '"EEEE" is none of'),
        ("yyyy-MM-dd hh:mm a", '"hh" is none of'),
        ("yyyy-MM-dd'T", "a ' is not closed"),
        ("yyyy-MM-MMM", "stands twice"),
    ],
)
def test_pattern_is_refused(pattern: str, why: str) -> None:
    found = read_pattern(pattern)
    assert isinstance(found, str)
    assert why in found


def call(iri: str, *arguments: tuple[str, str]) -> FunctionCall | Problem:
    values = [
        (name, Reference(text[1:], HERE) if text.startswith("$") else Constant(text, HERE))
        for name, text in arguments
    ]
    return function_call(iri, values, HERE)


def test_parameters_are_known_by_both_their_names() -> None:
    by_predicate = call(GREL + "escape", ("grel:valueParameter", "$a"), ("grel:modeParameter", "url"))
    by_name = call(GREL + "escape", (GREL + "modeParam", "url"), (GREL + "valueParam", "$a"))
    assert by_predicate == by_name
    assert isinstance(by_name, FunctionCall)
    assert local_name(IDLAB + "_str") == "str"


@pytest.mark.parametrize(
    ("iri", "arguments", "message"),
    [
        (
            GREL + "escape",
            [("valueParameter", "$a"), ("modeParameter", "javascript")],
            'MAP128 "grel:escape" cannot take "javascript" as modeParameter',
        ),
        (
            GREL + "escape",
            [("valueParameter", "$a"), ("modeParameter", "$b")],
            'MAP128 the parameter "modeParameter" of "grel:escape" has references',
        ),
        (
            IDLAB + "normalizeDateWithLang",
            [("strDate", "$a"), ("pattern", "d MMM yyyy"), ("lang", "nl")],
            'MAP128 "idlab-fn:normalizeDateWithLang" cannot take "nl" as lang',
        ),
        (
            IDLAB + "normalizeDateTime",
            [("strDate", "$a"), ("pattern", "d MMM yyyy")],
            'MAP128 "idlab-fn:normalizeDateTime" cannot take "d MMM yyyy" as pattern',
        ),
        (
            GREL + "date_datePart",
            [("p_date_d", "$a"), ("p_string_unit", "century")],
            'MAP128 "grel:date_datePart" cannot take "century" as p_string_unit',
        ),
        (
            GREL + "array_join",
            [("p_string_sep", ",")],
            f'MAP127 the function "{GREL}array_join" is called with other parameters',
        ),
        (
            GREL + "toUpperCase",
            [("valueParameter", "$a"), ("valueParameter", "$b")],
            f'MAP127 the function "{GREL}toUpperCase" is called with other parameters',
        ),
    ],
    ids=lambda item: str(item)[-30:],
)
def test_call_is_refused(iri: str, arguments: list[tuple[str, str]], message: str) -> None:
    found = call(iri, *arguments)
    assert isinstance(found, Problem)
    assert message in str(found)


def test_nested_calls_grow_with_their_number() -> None:
    """A title of a title of a title: SQL that used an argument twice would double each time."""
    value: exp.Expression = exp.column("name")
    sizes = []
    for _ in range(12):
        value = given_once([value, exp.Literal.string("2")], FUNCTIONS[GREL + "string_substring"].compile)
        sizes.append(len(value.sql("duckdb")))
    steps = [after - before for before, after in itertools.pairwise(sizes[1:])]
    assert max(steps) == min(steps)


def test_calls_that_share_calls_are_bounded(tmp_path: Path) -> None:
    """Twenty executions, each with the next one twice, stand for a million calls."""
    parts = [
        f"<#e{n}> rml:function grel:array_join ; "
        "rml:input "
        f"[ rml:parameter grel:param_a ; rml:inputValueMap [ rml:functionExecution <#e{n + 1}> ] ] , "
        f"[ rml:parameter grel:param_a ; rml:inputValueMap [ rml:functionExecution <#e{n + 1}> ] ] , "
        '[ rml:parameter grel:param_string_sep ; rml:inputValue "-" ] .'
        for n in range(20)
    ]
    mapping = tmp_path / "mapping.ttl"
    mapping.write_text(
        f"@prefix rml: <http://w3id.org/rml/> . @prefix grel: <{GREL}> .\n"
        "@base <https://example.org/rules/> .\n"
        '<#map> rml:logicalSource [ rml:source "a.csv" ; rml:referenceFormulation rml:CSV ] ;\n'
        '  rml:subjectMap [ rml:template "https://example.org/{id}" ] ;\n'
        "  rml:predicateObjectMap [ rml:predicate <https://example.org/p> ;\n"
        "    rml:objectMap [ rml:functionExecution <#e0> ] ] .\n"
        + "\n".join(parts)
        + "\n<#e20> rml:function grel:string_trim ; "
        'rml:input [ rml:parameter grel:valueParam ; rml:inputValueMap [ rml:reference "id" ] ] .\n'
    )
    with pytest.raises(InputError, match="MAP106 more than 100 calls"):
        load([mapping])
