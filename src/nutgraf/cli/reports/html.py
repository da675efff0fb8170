"""The report as one page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from nutgraf.cli import diagnostics
from nutgraf.cli.reports.view import View, plural
from nutgraf.problems import Span
from nutgraf.shapes.findings import Finding

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
article { border-left: 4px solid #b3261e; padding: .25rem 1rem; margin: .75rem 0; background: #f7f7f7 }
article.warning { border-color: #9a6700 } article.note { border-color: #0550ae }
p { margin: .25rem 0 } pre { overflow-x: auto; margin: .25rem 0 } mark { background: #ffd7d5 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .25rem 0 }
dt { color: #555 } dd { margin: 0; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616 }
  article { background: #222 } dt { color: #aaa } mark { background: #6e2b28; color: #fff } }
"""


def write(view: View) -> Iterator[str]:
    """The report as HTML."""
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Validation report</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
    )
    yield f"<h1>Validation: {escape(view.counts())}</h1>\n"
    for rule in view.rules():
        yield f"<section>\n<h2>{escape(rule.name)}: {plural(rule.count, 'result')}</h2>\n"
        for finding in rule.to_show():
            yield f"{_finding(finding, view)}\n"
        if rule.shown < rule.count:
            yield f"<p>and {rule.count - rule.shown} more of this rule</p>\n"
        yield "</section>\n"
    if view.unmatched:
        items = "".join(f"<li>{escape(name)}{_at(span)}</li>" for name, span in view.unmatched)
        yield f"<section>\n<h2>Shapes that no node is a target of</h2>\n<ul>{items}</ul>\n</section>\n"
    for note in view.notes():
        yield f"<p>{escape(note)}</p>\n"
    yield "</main>\n</body>\n</html>\n"


def _finding(finding: Finding, view: View) -> str:
    span = finding.spans[0] if finding.spans else None
    path = finding.result.path
    facts = [
        ("node", f"{finding.focus}{f' “{finding.label}”' if finding.label else ''}"),
        ("path", path.short() if path else None),
        ("expected", f"to {finding.detail.expected}" if finding.detail.expected else None),
        ("actual", finding.value if finding.result.value != finding.result.focus else None),
        ("nearest", finding.detail.nearest),
        ("shape", str(finding.shape_span) if finding.shape_span else None),
        ("see also", ", ".join(map(str, finding.spans[1:])) or None),
        ("fix", finding.fix),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    place = f"<code>{escape(str(span))}</code> " if span else ""
    return (
        f'<article class="{finding.level}" id="{finding.fingerprint}">\n'
        f"<p>{place}<b>{finding.code}</b> {escape(finding.result.message)}</p>\n"
        f"{_line(span, view)}<dl>{rows}</dl>\n</article>"
    )


def _line(span: Span | None, view: View) -> str:
    line = diagnostics.source_line(span, view.root) if span else None
    if span is None or line is None:
        return ""
    start, end = span.column - 1, span.column - 1 + max(1, span.width)
    marked = f"{escape(line[:start])}<mark>{escape(line[start:end])}</mark>{escape(line[end:])}"
    return f"<pre><code>{span.line} | {marked}</code></pre>\n"


def _at(span: Span | None) -> str:
    return f" <code>{escape(str(span))}</code>" if span else ""
