"""The page of the workspace's vocabulary, and the vocabulary beside it as data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property

from pyoxigraph import RdfFormat, Triple, parse

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.formats import GRAPH_FORMATS
from nutgraf.publish.site.links import Linker
from nutgraf.publish.site.section import Alternate, page
from nutgraf.publish.site.sections.things import MEDIA_TYPES
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.vocabulary import terms
from nutgraf.publish.vocabulary.model import Vocabulary, in_language
from nutgraf.publish.vocabulary.read import read


class Vocabularies:
    """The pages of a vocabulary; none where the workspace has no vocabulary.

    A vocabulary whose IRI is `{base}ns` stands at `ns.html`, so that its terms lead to their places there;
    one of another host does so too, as a copy.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    @cached_property
    def _triples(self) -> list[Triple]:
        path = self._setting.workspace.vocabulary
        try:
            return [quad.triple for quad in parse(path.read_bytes(), RdfFormat.TURTLE)]
        except FileNotFoundError:
            return []
        except (OSError, SyntaxError) as error:
            place = Span(self._setting.workspace.display(path), getattr(error, "lineno", None) or 1)
            raise InputError(Problem("WSP107", f"cannot read the vocabulary: {error}", place)) from error

    @cached_property
    def _vocabulary(self) -> Vocabulary | None:
        return read(self._triples, self._setting.workspace.output / "dataset.nq")

    def paths(self) -> Iterator[str]:
        """A page a language, and three data files."""
        if self._vocabulary is not None:
            pages = [
                f"{self._setting.prefix(tag)}{self._setting.vocabulary_page}.html"
                for tag in self._setting.languages
            ]
            yield from sorted(
                [*pages, *(f"{self._setting.vocabulary_page}.{extension}" for extension in MEDIA_TYPES)]
            )

    def render(self, path: str) -> bytes | None:
        """A page or a data file."""
        if path not in set(self.paths()):
            return None
        extension = path.rpartition(".")[2]
        if extension == "html":
            return self._page(path)
        return GRAPH_FORMATS[extension](self._triples, self._setting.vocabulary).encode()

    def key(self, path: str) -> str | None:
        """The vocabulary, which is in the setting's digest, and the dataset that uses it."""
        if path not in set(self.paths()):
            return None
        said = [path, self._setting.digest, self._setting.index.key]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def _page(self, path: str) -> bytes:
        setting, vocabulary = self._setting, self._vocabulary
        assert vocabulary is not None
        language, _ = setting.localized(path)
        linker = Linker(setting, setting.catalogues[language], path)
        title = shown(in_language(vocabulary.titles, language)) or vocabulary.iri
        return page(
            setting,
            "vocabulary.html.j2",
            path,
            title=title,
            menu="dataset",
            data=tuple(
                Alternate(
                    linker.to(f"{self._setting.vocabulary_page}.{extension}"), media_type, "", extension
                )
                for extension, media_type in MEDIA_TYPES.items()
            ),
            linker=linker,
            description=shown(in_language(vocabulary.descriptions, language)),
            iri=shown(vocabulary.iri),
            licence=linker.iri(vocabulary.license) if vocabulary.license else None,
            kinds=terms(vocabulary, linker),
        )
