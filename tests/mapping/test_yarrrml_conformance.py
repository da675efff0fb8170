"""The public YARRRML suite: a document means the same as the RML beside it, or is refused for a known reason.

Both are planned, and the rules compared: each rule is one kind of statement of one source.

Source: https://github.com/RMLio/yarrrml-parser
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from nutgraf.mapping import load
from nutgraf.mapping.model import (
    AbstractLogicalSource,
    Constant,
    FunctionCall,
    Generated,
    LogicalSource,
    Reference,
    TermMap,
    TermType,
    ValueExpression,
)
from nutgraf.mapping.plan import Rule, plan
from nutgraf.problems import InputError
from nutgraf.terms.vocabulary import XSD_STRING
from tests.mapping.mapping_runner import run_mapping

PREFIXES: Final = {"schema": "http://schema.org/", "foaf": "http://xmlns.com/foaf/0.1/"}

TARGETS: Final = "targets"
EXTERNAL: Final = "external references"
DATABASES: Final = "a database as YARRRML describes it"
XML: Final = "XML"
FUNCTIONS: Final = "functions that nutgraf does not have"
EMPTY: Final = "an empty file"
ESCAPES: Final = "not YAML 1.2: an unknown escape"
PREFIX: Final = "a prefix that is not declared"
SOURCELESS: Final = "a mapping without a source"

REFUSED: Final = {
    "condition-on-mapping/r2rml/mapping.yml": DATABASES,
    "condition-on-po/r2rml/mapping.yml": DATABASES,
    "dynamic-target-test/file-source-direct-http-target/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-file-target-id-id/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-file-target-id-key/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-file-target-multiple/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-file-target-object/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-file-target-predicate/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-file-target-variables-array/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-file-target/mapping.yarrrml.yaml": TARGETS,
    "dynamic-target-test/file-source-linked-http-target/mapping.yarrrml.yaml": TARGETS,
    "example1/r2rml/mapping.yml": DATABASES,
    "example1/rml/mapping.yml": XML,
    "example3/mapping.yml": XML,
    "example4/r2rml/mapping.yml": DATABASES,
    "example5/r2rml/mapping.yml": DATABASES,
    "example5/rml/mapping.yml": FUNCTIONS,
    "example8/r2rml/mapping.yml": ESCAPES,
    "example8/rml/mapping.yml": ESCAPES,
    "external-references/1/mapping.yarrr.yml": EXTERNAL,
    "external-references/2/mapping.yarrr.yml": EXTERNAL,
    "external-references/3/mapping.yarrr.yml": EXTERNAL,
    "external-references/4/mapping.yarrr.yml": EXTERNAL,
    "external-references/5/mapping.yarrr.yml": EXTERNAL,
    "fno-parameter-as-iri/mapping.yml": FUNCTIONS,
    "function-shortcut-with-2-parameters/mapping.yml": FUNCTIONS,
    "graph/mapping.yml": SOURCELESS,
    "graph/mapping_fno.yml": FUNCTIONS,
    "incrml-ldes/original-ldes/all-properties/mapping.yarrrml.yaml": TARGETS,
    "incrml-ldes/original-ldes/new-member-on-temperature-change/mapping.yarrrml.yaml": TARGETS,
    "incrml-ldes/original-ldes/new-member-on-timestamp-change/mapping.yarrrml.yaml": TARGETS,
    "incrml-ldes/test-cases/RMLLDES0001a/base.yarrrml.yaml": TARGETS,
    "incrml-ldes/test-cases/RMLLDES0001e/base.yarrrml.yaml": TARGETS,
    "incrml-ldes/test-cases/RMLLDES0002e/base.yarrrml.yaml": TARGETS,
    "incrml-ldes/test-cases/RMLLDES0002e/change.yarrrml.yaml": TARGETS,
    "joincondition-with-function/mapping.yml": FUNCTIONS,
    "predicate-with-prefix-template/mapping.yml": XML,
    "prefix-expand/mapping.yml": PREFIX,
    "rr_class/1-single/mapping.yarrr.yml": XML,
    "rr_class/2-multiple/mapping.yarrr.yml": XML,
    "rr_class/3-no-iri/mapping.yarrr.yml": XML,
    "rr_class/4-rdf-type/mapping.yarrr.yml": XML,
    "rr_class/5-custom-rdf-prefix/mapping.yarrr.yml": XML,
    "rr_class/6-multiple-rows/mapping.yarrr.yml": XML,
    "rr_class/7-function/mapping.yarrr.yml": FUNCTIONS,
    "rr_class/8-reference/mapping.yarrr.yml": FUNCTIONS,
    "spec/mapping-with-database-as-source/mapping.yarrr.yml": DATABASES,
    "subjectmap-with-function/mapping.yml": FUNCTIONS,
    "subjectmap-with-reference/mapping.yml": PREFIX,
    "target-http-request/direct-with-auth-in-mapping/mapping.yarrrml.yaml": TARGETS,
    "target-http-request/direct-with-auth/mapping.yarrrml.yaml": TARGETS,
    "target-http-request/direct-without-auth/mapping.yarrrml.yaml": TARGETS,
    "target-http-request/linked-with-auth/mapping.yarrrml.yaml": TARGETS,
    "target-http-request/linked-without-auth/mapping.yarrrml.yaml": TARGETS,
    "target-http-request/rmlmapper-solid-target-solid6/mapping.yarrrml.yaml": TARGETS,
    "target-single/dcat/mapping-dynamic.yarrrml.yml": TARGETS,
    "target-single/dcat/mapping-shortcut1.yarrrml.yml": TARGETS,
    "target-single/dcat/mapping-shortcut2.yarrrml.yml": TARGETS,
    "target-single/dcat/mapping.yarrrml.yml": TARGETS,
    "target-single/local-file/mapping-dynamic.yarrrml.yml": TARGETS,
    "target-single/local-file/mapping-shortcut1.yarrrml.yml": TARGETS,
    "target-single/local-file/mapping-shortcut2.yarrrml.yml": TARGETS,
    "target-single/local-file/mapping.yarrrml.yml": TARGETS,
    "target-single/sparql-update/mapping.yarrrml.yml": TARGETS,
    "target-single/void/mapping-dynamic.yarrrml.yml": TARGETS,
    "target-single/void/mapping.yarrrml.yml": TARGETS,
    "template-escape/mapping.yml": FUNCTIONS,
    "trivial/null.yml": EMPTY,
}
"""Documents that are refused, and what they need."""

EQUAL: Final = [
    "example4/rml/mapping.yml",
    "function-shortcut-with-prefix/mapping.yml",
    "function-shortcut-without-prefix/mapping.yml",
    "namednode/mapping.yarrrml.yml",
    "recursive-functions/mapping.yml",
    "rml2yarrrml/1_simple/mapping.yarrrml.yml",
    "rml2yarrrml/2_joins/mapping.yarrrml.yml",
    "spec/graphs-all-triples/mapping.yarrr.yml",
]

OTHERWISE: Final = {
    "condition-on-mapping-multiple/mapping.yarrr.yml",
    "condition-on-mapping/rml/mapping.yml",
    "condition-on-po/rml/mapping.yml",
}
"""Documents whose conditions the RML beside them writes as functions, or joins within them."""


def pairs(suite: Path) -> list[tuple[Path, Path]]:
    """Each YARRRML document with the RML document beside it."""
    found = []
    for document in sorted((*suite.rglob("*.yml"), *suite.rglob("*.yaml"))):
        stem = document.name.split(".")[0]
        beside = [document.with_name(f"{stem}.{kind}.ttl") for kind in ("rml", "r2rml")]
        found += [(document, rml) for rml in beside if rml.exists()][:1]
    return found


def signature(rule: Rule) -> tuple[object, ...]:
    """What a rule makes, whatever the places and the names."""
    return (
        source(rule.logical_source),
        *((position, term(term_map)) for position, term_map in rule.term_maps()),
        rule.join
        and (
            source(rule.join.logical_source),
            frozenset(
                (value(condition.child), value(condition.parent)) for condition in rule.join.conditions
            ),
        ),
    )


def source(found: AbstractLogicalSource) -> tuple[object, ...]:
    assert isinstance(found, LogicalSource)
    return (found.file, found.reference_formulation, found.iterator, found.selector)


def term(found: TermMap) -> tuple[object, ...]:
    datatype = value(found.datatype_map.expression) if found.datatype_map else None
    language = value(found.language_map.expression) if found.language_map else None
    if found.term_type is TermType.LITERAL and not language:
        datatype = datatype or XSD_STRING  # the vocabulary of 2014 knows no natural datatype
    return (value(found.expression), found.term_type, datatype, language)


def value(expression: ValueExpression) -> object:
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Reference):
        return (expression.name,)
    if isinstance(expression, Generated):
        return None
    if isinstance(expression, FunctionCall):
        return (expression.function, *(value(argument) for argument in expression.arguments))
    return tuple(part if isinstance(part, str) else (part.name,) for part in expression.parts)


def with_prefixes(document: Path, folder: Path) -> Path:
    """A copy that declares the prefixes which the suite's own parser knows without it."""
    text = document.read_text(encoding="utf-8")
    for prefix, iri in PREFIXES.items():
        if f"{prefix}:" in text and not re.search(rf"^ +{prefix}:", text, re.MULTILINE):
            text = re.sub(r"^(prefixes:.*\n)", rf"\1  {prefix}: {iri}\n", text, count=1, flags=re.MULTILINE)
    copy = folder / document.name
    copy.write_text(text, encoding="utf-8")
    return copy


def rules(document: Path) -> set[tuple[object, ...]]:
    return {signature(rule) for rule in plan(load([document]))}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_document_is_refused(conformance: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        rules(with_prefixes(conformance / "yarrrml" / name, tmp_path))
    assert all(problem.span for problem in caught.value.problems)


def test_document_means_the_same_as_the_rml_beside_it(conformance: Path, tmp_path: Path) -> None:
    suite = conformance / "yarrrml"
    compared = []
    for document, rml in pairs(suite):
        name = document.relative_to(suite).as_posix()
        if name not in REFUSED and name not in OTHERWISE:
            assert rules(with_prefixes(document, tmp_path)) == rules(rml), name
            compared.append(name)
    assert compared == EQUAL


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("condition-on-mapping/rml", "id\n1\n2\nZoë 3\n"),
        ("condition-on-po/rml", "firstname\ntest\nZoë\n"),
    ],
)
def test_conditions_make_the_same_as_the_functions_beside_them(
    conformance: Path, tmp_path: Path, name: str, rows: str
) -> None:
    folder = conformance / "yarrrml" / name
    (tmp_path / "test.csv").write_text(rows, encoding="utf-8")
    ours = run_mapping(with_prefixes(folder / "mapping.yml", tmp_path), directory=tmp_path)
    theirs = run_mapping(folder / "mapping.rml.ttl", directory=tmp_path)
    assert ours.dataset == theirs.dataset
    assert len(ours.statements) == 1
