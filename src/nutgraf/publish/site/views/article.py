"""What the page of an article shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Quad

from nutgraf.publish.site.index import Node
from nutgraf.publish.site.kinds import KINDS
from nutgraf.publish.site.lines import graph_of, value_of
from nutgraf.publish.site.links import Link, Linker, web
from nutgraf.publish.site.part import Part
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.statements import HIDDEN, Group, Statements
from nutgraf.terms.vocabulary import NUT, SCHEMA

_METADATA = frozenset({f"{SCHEMA}mentions", f"{SCHEMA}description", f"{NUT}textSha256", f"{NUT}characters"})


_VOICES = frozenset({"ArticleVoice", "UnnamedVoice"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing of an article, with where its words stand."""

    thing: Link
    spans: tuple[str, ...]
    by: tuple[Link, ...] = ()
    modality: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """The things of one kind, or the claims of one speaker."""

    kind: str
    speaker: Link | None
    entries: tuple[Entry, ...]
    voice: str = ""


@dataclass(frozen=True)
class ArticleView:
    """What the page of an article shows.

    Attributes:
        name: its name.
        iri: its address.
        description: what it is about, in our words.
        original: the article at its publisher.
        facts: its metadata.
        chapters: what it states, kind by kind.
        claims: who says what in it.
        characters: length of the text that was read.
        digest: SHA-256 of that text.
    """

    name: Link
    iri: str
    description: Link | None
    original: Link | None
    facts: tuple[Group, ...]
    chapters: tuple[Chapter, ...]
    claims: tuple[Chapter, ...]
    characters: int | None
    digest: str


def article_view(part: Part, linker: Linker) -> ArticleView:
    """What the page of an article shows, in the page's language."""
    view = _View(part, linker)
    return view.view()


class _View:
    def __init__(self, part: Part, linker: Linker) -> None:
        self._part = part
        self._linker = linker
        self._statements = Statements(part, linker)
        self._by_subject: dict[str, list[Quad]] = defaultdict(list)
        for quad in part.own:
            self._by_subject[value_of(quad.subject).partition("#")[0]].append(quad)

    def view(self) -> ArticleView:
        node, linker = self._part.node, self._linker
        own = [quad for quad in self._by_subject[node.iri] if value_of(quad.subject) == node.iri]
        text, language = linker.name(node)
        length = self._value(own, f"{NUT}characters")
        url = self._value(own, f"{SCHEMA}url")
        metadata = [q for q in own if q.predicate.value not in HIDDEN | _METADATA]
        return ArticleView(
            name=Link(text, None, language),
            iri=shown(node.iri),
            description=self._description(own),
            original=web(url) if url else None,
            facts=tuple(self._statements.about(metadata)),
            chapters=tuple(self._chapters()),
            claims=tuple(self._claims()),
            characters=int(length) if length.isdecimal() else None,
            digest=shown(self._value(own, f"{NUT}textSha256")),
        )

    def _value(self, quads: list[Quad], predicate: str) -> str:
        return min((value_of(quad.object) for quad in quads if quad.predicate.value == predicate), default="")

    def _description(self, own: list[Quad]) -> Link | None:
        groups = self._statements.about(q for q in own if q.predicate.value == f"{SCHEMA}description")
        return groups[0].statements[0].value if groups else None

    def _things(self) -> list[Node]:
        found = (self._linker.setting.index.node(iri) for iri in self._by_subject)
        return sorted(
            (node for node in found if node is not None and node.iri != self._part.node.iri),
            key=lambda node: (self._linker.title(node).casefold(), node.iri),
        )

    def _chapters(self) -> list[Chapter]:
        by_kind: dict[str, list[Entry]] = defaultdict(list)
        for node in self._things():
            if node.kind != "claim":
                by_kind[node.kind].append(self._entry(node))
        return [Chapter(kind, None, tuple(by_kind[kind])) for kind in KINDS if by_kind[kind]]

    def _entry(self, node: Node) -> Entry:
        spans: set[tuple[int, int]] = set()
        modalities: set[str | None] = set()
        for quad in self._by_subject[node.iri]:
            for source in self._statements.statement(quad.triple, [graph_of(quad)]).sources:
                spans.update(tuple(map(int, span.split("–"))) for span in source.spans)  # type: ignore[misc]
                modalities.add(source.modality)
        shown_ = tuple(f"{start}–{end}" for start, end in sorted(spans))
        modality = modalities.pop() if len(modalities) == 1 else None
        return Entry(self._linker.thing(node), shown_, (), modality)

    def _claims(self) -> list[Chapter]:
        by_speaker: dict[tuple[str, str], list[tuple[int, Entry]]] = defaultdict(list)
        for node in self._things():
            if node.kind != "claim":
                continue
            entry = self._entry(node)
            first = int(entry.spans[0].partition("–")[0]) if entry.spans else 0
            quads = self._by_subject[node.iri]
            speaker = self._value(quads, f"{SCHEMA}author")
            said = self._value(quads, f"{NUT}voice").rpartition("#")[2]
            voice = said if not speaker and said in _VOICES else ""
            by_speaker[voice, speaker].append((first, entry))
        chapters = [
            Chapter(
                "claim",
                self._linker.iri(speaker) if speaker else None,
                tuple(entry for _, entry in sorted(entries, key=lambda pair: (pair[0], pair[1].thing.text))),
                voice,
            )
            for (voice, speaker), entries in sorted(by_speaker.items())
        ]
        return sorted(chapters, key=lambda chapter: (bool(chapter.voice), -len(chapter.entries)))
