"""The report as JSON: every result with all that is known of it. It can serve as a baseline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nutgraf.cli.reports.json_stream import array, field
from nutgraf.cli.reports.view import View
from nutgraf.problems import Span
from nutgraf.shapes.findings import Finding


def write(view: View) -> Iterator[str]:
    """The report as JSON."""
    found = view.collected
    yield f"{{\n  {field('conforms', found.conforms, 1)},\n  {field('accepted', found.accepted, 1)},\n  "
    yield '"results": '
    yield from array((_finding(finding) for finding in view.findings()), 1)
    unmatched = [{"shape": name, "place": _place(span)} for name, span in view.unmatched]
    yield f",\n  {field('unmatched', unmatched, 1)},\n  {field('notes', list(view.notes()), 1)}"
    if found.partial:
        yield f",\n  {field('partial', value=True, depth=1)}"
    if found.left_out:
        yield f",\n  {field('leftOut', found.left_out, 1)}"
    yield "\n}\n"


def _finding(finding: Finding) -> dict[str, Any]:
    result = finding.result
    return {
        "fingerprint": finding.fingerprint,
        "code": finding.code,
        "level": finding.level,
        "rule": finding.rule,
        "message": result.message,
        "focus": str(result.focus),
        "label": finding.label,
        "path": None if result.path is None else str(result.path),
        "value": None if result.value is None else str(result.value),
        "component": result.component,
        "severity": result.severity,
        "expected": finding.detail.expected or None,
        "nearest": finding.detail.nearest,
        "places": [_place(span) for span in finding.spans],
        "shape": {"node": str(result.source_shape), "place": _place(finding.shape_span)},
        "fix": finding.fix,
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"file": span.file, "line": span.line, "column": span.column, "width": span.width}
