"""The build: a tuple of named steps from fact sheets to the files under output/.

Each step takes the state that the steps before it left and adds to it; a step that finds problems raises.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

import pyarrow as pa
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from nutgraf import mapping
from nutgraf.dataset import rows
from nutgraf.engine import duckdb as engine
from nutgraf.evidence import graph as evidence
from nutgraf.evidence.explain.shapes import Shapes
from nutgraf.evidence.explain.trace import Trace
from nutgraf.evidence.verify.check import verify
from nutgraf.factsheet import check, counts, flatten, tables
from nutgraf.problems import ContentError, InputError, Problem, Span
from nutgraf.publish import output
from nutgraf.publish.article import article_triples
from nutgraf.publish.context import load as load_context
from nutgraf.publish.jsonld import jsonld
from nutgraf.publish.ntriples import nquads
from nutgraf.publish.turtle import trig, turtle
from nutgraf.reconcile import decisions
from nutgraf.shapes import places, run
from nutgraf.shapes.load import canonical, load
from nutgraf.shapes.report import Report
from nutgraf.terms.vocabulary import NUT, PREFIXES
from nutgraf.workspace import Workspace

LINKS_GRAPH: Final = "graph/links"


@dataclass(frozen=True)
class BuildResult:
    """What a build made.

    Attributes:
        articles: number of fact sheets.
        facts: number of facts in them.
        spans: number of evidence spans, and whether they were verified against the texts.
        verified: whether the texts were at hand.
        triples: number of quads of the dataset.
        classes: class of statement → number of published statements; empty when nothing had changed.
        warnings: problems that do not stop a build.
        written: files that are new or differ, below the output folder.
        removed: files that are there no longer.
        total: number of files that the output has.
    """

    articles: int
    facts: int
    spans: int
    verified: bool
    triples: int
    classes: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    total: int = 0


@dataclass
class _State:
    workspace: Workspace
    facts: check.Facts | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    connection: engine.Connection | None = None
    quads: list[Quad] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    report: Report | None = None
    warnings: list[Problem] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    change: output.Change = field(default_factory=output.Change)


def build(
    workspace: Workspace, *, force: bool = False, on_step: Callable[[str], None] = lambda _: None
) -> BuildResult:
    """Check, map, validate and write a workspace.

    Args:
        workspace: what to build.
        force: build also when no input has changed.
        on_step: told the name of each step before it runs.

    Returns:
        What was made and written.

    Raises:
        ContentError: the sheets have problems, or the graph violates the shapes; the output is unchanged.
        InputError: a file cannot be read.
    """
    state = _State(workspace)
    output.finish(workspace.output, workspace.staging)
    for name, step in STEPS:
        on_step(name)
        step(state)
        if name == "check" and not force and _is_up_to_date(state):
            return _unchanged(state)
    return _result(state, triples=len(state.quads))


def sheet_tables(workspace: Workspace) -> dict[str, pa.Table]:
    """The tables of the fact sheets of a workspace, as mappings read them.

    Raises:
        ContentError: the sheets have problems.
        InputError: a file cannot be read.
    """
    state = _through("link", workspace)
    return {name: state.tables[name] for name in tables.SCHEMAS}


def statements(workspace: Workspace) -> engine.Connection:
    """The tables of a workspace's fact sheets, as a build makes them before it validates.

    Returns:
        A connection with `statements`, `lineage` and `record`.

    Raises:
        ContentError: the sheets have problems.
        InputError: a file cannot be read.
    """
    state = _through("evidence", workspace)
    assert state.connection is not None, "map comes before evidence"
    return state.connection


def trace(workspace: Workspace) -> tuple[Trace, bool]:
    """The lineage of a workspace, made afresh from its sheets: which words and rules support what.

    Returns:
        What can be asked, and whether the output is of this very state, so that it has been validated.

    Raises:
        ContentError: the sheets have problems.
        InputError: a file cannot be read.
    """
    state = _through("evidence", workspace)
    assert state.connection is not None, "map comes before evidence"
    assert state.facts is not None, "check comes first"
    state.connection.register("span", state.tables["span"])
    texts = {sheet.id: sheet.document.data["article"]["text"] for sheet in state.facts.sheets}
    hashes = {article: str(text["sha256"]) for article, text in texts.items()}
    files = {article: str(text["file"]) for article, text in texts.items()}
    shapes = Shapes.load(workspace.shape_files(), workspace.display)
    inputs = {name: digest for name, digest in state.inputs.items() if name != "base"}
    return Trace(state.connection, workspace.base, shapes, hashes, files, inputs), _is_up_to_date(state)


def _through(last: str, workspace: Workspace) -> _State:
    """The state after the step of that name, from the start."""
    state = _State(workspace)
    for name, step in STEPS:
        step(state)
        if name == last:
            return state
    raise ValueError(last)


def _check(state: _State) -> None:
    workspace = state.workspace
    facts, problems = check.load(
        workspace.sheet_files(), workspace.schema, texts=workspace.texts, display=workspace.display
    )
    if not facts.sheets and not problems:
        raise InputError(
            Problem(
                "WSP105",
                f"no fact sheet in {workspace.display(workspace.seeds)}",
                Span(workspace.display(workspace.seeds)),
                fix="start one with `nutgraf new ID --text FILE`",
            )
        )
    if workspace.texts is not None:
        problems = verify(facts.sheets, facts.index, workspace.texts).added_to(problems)
    if any(problem.severity == "error" for problem in problems):
        raise ContentError(*problems)
    state.facts, state.warnings = facts, problems
    state.inputs = _inputs(workspace)


def _link(state: _State) -> None:
    workspace = state.workspace
    found = decisions.read(workspace.links, workspace.display(workspace.links))
    assert state.facts is not None, "check comes first"
    known = {thing.node for thing in state.facts.index.register.values()}
    known |= {thing.node for things in state.facts.index.articles.values() for thing in things.values()}
    rows_: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = []
    problems = []
    for decision in found:
        node = decision.subject.removeprefix(workspace.base)
        if node not in known:
            problems.append(
                Problem(
                    "LNK106",
                    f"no sheet or register names <{decision.subject}>",
                    decision.span,
                    fix="correct the key",
                )
            )
        elif decision.verdict == "accepted":
            record = f"{decision.span.file}#{decision.span.line}"
            rows_.append({"record": record, "node": node, "graph": LINKS_GRAPH, "same_as": decision.object})
            span = decision.span
            records.append(
                {
                    "record": record,
                    "source": "link",
                    "file": span.file,
                    "line": span.line,
                    "column": span.column,
                }
            )
    if problems:
        raise ContentError(*problems)
    state.tables = flatten.flatten(state.facts)
    state.tables["link"] = pa.Table.from_pylist(rows_, schema=tables.SCHEMAS["link"])
    linked = pa.Table.from_pylist(records, schema=tables.LINEAGE["record"])
    state.tables["record"] = pa.concat_tables([state.tables["record"], linked])


def _map(state: _State) -> None:
    workspace = state.workspace
    model = mapping.load(workspace.mapping_files(), display=workspace.display)
    state.connection = engine.connect()
    for name in tables.LINEAGE:
        state.connection.register(name, state.tables[name])
    mapping.run(model, tables=state.tables, base=workspace.base, connection=state.connection)


def _add_evidence(state: _State) -> None:
    assert state.connection is not None, "map comes first"
    base = state.workspace.base
    state.classes = evidence.classify(state.connection, base, _metadata(state.workspace))
    evidence.add(state.connection, base)
    state.quads = rows.quads(state.connection)


def _validate(state: _State) -> None:
    assert state.connection is not None, "map comes first"
    workspace = state.workspace
    triples = {quad.triple for quad in state.quads}
    outcome = run.validate(state.connection, load(workspace.shape_files()), lambda: canonical(triples))
    report = outcome.report
    state.report = report
    problems = places.problems(report, state.connection)
    rejected = workspace.root / ".nutgraf" / "rejected"
    if report.violates:
        rejected.mkdir(parents=True, exist_ok=True)
        (rejected / "report.ttl").write_text(report.to_turtle(), encoding="utf-8")
        raise ContentError(*problems)
    (rejected / "report.ttl").unlink(missing_ok=True)
    state.warnings.extend(problems)


def _write(state: _State) -> None:
    assert state.report is not None, "validate comes first"
    workspace = state.workspace
    prefixes = PREFIXES | {"id": f"{workspace.base}id/"}
    context = load_context(workspace.context, workspace.display(workspace.context))
    files = {
        "dataset.nq": nquads(state.quads),
        "dataset.trig": trig(state.quads, prefixes),
        "dataset.ttl": turtle((quad.triple for quad in state.quads), prefixes),
        "report.ttl": state.report.to_turtle(),
    }
    assert state.facts is not None, "check comes first"
    for sheet in state.facts.sheets:
        triples = article_triples(state.quads, workspace.base, sheet.id)
        files[f"articles/{sheet.id}.ttl"] = turtle(triples, prefixes)
        files[f"articles/{sheet.id}.jsonld"] = jsonld(triples, context)
    files[output.MANIFEST] = _manifest(state, files)
    state.change = output.write(workspace.output, files, workspace.staging)
    state.files = files


STEPS: Final[tuple[tuple[str, Callable[[_State], None]], ...]] = (
    ("check", _check),
    ("link", _link),
    ("map", _map),
    ("evidence", _add_evidence),
    ("validate", _validate),
    ("write", _write),
)
"""The steps of a build, in order."""


def _metadata(workspace: Workspace) -> list[str]:
    """The properties that the vocabulary lists as build metadata."""
    path = workspace.vocabulary
    try:
        found = [
            quad.subject.value
            for quad in parse(path.read_bytes(), RdfFormat.TURTLE)
            if quad.predicate.value == f"{NUT}statementClass"
            and quad.object == NamedNode(f"{NUT}BuildMetadata")
            and isinstance(quad.subject, NamedNode)
        ]
    except (OSError, SyntaxError) as error:
        place = Span(workspace.display(path), getattr(error, "lineno", None) or 1)
        raise InputError(Problem("WSP107", f"cannot read the vocabulary: {error}", place)) from error
    return sorted(found)


def _inputs(workspace: Workspace) -> dict[str, str]:
    """Input file → its hash: everything that decides the bytes of the output."""
    files = [
        *workspace.sheet_files(),
        *workspace.mapping_files(),
        *workspace.shape_files(),
        *(path for path in (workspace.links, workspace.context, workspace.vocabulary) if path.is_file()),
    ]
    hashes = {workspace.display(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {"base": workspace.base, **dict(sorted(hashes.items()))}


def _manifest(state: _State, files: Mapping[str, str]) -> str:
    content = {
        "nutgraf": version("nutgraf"),
        "triples": len(state.quads),
        "inputs": state.inputs,
        "outputs": {name: output.sha256(text.encode()) for name, text in sorted(files.items())},
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _is_up_to_date(state: _State) -> bool:
    manifest = output.manifest(state.workspace.output)
    return (
        manifest.get("nutgraf") == version("nutgraf")
        and manifest.get("inputs") == state.inputs
        and output.is_intact(state.workspace.output, manifest.get("outputs", {}))
    )


def _unchanged(state: _State) -> BuildResult:
    return _result(state, triples=output.manifest(state.workspace.output)["triples"])


def _result(state: _State, triples: int) -> BuildResult:
    assert state.facts is not None, "check comes first"
    sheets = state.facts.sheets
    return BuildResult(
        articles=len(sheets),
        facts=sum(counts.facts(sheet) for sheet in sheets),
        spans=sum(counts.spans(sheet) for sheet in sheets),
        verified=state.workspace.texts is not None,
        triples=triples,
        classes=state.classes,
        warnings=tuple(state.warnings),
        written=state.change.written,
        removed=state.change.removed,
        total=len(output.manifest(state.workspace.output).get("outputs", {})) + 1,
    )
