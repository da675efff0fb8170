"""What the writers cannot write without loss, they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import BaseDirection, Literal, NamedNode, Triple

from nutgraf.publish.jsonld import jsonld
from nutgraf.publish.turtle import turtle

NODE = NamedNode("https://example.org/a")
SCHEMA = {"schema": "https://schema.org/"}


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"@vocab": "https://schema.org/"}, '"@vocab"'),
        ({"@version": 1.0}, "@version"),
        ({"@language": "en"}, '"@language"'),
        ({"id": "@id"}, "'@id'"),
        ({"name": None}, '"name"'),
        ({"name": "name"}, "'name'"),
        (SCHEMA | {"name": {"@id": "schema:name", "@container": "@language"}}, '"name"'),
        (SCHEMA | {"name": {"@id": "schema:name", "@type": "@vocab"}}, "'@vocab'"),
        (SCHEMA | {"name": "schema:name", "label": "schema:name"}, "two terms"),
        (SCHEMA | {"schema:name": "schema:title"}, "another IRI"),
        (SCHEMA | {"s": "schema:a/"}, "another prefix"),
        ({"https://schema.org/name": "https://schema.org/name"}, "not supported"),
    ],
)
def test_context_features(context: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        jsonld([], context)


@pytest.mark.parametrize(
    "value",
    [
        NamedNode("schema:name"),
        Triple(NODE, NODE, NODE),
        Literal("a", language="ar", direction=BaseDirection.RTL),
    ],
    ids=str,
)
def test_terms_without_a_form_in_jsonld(value: NamedNode | Triple | Literal) -> None:
    with pytest.raises(ValueError, match=r"cannot"):
        jsonld([Triple(NODE, NODE, value)], SCHEMA)


def test_prefix_labels() -> None:
    with pytest.raises(ValueError, match='"a b"'):
        turtle([], {"a b": "https://example.org/"})


def test_no_triples() -> None:
    assert not turtle([], SCHEMA)
    assert jsonld([], {}) == '{\n  "@context": {},\n  "@graph": []\n}\n'
