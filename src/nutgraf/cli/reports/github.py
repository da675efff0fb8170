"""The report as annotations of GitHub Actions.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from nutgraf.cli.reports.view import View
from nutgraf.problems import Span

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def write(view: View) -> Iterator[str]:
    """The report, a line a result."""
    for rule in view.rules():
        for finding in rule.to_show():
            span = finding.spans[0] if finding.spans else None
            value = f": {finding.value}" if finding.value else ""
            message = f"{finding.result.message}{value} (node {finding.label or finding.focus})"
            yield _line(_LEVELS[finding.level], span, f"{finding.code} {rule.name}", message)
        if rule.shown < rule.count:
            text = f"{rule.count - rule.shown} more results"
            yield _line(_LEVELS[rule.first.level], None, rule.name, text)
    for name, span in view.unmatched:
        level = "error" if view.unmatched_fails else "notice"
        yield _line(level, span, "SHP204", f"no node is a target of {name}")
    if view.collected.partial or view.collected.left_out:
        for note in view.notes():
            yield _line("notice", None, "validation", note)


def _line(level: str, span: Span | None, title: str, message: str) -> str:
    properties = [f"title={_escaped(title, ':,')}"]
    if span:
        place = {"file": span.file, "line": str(span.line), "col": str(span.column)}
        properties = [f"{name}={_escaped(value, ':,')}" for name, value in place.items()] + properties
    return f"::{level} {','.join(properties)}::{_escaped(message)}\n"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
