"""The report in SARIF 2.1.0, which code hosts and editors read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from nutgraf.cli.reports.json_stream import array, field
from nutgraf.cli.reports.view import View
from nutgraf.problems import Span
from nutgraf.shapes.findings import Finding

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNMATCHED: Final = "SHP204"


def write(view: View) -> Iterator[str]:
    """The report as SARIF."""
    rules = [_rule(rule.name, rule.first) for rule in view.rules()]
    if view.unmatched:
        rules.append({"id": _UNMATCHED, "shortDescription": {"text": "no node is a target of the shape"}})
    driver = {"name": "nutgraf", "version": version("nutgraf"), "rules": rules}
    yield f'{{\n  {field("$schema", _SCHEMA, 1)},\n  {field("version", "2.1.0", 1)},\n  "runs": [\n    {{\n'
    yield f"      {field('tool', {'driver': driver}, 3)},\n"
    yield f"      {field('columnKind', 'unicodeCodePoints', 3)},\n"
    if view.collected.partial or view.collected.left_out:
        notes = [{"level": "note", "message": {"text": note}} for note in view.notes()]
        done = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
        yield f"      {field('invocations', done, 3)},\n"
    yield '      "results": '
    yield from array(_results(view), 3)
    yield "\n    }\n  ]\n}\n"


def _results(view: View) -> Iterator[dict[str, Any]]:
    number = 0
    for number, rule in enumerate(view.rules(), start=1):
        for finding in rule.findings():
            yield _result(finding, number - 1)
    for name, span in view.unmatched:
        yield _unmatched(name, span, number, view)


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
