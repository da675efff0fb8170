"""Explain statements from the lineage of a mapping.

The lineage is not part of the output: it is made again from the sheets, which takes a second, so that an
explanation is never of another state than the files it points into.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from nutgraf.engine.duckdb import Connection
from nutgraf.evidence.explain.model import Derivation, Explanation, Rule, Support, Words
from nutgraf.evidence.explain.shapes import Shapes
from nutgraf.factsheet.coverage import split
from nutgraf.problems import Span
from nutgraf.terms.vocabulary import RDF_TYPE

_STATEMENTS: Final = """
select distinct s.id, s.subject, s.predicate, s.object, s.datatype, s.language, s.object_kind = 'iri'
from statements s
where {condition}
order by s.subject, s.predicate, s.object, s.language nulls first, s.datatype
"""

# A record may make a statement by several rules; the first is enough to find it.
_SUPPORTS: Final = """
select s.id, s.graph, coalesce(c.class, 'evidence') as kind, r.source, r.article, r.pointer, r.file, r.line,
    r."column", r.modality, r.evidence, r.derivation, l.record, m.triples_map, m.file, m.line, m."column"
from statements s
left join statement_class c on c.id = s.id and c.graph is not distinct from s.graph
left join lineage l on l.statement = s.id and l.graph is not distinct from s.graph
left join record r on r.record = l.record
left join rules m on m.rule = l.rule
where {condition}
order by s.id, r.article nulls last, r.file, r.line, r."column", s.graph, l.rule
"""

_WORDS: Final = """
select distinct e.record, e.article, e.start, e."end", p.sha256
from evidence e join span p on p.node = e.span
order by all
"""

_DERIVATIONS: Final = """
select d.record, d.rule, d.article, p.start, p."end", p.sha256
from derivation d join derivation_input i on i.record = d.record join span p on p.node = i.span
order by all
"""

Reader = Callable[[str], str | None]


@dataclass(frozen=True)
class Trace:
    """The lineage of a workspace, ready to be asked.

    Attributes:
        connection: with the tables that the build's steps to "evidence" make, and `span` of the sheets.
        base: IRI that the workspace's nodes start with.
        shapes: the workspace's shapes.
        texts: article → SHA-256 of its text: copies of one text are one source.
        files: article → name of its text's file.
        inputs: file of the workspace that decides the output → its SHA-256.
    """

    connection: Connection
    base: str
    shapes: Shapes
    texts: dict[str, str]
    files: dict[str, str]
    inputs: dict[str, str]

    def of(self, subject: str, predicate: str | None = None, read: Reader | None = None) -> list[Explanation]:
        """Explain what is said of a node.

        Args:
            subject: IRI of the node, or of a statement node (`{base}stmt/…`).
            predicate: IRI of a property; all when absent.
            read: gives an article's normalised text, to show the words; without it only places are given.

        Returns:
            One explanation a statement, sorted; none when nothing is said.
        """
        statement = subject.removeprefix(f"{self.base}stmt/")
        if statement != subject:
            found = self._explained("s.id = ? ", [statement], read)
            if found and predicate is None:
                return found
        condition, values = "s.subject = ?", [subject]
        if predicate:
            condition, values = f"{condition} and s.predicate = ?", [*values, predicate]
        return self._explained(condition, values, read)

    def all(self) -> list[Explanation]:
        """Explain every statement of the output."""
        return self._explained("true", [], None)

    def facts(self) -> list[Explanation]:
        """Explain every statement outside the evidence graphs."""
        return self._explained("s.id in (select id from statement_class)", [], None)

    def subjects(self) -> list[str]:
        """Every node that something is said of, the evidence graphs' own apart."""
        rows = self.connection.execute("select distinct subject from statement_class order by 1").fetchall()
        return [row[0] for row in rows]

    def predicates(self) -> list[str]:
        """Every property."""
        return [
            row[0] for row in self.connection.execute("select distinct predicate from statements").fetchall()
        ]

    def _explained(self, condition: str, values: list[str], read: Reader | None) -> list[Explanation]:
        rows = self.connection.execute(_STATEMENTS.format(condition=condition), values).fetchall()
        supports = self._supports(condition, values)
        if read:
            supports = {
                key: [_with_sentences(each, read) for each in found] for key, found in supports.items()
            }
        described = self._described()
        return [
            Explanation(
                key,
                subject,
                predicate,
                value,
                datatype,
                language,
                is_iri,
                tuple(supports[key]),
                self._sources(supports[key]),
                self.shapes.checking(*described[subject], predicate),
            )
            for key, subject, predicate, value, datatype, language, is_iri in rows
        ]

    def _described(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Node → its types, and the properties that it has."""
        query = "select subject, list(distinct predicate), list(distinct object) filter (predicate = ?)"
        rows = self.connection.execute(f"{query} from statements group by subject", [RDF_TYPE]).fetchall()
        return {row[0]: (frozenset(row[2] or ()), frozenset(row[1])) for row in rows}

    def _sources(self, supports: Iterable[Support]) -> tuple[str, ...]:
        articles = sorted(
            {each.article for each in supports if each.article and each.kind in {"stated", "derived"}}
        )
        first = {self.texts.get(article, article): article for article in reversed(articles)}
        return tuple(sorted(first.values()))

    def _supports(self, condition: str, values: list[str]) -> dict[str, list[Support]]:
        words = self._grouped(_WORDS)
        derivations = self._derivations()
        speakers = self._pairs("select record, agent from speaker order by all")
        vias = self._pairs("select record, mention from via order by all")
        found: dict[str, list[Support]] = defaultdict(list)
        query = _SUPPORTS.format(condition=condition)
        for row in self.connection.execute(query, values).fetchall():
            support = _support(row)
            record, evidence, derivation = row[12], row[10], row[11]
            if support.article and support.kind != "build metadata":
                support = replace(
                    support,
                    words=tuple(words.get(evidence, ())),
                    speakers=tuple(self.base + node for node in speakers.get(record, ())),
                    via=tuple(self.base + node for node in vias.get(record, ())),
                    derivation=derivations.get(derivation),
                )
            if support not in found[row[0]]:
                found[row[0]].append(support)
        return found

    def _pairs(self, query: str) -> dict[str, list[str]]:
        found = defaultdict(list)
        for key, value in self.connection.execute(query).fetchall():
            found[key].append(value)
        return found

    def _grouped(self, query: str) -> dict[str, list[Words]]:
        found = defaultdict(list)
        for key, *place in self.connection.execute(query).fetchall():
            found[key].append(Words(*place))
        return found

    def _derivations(self) -> dict[str, Derivation]:
        rules: dict[str, str] = {}
        inputs: dict[str, list[Words]] = defaultdict(list)
        for record, rule, *place in self.connection.execute(_DERIVATIONS).fetchall():
            rules[record] = rule
            inputs[record].append(Words(*place))
        return {record: Derivation(rule, tuple(inputs[record])) for record, rule in rules.items()}


def _support(row: tuple[Any, ...]) -> Support:
    _, graph, kind, source, article, pointer, file, line, column, modality, *_ = row
    triples_map, rule_file, rule_line, rule_column = row[13:]
    is_article = source == "article"
    return Support(
        kind=kind,
        graph=graph,
        article=article if is_article else None,
        record=pointer,
        place=Span(file, line, column) if file else None,
        rule=Rule(triples_map, Span(rule_file, rule_line, rule_column)) if triples_map else None,
        modality=modality if is_article and kind in {"stated", "derived"} else None,
    )


def _with_sentences(support: Support, read: Reader) -> Support:
    words = tuple(_with_sentence(each, read) for each in support.words)
    derivation = support.derivation
    if derivation:
        derivation = replace(
            derivation, inputs=tuple(_with_sentence(each, read) for each in derivation.inputs)
        )
    return replace(support, words=words, derivation=derivation)


def _with_sentence(words: Words, read: Reader) -> Words:
    text = read(words.article)
    if text is None or words.end > len(text):
        return words
    around = list(_around(text, words))
    start, end = (
        min([start for start, _ in around], default=words.start),
        max([end for _, end in around], default=words.end),
    )
    return replace(words, sentence=text[start:end], highlight=(words.start - start, words.end - start))


def _around(text: str, words: Words) -> Iterator[tuple[int, int]]:
    yield words.start, words.end
    for start, end in split(text):
        if start < words.end and words.start < end:
            yield start, end
