"""What the server asks of a worker, and what it hears: a line of JSON each, then the answer's bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from nutgraf.problems import Problem, Span

Form = Literal["solutions", "boolean", "graph"]


@dataclass(frozen=True, slots=True)
class Job:
    """A question to a dataset.

    Attributes:
        store: path of the store on disk, which queries are asked of; or, where the dataset is small, its
            copy in memory.
        quads: path of the N-Quads, which graphs are read from.
        kind: "query"; "graph" to read the graph named `text`, the union of all where that is empty; or "open"
            to be ready for queries of this dataset.
        text: the query, or the graph's IRI.
        formats: for each form of answer, what it is to be written as; a form that is not there is refused.
        base_iri: what relative IRIs of a query are resolved against.
        default_graphs: IRIs of the query's default graph, see `nutgraf.dataset.sparql.evaluate`.
        named_graphs: IRIs of the query's named graphs.
        bindings: variable → its term as in Turtle.
        prefixes: label → namespace, for Turtle.
        context: what the `@context` of JSON-LD says.
    """

    store: str
    quads: str
    kind: Literal["query", "graph", "open"]
    text: str
    formats: dict[Form, str]
    base_iri: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)

    def line(self) -> bytes:
        """The job as a worker reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Job:
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker says before the bytes of its answer.

    Attributes:
        kind: "done"; "problem" with the query; "unacceptable": no format for an answer of this form;
            "large": the answer is larger than it may be; "memory": it takes more than there may be;
            "absent": there is no such graph.
        form: of the answer.
        format: what it is written as.
        size: number of its bytes, which follow unless they are in a file.
        file: path of the file with the bytes; the reader removes it.
        problem: what is wrong with the query.
    """

    kind: Literal["done", "problem", "unacceptable", "large", "memory", "absent"]
    form: Form | None = None
    format: str = ""
    size: int = 0
    file: str = ""
    problem: dict[str, Any] | None = None

    def line(self) -> bytes:
        """The reply as the server reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Reply:
        return cls(**json.loads(line))

    @classmethod
    def of_problem(cls, problem: Problem) -> Reply:
        return cls("problem", problem=asdict(problem))

    def found_problem(self) -> Problem:
        """The problem, as the worker saw it."""
        assert self.problem is not None, "kind is problem"
        span = self.problem["span"]
        return Problem(**{**self.problem, "span": Span(**span) if span else None})
