"""The table `statements`: one row a statement, terms in their lexical forms; and numbers for its terms.

The number of a term is a 64-bit hash of DuckDB's, the same wherever the term stands. The digest of a
statement is one too, but begins with the first bits of its subject's number, so that statements fall into
buckets by their subject. Who makes the table may add the digests as a column, as a build does; then the next
validation need not read every text to see what changed. Who changes a row changes its digest.
"""

from __future__ import annotations

from typing import Final

from nutgraf.terms.vocabulary import XSD_STRING

TERMS: Final = (
    "subject",
    "subject_kind",
    "predicate",
    "object",
    "object_kind",
    "datatype",
    "language",
    "graph",
    "graph_kind",
)
"""The columns that hold the terms, all text; the mapping adds an id, a reader of files the file."""

BUCKET_BITS: Final = 12
"""How many bits of a digest are its subject's."""
_REST: Final = 64 - BUCKET_BITS
_LOW: Final = 2**_REST - 1


def node_number(lexical: str, kind: str, datatype: str, language: str) -> str:
    """SQL: the number of a subject or object.

    Language tags compare in lower case, and a text without a datatype is an xsd:string.

    Args:
        lexical: SQL of its text, and so on.
        kind: "iri", "bnode" or "literal".
        datatype: IRI; NULL for nodes.
        language: tag or NULL.
    """
    literal = f"hash({lexical}, coalesce(lower({language}), {datatype}, '{XSD_STRING}'))"
    return (
        f"case {kind} when 'iri' then hash({lexical}) when 'literal' then {literal}"
        f" else hash({lexical}, {kind}, {kind}) end"
    )


def statement_digest(subject: str, predicate: str, value: str) -> str:
    """SQL: the digest of a statement, of SQL for the numbers of its terms."""
    high = f"{subject} & {2**64 - 1 - _LOW}::ubigint"
    return f"({high}) | (hash({subject}, {predicate}, {value}) & {_LOW}::ubigint)"


SUBJECT_NUMBER: Final = (
    "case subject_kind when 'iri' then hash(subject) else hash(subject, subject_kind, subject_kind) end"
)
"""SQL: as `node_number`, of the subject of a row."""
PREDICATE_NUMBER: Final = "hash(predicate)"
OBJECT_NUMBER: Final = node_number("object", "object_kind", "datatype", "language")
DIGEST: Final = statement_digest(SUBJECT_NUMBER, PREDICATE_NUMBER, OBJECT_NUMBER)
"""SQL: the digest of a row, of its triple; the graph is no part of it."""
