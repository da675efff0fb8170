"""Arbitrary RDF, with what breaks writers: odd local names, escapes, look-alike numbers, blank nodes."""

from __future__ import annotations

from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from nutgraf.terms.vocabulary import NUT, PREFIXES, RDF, RDF_TYPE, SCHEMA, XSD

LOCAL_NAMES = [
    "", "name", "a.b", "a.", ".a", "-a", "a-", "_", "1", "0a", "a:b", "a/b", "a#b", "a?b=c&d", "a%20b",
    "Zoë", "北京", "a'b", "a(b)", "a,b", "a;b", "a~b", "@a", "true", "é.", "a·b", "a\u0300", "//a",
    "about", "startDate",
    "duration", "startMonthDay", "type", "first", "nil",
]  # fmt: skip
ODD_IRIS = [
    "urn:isbn:1", "mailto:a@example.org", "tag:example.org,2024:a", "http://example.org",
    "HTTP://example.org/A",
    "http://example.org/a/../b", "http://example.org/./", "http://例え.テスト/", "file:///a%20b",
    "x:", "about:blank", "https://schema.org", "https://schema.org/",
]  # fmt: skip
BASE = "https://news.example/id/"

local_names = st.sampled_from(LOCAL_NAMES) | st.text("abcXYZ019_-.:/é", max_size=5)
namespaces = st.sampled_from([*PREFIXES.values(), BASE])
iris = st.one_of(
    st.builds(str.__add__, namespaces, local_names).filter(lambda iri: iri.count("#") < 2).map(NamedNode),
    st.sampled_from([NamedNode(iri) for iri in ODD_IRIS]),
)
blank_nodes = st.sampled_from([BlankNode(label) for label in ("a", "b", "c14n0", "b1")])
"""Four at most: naming them canonically takes exponential time in the worst case."""

texts = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            '"',
            '"""',
            "'",
            "\\",
            "\\n",
            "\n",
            "\r\n",
            "\t",
            " .\n",
            '"@en',
            "<http://a>",
            "_:b",
            "^^",
            "@id",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
languages = st.sampled_from(["en", "fr", "en-GB", "zh-Hant", "de-CH-1996"])
NUMBERS = [
    "0", "-0", "+1", "01", "1", "-1", "9007199254740993", "999999999999999", "1" * 400, "1.0",
    "-1.50", ".5", "5.",
    "1e3", "1.0E0", "INF", "true", "false", "True", "1 ", " 1", "", "--11-24", "2024", "2024-11-24",
]  # fmt: skip
DATATYPES = [
    *(
        XSD + name
        for name in ("boolean", "date", "dateTime", "decimal", "double", "duration", "gMonthDay", "gYear")
    ),
    *(XSD + name for name in ("integer", "nonNegativeInteger", "positiveInteger", "string", "anyURI", "int")),
    RDF + "JSON",
    RDF + "HTML",
    SCHEMA + "Date",
    "urn:datatype",
]
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text, language: Literal(text, language=language), texts, languages),
    st.builds(
        lambda text, datatype: Literal(text, datatype=NamedNode(datatype)),
        st.sampled_from(NUMBERS) | texts,
        st.sampled_from(DATATYPES),
    ),
)
predicates = st.one_of(
    iris,
    st.sampled_from([NamedNode(RDF_TYPE), NamedNode(SCHEMA + "about"), NamedNode(SCHEMA + "duration")]),
    st.sampled_from([NamedNode(NUT + "startMonthDay"), NamedNode("http://www.w3.org/ns/oa#start")]),
)
subjects = iris | blank_nodes
triples = st.builds(Triple, subjects, predicates, iris | blank_nodes | literals)
graphs = st.lists(triples, max_size=12)
graph_names = st.just(DefaultGraph()) | iris | blank_nodes
datasets = st.lists(
    st.builds(
        lambda triple, name: Quad(triple.subject, triple.predicate, triple.object, name), triples, graph_names
    ),
    max_size=12,
)
