"""Make `ontology/shapes/schema-org/terms.ttl` from what schema.org says of the properties that we use.

    python tools/schema_org_shapes.py > ontology/shapes/schema-org/terms.ttl

The properties are those that mappings/factsheet.yml and the relations of seeds/*.yaml name.
docs/validation.md lists where our model departs from schema.org.

Source: https://schema.org/docs/datamodel.html, and http://blog.schema.org/2014/06/introducing-role.html for
roles that stand between a property's subject and its value.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from nutgraf.terms import schema_org
from nutgraf.terms.schema_org import SchemaProperty

ROOT: Final = Path(__file__).parents[1]

DEPARTURES: Final = {
    "areaServed-domain": ("OrganizationRole",),
    "member-domain": ("OrganizationRole",),
    "member-range": ("OrganizationRole",),
}
"""Shape → classes that it takes besides schema.org's own; the reasons are in docs/validation.md."""

_HEAD: Final = """\
# Where schema.org's properties belong and which values they take: those that our mapping and fact sheets use.
# Made by tools/schema_org_shapes.py; do not edit. From the schema.org vocabulary, CC BY-SA 3.0.
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix so: <https://nutgraf.example/shapes/schema-org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# An IRI that the data does not describe may be of any class.
so:NotDescribed a sh:NodeShape ;
    rdfs:label "something that the data does not describe"@en ;
    sh:nodeKind sh:IRI ;
    sh:property [ sh:path rdf:type ; sh:maxCount 0 ] .
"""
_INTEGERS: Final = ("xsd:integer", "xsd:int", "xsd:long", "xsd:nonNegativeInteger", "xsd:positiveInteger")
_FRACTIONS: Final = ("xsd:decimal", "xsd:double", "xsd:float")
_DATA_TYPES: Final = {
    "Boolean": (("xsd:boolean",), "true or false"),
    "Date": (("xsd:date", "xsd:gYearMonth", "xsd:gYear"), "a date"),
    "DateTime": (("xsd:dateTime",), "a date with a time"),
    "Duration": (("xsd:duration",), "a duration such as P4D"),
    "Float": (_FRACTIONS, "a number"),
    "Integer": (_INTEGERS, "a whole number"),
    "Number": ((*_INTEGERS, *_FRACTIONS), "a number"),
    "Text": (("xsd:string", "rdf:langString"), "a text"),
    "Time": (("xsd:time",), "a time of day"),
}
"""Data type of schema.org → the datatypes that write it, and how people call it."""


def used(root: Path) -> list[str]:
    """The properties of schema.org that the mapping and the relations of the fact sheets name, sorted."""
    mapping = yaml.safe_load((root / "mappings" / "factsheet.yml").read_text(encoding="utf-8"))
    names = {str(po[0]) for part in mapping["mappings"].values() for po in part["po"]}
    for path in sorted((root / "seeds").glob("*.yaml")):
        sheet: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        names |= {relation["predicate"] for relation in sheet.get("relations", [])}
    return sorted(name.removeprefix("schema:") for name in names if name.startswith("schema:"))


def shapes(names: Iterable[str]) -> str:
    """The shapes graph of some properties, as Turtle.

    Raises:
        LookupError: schema.org has no property of that name.
    """
    kinds = {"Role"}
    blocks = []
    for name in names:
        described = schema_org.property_named(name)
        if described is None:
            raise LookupError(f"schema.org has no property {name}; correct the mapping or the fact sheet")
        kinds |= described.domains | described.ranges | set(DEPARTURES.get(f"{name}-domain", ()))
        if described.domains and "Thing" not in described.domains:
            blocks.append(_domain(name, described))
        blocks.append(_range(name, described))
    kinds |= {kind for name in names for kind in DEPARTURES.get(f"{name}-range", ())}
    return "\n".join([_HEAD, *(_kind(kind) for kind in sorted(kinds)), *blocks])


def _domain(name: str, described: SchemaProperty) -> str:
    shape = f"{name}-domain"
    role = _role(f"a role that something has as {name}", f"[ sh:inversePath schema:{name} ]")
    message = f"schema.org has {name} for {_any_of(described.domains)} only: change the property or the type"
    return (
        f"so:{shape} a sh:NodeShape ;\n"
        f'    rdfs:label "what has {name}"@en ;\n'
        f"    sh:targetSubjectsOf schema:{name} ;\n"
        f"{_rest(message, [*_kinds(shape, described.domains), role])}"
    )


def _range(name: str, described: SchemaProperty) -> str:
    shape = f"{name}-range"
    others = [_role(f"a role that has {name} itself", f"schema:{name}")]
    if any(_may_be_elsewhere(kind) for kind in described.ranges):
        others.append("so:NotDescribed")
    alternatives = [*_kinds(shape, described.ranges), *others]
    return (
        f"so:{shape} a sh:PropertyShape ;\n"
        f"    sh:targetSubjectsOf schema:{name} ;\n"
        f"    sh:path schema:{name} ;\n"
        f'    sh:name "{name}"@en ;\n'
        f"{_rest(f'schema.org wants {_any_of(described.ranges)} as {name}', alternatives)}"
    )


def _role(label: str, path: str) -> str:
    return f'[ rdfs:label "{label}"@en ; sh:node so:Role ; sh:property [ sh:path {path} ; sh:minCount 1 ] ]'


def _rest(message: str, alternatives: list[str]) -> str:
    listed = "".join(f"\n        {alternative}" for alternative in alternatives)
    return f'    sh:message "{message}"@en ;\n    sh:severity sh:Warning ;\n    sh:or ({listed}\n    ) .\n'


def _kinds(shape: str, kinds: Iterable[str]) -> list[str]:
    return [f"so:{kind}" for kind in [*sorted(kinds), *DEPARTURES.get(shape, ())]]


def _kind(kind: str) -> str:
    """The shape of a class, with all that are kinds of it, or of a data type."""
    if kind in _DATA_TYPES:
        alternatives = "".join(f" [ sh:datatype {datatype} ]" for datatype in _DATA_TYPES[kind][0])
        body = f"    sh:or ({alternatives} ) .\n"
    elif kind == "URL":
        body = "    sh:or ( [ sh:nodeKind sh:IRI ] [ sh:datatype xsd:anyURI ] ) .\n"
    elif kind == "Thing":
        body = "    sh:nodeKind sh:BlankNodeOrIRI .\n"
    elif schema_org.is_a(kind, "Enumeration"):
        body = f"    sh:in (\n{_listed(_members(kind))}\n    ) .\n"
    else:
        body = (
            "    sh:property [\n"
            "        sh:path ( rdf:type [ sh:zeroOrMorePath rdfs:subClassOf ] ) ;\n"
            f'        sh:message "should lead to schema:{kind} or a kind of it"@en ;\n'
            "        sh:qualifiedMinCount 1 ;\n"
            "        sh:qualifiedValueShape [ sh:in (\n"
            f"{_listed(_where(schema_org.classes(), lambda name: schema_org.is_a(name, kind)))}\n"
            "        ) ]\n"
            "    ] .\n"
        )
    return f'so:{kind} a sh:NodeShape ;\n    rdfs:label "{_words(kind)}"@en ;\n{body}'


def _members(kind: str) -> list[str]:
    return _where(schema_org.members(), lambda name: kind in schema_org.member_classes(name))


def _where(names: Iterable[str], holds: Callable[[str], bool]) -> list[str]:
    return sorted(name for name in names if holds(name))


def _listed(names: list[str]) -> str:
    # A name such as 3DModel may follow the colon, as the grammar of Turtle has it: PN_LOCAL.
    return textwrap.indent(textwrap.fill(" ".join(f"schema:{name}" for name in names), 98), " " * 12)


def _may_be_elsewhere(kind: str) -> bool:
    return kind not in _DATA_TYPES and not schema_org.is_a(kind, "Enumeration")


def _any_of(kinds: Iterable[str]) -> str:
    """Classes as people list them: "an organization or a person"."""
    *most, last = dict.fromkeys(_words(kind) for kind in sorted(kinds))
    return f"{', '.join(most)} or {last}" if most else last


def _words(kind: str) -> str:
    if kind in _DATA_TYPES:
        return _DATA_TYPES[kind][1]
    if kind == "URL":
        return "a web address"
    if schema_org.is_a(kind, "Enumeration"):
        return f"one of {', '.join(_members(kind))}"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


if __name__ == "__main__":
    sys.stdout.write(shapes(used(ROOT)))
