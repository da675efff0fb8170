"""The report as JSON: every result with all that is known of it. It can serve as a baseline."""

from __future__ import annotations

import json
from typing import Any

from nutgraf.cli.reports.view import View
from nutgraf.problems import Span
from nutgraf.shapes.findings import Finding


def write(view: View) -> str:
    """The report as JSON."""
    content = {
        "conforms": view.report.conforms,
        "accepted": view.accepted,
        "results": [_finding(finding) for finding in view.findings],
        "unmatched": [{"shape": name, "place": _place(span)} for name, span in view.unmatched],
        "notes": list(view.notes),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


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
