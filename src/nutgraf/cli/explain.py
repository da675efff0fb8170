"""`nutgraf explain`: which articles, words and rules a statement comes from."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from nutgraf import pipeline
from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.evidence.explain import names
from nutgraf.evidence.explain.model import Explanation, Shape, Support, Words
from nutgraf.factsheet.text import read as read_text
from nutgraf.problems import InputError, Problem
from nutgraf.terms.vocabulary import NUT, PREFIXES, shorten


@click.command()
@click.argument("node")
@click.argument("predicate", metavar="[PROPERTY]", required=False)
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the articles' texts: show the words themselves, in their sentence.",
)
@click.option(
    "--format",
    "to",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Default: text.",
    show_default=False,
)
@in_workspace
def command(node: str, predicate: str | None, texts: Path | None, to: str, start: Path) -> None:
    """Show who says what is said of a node: articles, words, rules, places, shapes.

    NODE is an IRI, a CURIE (id:morocco) or a key (morocco, 001/claim-x); PROPERTY an IRI, a CURIE or
    the last part of one. The lineage is made afresh from the sheets. The words of an article are shown
    only with --texts.

    \b
    Examples:
      nutgraf explain interpol-ga-92 location
      nutgraf explain id:interpol schema:foundingDate --texts ../articles
      nutgraf explain interpol-vp-africa-election elected --format json
    """
    workspace = find_workspace(start)
    trace, validated = pipeline.trace(workspace)
    subject = names.node(node, workspace.base, trace.subjects())
    wanted = names.predicate(predicate, trace.predicates()) if predicate else None
    found = trace.of(subject, wanted, _reader(trace.files, texts) if texts else None)
    if not found:
        raise InputError(
            Problem("EXP103", f'nothing is said of "{node}" by that property', fix="leave the property out")
        )
    if to == "json":
        click.echo(json.dumps([_plain(each, validated) for each in found], indent=2, ensure_ascii=False))
        return
    prefixes = PREFIXES | {"id": f"{workspace.base}id/", "shape": f"{NUT.removesuffix('ns#')}shapes#"}
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for each in found:
        for line in _lines(each, prefixes, validated=validated):
            console.print(line)
    articles = sorted({article for each in found for article in each.sources})
    told = f"{_counted(len(found), 'statement')}, {_counted(len(articles), 'article')}"
    diagnostics.say(told, style="dim")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _reader(files: dict[str, str], folder: Path) -> Callable[[str], str | None]:
    """Gives the text of an article; one that is not in the folder is left out."""

    @functools.cache
    def read(article: str) -> str | None:
        name = files.get(article)
        path = folder / name if name else None
        if path is None or path.resolve().parent != folder.resolve() or not path.is_file():
            return None
        return read_text(path)

    return read


def _lines(found: Explanation, prefixes: dict[str, str], *, validated: bool) -> Iterator[Text]:
    line = Text(f"{shorten(found.subject, prefixes)} {shorten(found.predicate, prefixes)} ", style="bold")
    yield line.append(_object(found, prefixes))
    for support in found.supports:
        yield from _support(support, prefixes)
    if found.shapes:
        verdict = "passed" if validated else "checked by (not built since)"
        yield _row("shapes", f"{verdict} {', '.join(_shape(shape, prefixes) for shape in found.shapes)}", 2)
    yield Text()


def _object(found: Explanation, prefixes: dict[str, str]) -> str:
    if found.is_iri:
        return shorten(found.object, prefixes)
    text = json.dumps(found.object, ensure_ascii=False)
    if found.language:
        return f"{text}@{found.language}"
    kind = shorten(found.datatype or "", prefixes)
    return text if kind in {"", "xsd:string"} else f"{text}^^{kind}"


def _shape(shape: Shape, prefixes: dict[str, str]) -> str:
    return f"{shorten(shape.iri, prefixes)} ({shape.span.file}:{shape.span.line})"


def _support(support: Support, prefixes: dict[str, str]) -> Iterator[Text]:
    head = Text("  ").append(support.kind, style="green")
    if support.article:
        head.append(
            f" by {support.article}" if support.kind != "build metadata" else f" of {support.article}"
        )
    if support.modality:
        head.append(f", {support.modality}")
    if support.speakers:
        head.append(f", word of {', '.join(shorten(iri, prefixes) for iri in support.speakers)}")
    yield head
    if support.place:
        yield _row(
            "sheet" if support.article else "place", f"{support.place}  {support.record or ''}".rstrip()
        )
    if support.rule:
        yield _row("rule", f"{support.rule.span}  {support.rule.triples_map}")
    for iri in support.via:
        yield _row("via", shorten(iri, prefixes))
    for words in support.words:
        yield _row("words", _words(words))
    if support.derivation:
        yield _row("derived", f"by {support.derivation.rule} from")
        for words in support.derivation.inputs:
            yield _row("", _words(words))


def _row(label: str, content: str | Text, indent: int = 4) -> Text:
    return Text(" " * indent).append(f"{label:<8}", style="cyan").append(content)


def _words(words: Words) -> Text:
    text = Text(f"{words.article} {words.start}–{words.end}  {words.sha256[:12]}…", style="")
    if words.sentence is None or words.highlight is None:
        return text
    start, end = words.highlight
    before, inside, after = (" ".join(part.split("\n")) for part in _cut(words.sentence, start, end))
    text.append(f"\n{'':12}").append(before, style="dim")
    # The brackets stay where colour does not.
    return text.append("[").append(inside, style="bold underline").append("]").append(after, style="dim")


def _cut(text: str, start: int, end: int) -> tuple[str, str, str]:
    return text[:start], text[start:end], text[end:]


def _plain(found: Explanation, validated: bool) -> dict[str, Any]:
    """An explanation as JSON: what is not known is left out."""
    plain: dict[str, Any] = _without_none(asdict(found)) | {"validated": validated}
    return plain


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None and item != ()}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value
