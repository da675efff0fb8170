"""SPARQL 1.1 queries over a dataset.

Source: https://www.w3.org/TR/sparql11-query/
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
    parse_query_results,
)

from nutgraf.dataset.clauses import has_dataset_clause, https_schema_org, names_service
from nutgraf.problems import InputError, Problem, Span
from nutgraf.terms.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nutgraf.dataset.store import Dataset, Term

Graph: TypeAlias = list[Triple]
"""What CONSTRUCT and DESCRIBE give: distinct triples, in no order."""

_SYNTAX_MESSAGE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Solutions:
    """What SELECT gives: a sequence of solutions that can be read any number of times.

    Attributes:
        json: the solutions in SPARQL 1.1 Query Results JSON Format.

    Source: SPARQL 1.1 §18.2.4, https://www.w3.org/TR/sparql11-query/#solutionModifiers
    """

    json: bytes

    @property
    def variables(self) -> list[str]:
        """The names of the variables, without `?`, in the query's order."""
        return [variable.value for variable in self.reader().variables]

    def __iter__(self) -> Iterator[QuerySolution]:
        return iter(self.reader())

    def rows(self) -> list[tuple[Term | None, ...]]:
        """The solutions as tuples in the order of `variables`; None where a variable is unbound."""
        return [tuple(solution) for solution in self]

    def reader(self) -> QuerySolutions:
        """An iterator of pyoxigraph's over the solutions, from the first one."""
        results = parse_query_results(self.json, QueryResultsFormat.JSON)
        assert isinstance(results, QuerySolutions), "json holds solutions"
        return results


def query(
    dataset: Dataset,
    text: str,
    *,
    substitutions: Mapping[str, Term] | None = None,
    file: str = "query",
) -> Solutions | Graph | bool:
    """Answer a query. The default graph is the union of all graphs, unless the query has FROM.

    Args:
        dataset: what is asked.
        text: SPARQL 1.1; our own prefixes (`PREFIXES`) need no declaration; `http://schema.org/` is read
            as `https://schema.org/`, as in data that was loaded.
        substitutions: variable name, without `?` → the term that it stands for.
        file: where the text is from, for messages.

    Returns:
        Solutions for SELECT, a graph for CONSTRUCT and DESCRIBE, a bool for ASK.

    Raises:
        InputError: QRY101 syntax, QRY102 SERVICE, QRY103 the query could not be evaluated.

    Source: SPARQL 1.1 §16, https://www.w3.org/TR/sparql11-query/#QueryForms
    """
    variables = {Variable(name): term for name, term in (substitutions or {}).items()}
    with _told(file):
        results = evaluate(dataset.store, text, substitutions=variables, file=file)
        if isinstance(results, QueryBoolean):
            return bool(results)
        if isinstance(results, QuerySolutions):
            return Solutions(results.serialize(format=QueryResultsFormat.JSON) or b"")
        return list(dict.fromkeys(results))


def evaluate(
    store: Store,
    text: str,
    *,
    substitutions: Mapping[Variable, Term] | None = None,
    default_graphs: Sequence[NamedNode] = (),
    named_graphs: Sequence[NamedNode] = (),
    base_iri: str | None = None,
    file: str = "query",
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Begin to answer a query over a store; what it gives is computed as it is read.

    Args:
        store: what is asked.
        text: as for `query`.
        substitutions: variable → the term that it stands for.
        default_graphs: with `named_graphs` the dataset that the query asks, whatever its FROM says.
        named_graphs: see `default_graphs`; without both, the default graph is the union of all graphs unless
            the query has FROM.
        base_iri: what relative IRIs are resolved against.
        file: where the text is from, for messages.

    Raises:
        InputError: QRY101 syntax, QRY102 SERVICE, QRY103 the query could not be evaluated. The last may also
            come while the answer is read, as an OSError, RuntimeError or ValueError.

    Source: SPARQL 1.1 Protocol §2.1.4, https://www.w3.org/TR/sparql11-protocol/#dataset
    """
    if names_service(text):
        raise InputError(_service_problem(text, file))
    given = bool(default_graphs or named_graphs)
    with _told(file):
        return store.query(
            https_schema_org(text),
            base_iri=base_iri,
            prefixes=PREFIXES,
            use_default_graph_as_union=not given and not has_dataset_clause(text),
            default_graph=list(default_graphs) if given else None,
            named_graphs=list(named_graphs) if given else None,
            substitutions=dict(substitutions or {}),
        )


def evaluation_problem(error: Exception, file: str = "query") -> Problem:
    """QRY103: the engine gave up while it computed the answer."""
    return Problem("QRY103", f"the query cannot be evaluated: {error}", Span(file))


@contextmanager
def _told(file: str) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise InputError(_syntax_problem(error, file)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(evaluation_problem(error, file)) from error


def _service_problem(text: str, file: str) -> Problem:
    start = text.casefold().find("service")
    before = text[: max(start, 0)]
    return Problem(
        "QRY102",
        "the query names SERVICE",
        Span(file, before.count("\n") + 1, len(before) - before.rfind("\n"), len("service")),
        why="a query answers from the data at hand and never from the network",
        fix="load the other data as a file; if the word is part of an IRI, write that IRI in full",
    )


def _syntax_problem(error: SyntaxError, file: str) -> Problem:
    """The engine's error without its list of expected tokens, which differs from run to run."""
    match = _SYNTAX_MESSAGE.match(error.msg)
    if match is None:
        return Problem("QRY101", f"not a SPARQL query: {error.msg}", Span(file))
    line, column, expected = match.groups()
    sentences = sorted(part for part in expected.removeprefix("expected one of ").split(", ") if " " in part)
    return Problem(
        "QRY101",
        "not a SPARQL query from here on, or from a little before",
        Span(file, int(line), int(column)),
        why=sentences[0] if sentences and not sentences[0].startswith("expected ") else None,
    )
