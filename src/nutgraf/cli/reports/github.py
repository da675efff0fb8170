"""The report as annotations of GitHub Actions.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from nutgraf.cli.reports.view import View
from nutgraf.problems import Span

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def write(view: View) -> str:
    """The report, a line a result."""
    lines: list[str] = []
    for rule, findings, shown in view.rules():
        for finding in shown:
            span = finding.spans[0] if finding.spans else None
            value = f": {finding.value}" if finding.value else ""
            message = f"{finding.result.message}{value} (node {finding.label or finding.focus})"
            lines.append(_line(_LEVELS[finding.level], span, f"{finding.code} {rule}", message))
        if len(shown) < len(findings):
            text = f"{len(findings) - len(shown)} more results"
            lines.append(_line(_LEVELS[findings[0].level], None, rule, text))
    for name, span in view.unmatched:
        level = "error" if view.unmatched_fails else "notice"
        lines.append(_line(level, span, "SHP204", f"no node is a target of {name}"))
    return "".join(f"{line}\n" for line in lines)


def _line(level: str, span: Span | None, title: str, message: str) -> str:
    properties = [f"title={_escaped(title, ':,')}"]
    if span:
        place = {"file": span.file, "line": str(span.line), "col": str(span.column)}
        properties = [f"{name}={_escaped(value, ':,')}" for name, value in place.items()] + properties
    return f"::{level} {','.join(properties)}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
