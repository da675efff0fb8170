"""The dataset's own page: what is there as data, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nutgraf.publish.site.kinds import KINDS
from nutgraf.publish.site.links import Linker
from nutgraf.publish.site.section import Alternate, page
from nutgraf.publish.site.sections.things import MEDIA_TYPES
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.views.dataset import described, downloads


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, and a list where there is one."""

    label: str
    value: str
    url: str | None = None


class DatasetPage:
    """The dataset's page in each language."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def paths(self) -> Iterator[str]:
        """One a language."""
        yield from sorted(
            f"{self._setting.prefix(language)}dataset.html" for language in self._setting.languages
        )

    def key(self, path: str) -> str | None:
        """The state of the dataset, and what else its description says."""
        return (
            self._setting.state_key(path, *self._setting.description.said)
            if self._setting.localized(path)[1] == "dataset.html"
            else None
        )

    def render(self, path: str) -> bytes | None:
        """The dataset's page."""
        language, local = self._setting.localized(path)
        if local != "dataset.html":
            return None
        linker = Linker(self._setting, self._setting.catalogues[language], path)
        return page(
            self._setting,
            "dataset.html.j2",
            path,
            title=linker.catalogue.say("dataset.title"),
            menu="dataset",
            linker=linker,
            embedded=self._setting.description.document(language),
            data=tuple(
                Alternate(linker.to(f"dataset.{extension}"), media_type, "", extension)
                for extension, media_type in MEDIA_TYPES.items()
            ),
            base=self._setting.base,
            figures=self.figures(linker),
            downloads=downloads(self._setting, linker),
            described=described(self._setting, linker),
        )

    def figures(self, linker: Linker) -> list[Figure]:
        """How much there is of what."""
        index, say, number = self._setting.index, linker.catalogue.say, linker.catalogue.number
        by_kind = dict(index.rows("select kind, count(*) from node group by kind"))
        found = [
            Figure(say(f"kinds.{kind}"), number(by_kind[kind]), linker.page(f"browse/type/{kind}.html"))
            for kind in KINDS
            if kind in by_kind
        ]
        quads = int(index.rows("select value from meta where key = 'quads'")[0][0])
        return [Figure(say("dataset.statements"), number(quads)), *found]
