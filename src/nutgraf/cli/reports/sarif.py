"""The report in SARIF 2.1.0, which code hosts and editors read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from nutgraf.cli.reports.view import View
from nutgraf.problems import Span
from nutgraf.shapes.findings import Finding

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNMATCHED: Final = "SHP204"


def write(view: View) -> str:
    """The report as SARIF."""
    rules: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for rule, findings, _ in view.rules():
        rules.append(_rule(rule, findings[0]))
        results += [_result(finding, len(rules) - 1) for finding in findings]
    if view.unmatched:
        rules.append({"id": _UNMATCHED, "shortDescription": {"text": "no node is a target of the shape"}})
        results += [_unmatched(name, span, len(rules) - 1, view) for name, span in view.unmatched]
    driver = {"name": "nutgraf", "version": version("nutgraf"), "rules": rules}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    content = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: str, finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": rule,
        "shortDescription": {"text": finding.result.message},
        "properties": {"component": finding.result.component, "shape": str(finding.result.source_shape)},
    }
    if finding.fix:
        properties["help"] = {"text": finding.fix}
    return properties


def _result(finding: Finding, index: int) -> dict[str, Any]:
    value = f": {finding.value}" if finding.value and finding.result.value != finding.result.focus else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.level,
        "message": {"text": f"{finding.result.message}{value} (node {finding.label or finding.focus})"},
        "partialFingerprints": {"nutgraf/v1": finding.fingerprint},
    }
    if finding.spans:
        result["locations"] = [_location(finding.spans[0])]
    related = [*finding.spans[1:], *([finding.shape_span] if finding.shape_span else [])]
    if related:
        result["relatedLocations"] = [_location(span) for span in related]
    return result


def _unmatched(name: str, span: Span | None, index: int, view: View) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": _UNMATCHED,
        "ruleIndex": index,
        "level": "error" if view.unmatched_fails else "note",
        "message": {"text": f"no node is a target of {name}"},
    }
    if span:
        result["locations"] = [_location(span)]
    return result


def _location(span: Span) -> dict[str, Any]:
    region = {"startLine": span.line, "startColumn": span.column}
    if span.width:
        region["endColumn"] = span.column + span.width
    uri = quote(PurePosixPath(span.file).as_posix())
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
