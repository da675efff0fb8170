"""Write: the files under the output folder, as one change."""

from __future__ import annotations

from nutgraf.pipeline import inputs
from nutgraf.pipeline.state import State
from nutgraf.publish import output
from nutgraf.publish.article import article_triples
from nutgraf.publish.context import load as load_context
from nutgraf.publish.jsonld import jsonld
from nutgraf.publish.ntriples import nquads
from nutgraf.publish.turtle import trig, turtle
from nutgraf.terms.vocabulary import PREFIXES


def run(state: State) -> None:
    """Write what changed.

    Raises:
        InputError: OUT101, OUT102, or the context cannot be read.
    """
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
    files[output.MANIFEST] = inputs.manifest(state, files)
    state.change = output.write(workspace.output, files, workspace.staging)
