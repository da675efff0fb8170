"""A site of the graph: every file, made when it is asked for, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import merge
from typing import Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish import output
from nutgraf.publish.page.model import PagePart
from nutgraf.publish.site import names
from nutgraf.publish.site.part import Part
from nutgraf.publish.site.section import Section
from nutgraf.publish.site.sections.assets import Assets
from nutgraf.publish.site.sections.browse import Browse
from nutgraf.publish.site.sections.compare import Compare
from nutgraf.publish.site.sections.crawlers import Crawlers
from nutgraf.publish.site.sections.dataset import DatasetPage
from nutgraf.publish.site.sections.description import Descriptions
from nutgraf.publish.site.sections.home import Home
from nutgraf.publish.site.sections.map import Map
from nutgraf.publish.site.sections.queries import Queries
from nutgraf.publish.site.sections.things import Things, embedded_part
from nutgraf.publish.site.sections.timeline import Timeline
from nutgraf.publish.site.sections.vocabulary import Vocabularies
from nutgraf.publish.site.setting import Setting
from nutgraf.terms.vocabulary import OA, RDF
from nutgraf.workspace import Workspace

SECTIONS: Final[tuple[Callable[[Setting], Section], ...]] = (
    Assets,
    Home,
    Browse,
    Timeline,
    Map,
    Compare,
    Queries,
    DatasetPage,
    Descriptions,
    Vocabularies,
)
"""What a site has besides the pages of things."""


class Site:
    """The site of a workspace's last build. Safe to use from several threads.

    Attributes:
        setting: what all pages share.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._things = Things(setting)
        self._sections: tuple[Section, ...] = (self._things, *(make(setting) for make in SECTIONS))
        others = self._sections
        self._sections = (*others, Crawlers(setting, lambda: _merged(others)))

    @classmethod
    def open(cls, workspace: Workspace, *, query_page: str | None = None) -> Site:
        """The site of what was last built.

        Args:
            workspace: whose build it is.
            query_page: path of the page to write queries on, which a server has and the menu leads to.

        The dataset is read through an index on disk, below `.nutgraf/site/`, which is made when there is
        none of this state; what is kept in memory does not grow with the dataset.

        Raises:
            InputError: WSP108 nothing has been built, SIT102 the dataset is not as a build writes it, SIT103
                a template or a file of messages is broken, SIT104 jinja2 is missing, LNK101 to LNK107.
        """
        output.finish(workspace.output, workspace.staging)
        dataset = workspace.output / "dataset.nq"
        if not dataset.is_file():
            place = Span(workspace.display(dataset))
            raise InputError(
                Problem("WSP108", "nothing has been built yet", place, fix="run `nutgraf build`")
            )
        return cls(Setting.open(workspace, dataset, query_page))

    def paths(self) -> Iterator[str]:
        """Every file of the site: POSIX paths below its root, sorted by code point, each once."""
        return _merged(self._sections)

    def render(self, path: str) -> bytes | None:
        """The bytes of a file; None where the site has no such file.

        Args:
            path: as `paths` gives it.
        """
        for section in self._sections:
            content = section.render(path)
            if content is not None:
                return content
        return None

    def key(self, path: str) -> str | None:
        """A hash of all that decides a file's bytes; None where only making it can tell."""
        for section in self._sections:
            key = section.key(path)
            if key is not None:
                return key
        return None

    def path_of(self, iri: str) -> str | None:
        """The page on which an IRI of ours is described, with `#fragment`; None where there is none.

        A statement is on the page of its subject; a span or a mention on its article's.
        """
        thing, _, fragment = iri.partition("#")
        node = self.setting.index.node(thing)
        if node is not None:
            return f"{node.stem}.html" + (f"#{names.fragment(fragment)}" if fragment else "")
        base = self.setting.base
        if thing.startswith(f"{base}stmt/"):
            subject = self._object(thing, f"{RDF}subject")
            page = self.path_of(subject.partition("#")[0]) if subject else None
            return f"{page}#s-{names.fragment(thing.rpartition('/')[2])}" if page else None
        graph = thing.removeprefix(f"{base}graph/").partition("/")
        if thing.startswith(f"{base}graph/") and graph[0] in {"article", "evidence"}:
            return self.path_of(f"{base}id/{graph[2]}")
        source = self._object(thing, f"{OA}hasTarget")
        return self.path_of(source.partition("#")[0]) if source else None

    def moved(self) -> dict[str, str]:
        """IRI → path of its files without extension, of the things whose files have another name."""
        query = "select iri, stem from node where iri <> ? || stem order by iri"
        return dict(self.setting.index.rows(query, [self.setting.base]))

    def _object(self, iri: str, predicate: str) -> str | None:
        for line in self.setting.index.about(iri):
            _, found, value, *_ = line.split(b" ", 3)
            if found == f"<{predicate}>".encode() and value.startswith(b"<"):
                return value[1:-1].decode()
        return None

    def part(self, iri: str) -> Part | None:
        """The page's part of the graph, for a thing that has a page."""
        return self._things.part(iri) if self.setting.index.node(iri) else None

    def embedded(self, path: str) -> PagePart | None:
        """What a thing's page embeds of the graph; None where it embeds a bare `WebPage` or nothing."""
        found = self._things.find(path)
        if found is None:
            return None
        node, language, _ = found
        return embedded_part(self._things.part(node.iri), language)

    def forget(self) -> None:
        """Have every key made from the dataset itself, not from what former runs found."""
        self.setting.kept.forget()

    def close(self) -> None:
        """Close the index, and keep what the next run need not find out again."""
        self.setting.close()


def _merged(sections: tuple[Section, ...]) -> Iterator[str]:
    last = None
    for path in merge(*(section.paths() for section in sections)):
        if path != last:
            yield path
        last = path
