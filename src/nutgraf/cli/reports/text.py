"""The report for people at a terminal: by rule, each result with its line."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.text import Text

from nutgraf.cli import diagnostics
from nutgraf.cli.reports.view import View, plural
from nutgraf.shapes.findings import Finding

_COLOURS = {"error": "red", "warning": "yellow", "note": "blue"}
_MAX_PLACES = 3


def write(view: View) -> Iterator[str]:
    """The report as text, with colour on a terminal only."""
    terminal = Console(highlight=False, markup=False)
    buffer = StringIO()
    console = Console(
        file=buffer,
        highlight=False,
        markup=False,
        soft_wrap=True,
        force_terminal=terminal.is_terminal,
        color_system="standard" if terminal.is_terminal and not terminal.no_color else None,
    )
    for line in _lines_of(view):
        console.print(line)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _lines_of(view: View) -> Iterator[Text | str]:
    for rule in view.rules():
        title = f"{diagnostics.printable(rule.name)}: {plural(rule.count, 'result')}"
        yield Text(title, style="bold underline")
        for finding in rule.to_show():
            yield _finding(finding, view)
        if rule.shown < rule.count:
            yield f"  and {rule.count - rule.shown} more of this rule"
        yield ""
    for name, span in view.unmatched:
        place = f"{span}: " if span else ""
        yield f"{place}SHP204 {'' if view.unmatched_fails else 'note, '}no node is a target of {name}"
    for note in view.notes():
        yield f"note: {note}"
    yield Text(view.counts(), style="bold")


def _finding(finding: Finding, view: View) -> Text:
    colour = _COLOURS[finding.level]
    text = Text()
    if finding.spans:
        text.append(f"{finding.spans[0]}: ", style="bold")
    text.append(f"{finding.code} ", style=f"bold {colour}")
    text.append("" if finding.level == "error" else f"{finding.level}, ").append(
        diagnostics.printable(finding.result.message)
    )
    if finding.spans:
        text.append(diagnostics.snippet(finding.spans[0], view.root, colour))
    for label, sentence in _lines(finding):
        text.append(f"\n  {label:<8} ", style="cyan").append(diagnostics.printable(sentence))
    return text


def _lines(finding: Finding) -> list[tuple[str, str]]:
    name = f' "{finding.label}"' if finding.label else ""
    path = f", path {finding.result.path.short()}" if finding.result.path else ""
    lines = [("node", f"{finding.focus}{name}{path}")]
    if finding.detail.expected:
        lines.append(("expected", f"to {finding.detail.expected}"))
    if finding.value is not None and finding.result.value != finding.result.focus:
        lines.append(("actual", finding.value))
    if finding.detail.nearest:
        lines.append(("nearest", finding.detail.nearest))
    if finding.shape_span:
        lines.append(("shape", str(finding.shape_span)))
    if len(finding.spans) > 1:
        lines.append(("see also", ", ".join(map(str, finding.spans[1 : 1 + _MAX_PLACES]))))
    if finding.fix:
        lines.append(("fix", finding.fix))
    return lines
