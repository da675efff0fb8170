"""What a section of a site is: a set of files that are made one at a time.

Another module gives a site more files by such a class: its name in `SECTIONS` of `site.py` is all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from nutgraf.publish.site.catalogue import Catalogue
from nutgraf.publish.site.links import Linker
from nutgraf.publish.site.setting import Setting

MENU: Final = (
    ("home", "index.html"),
    ("browse", "browse/index.html"),
    ("timeline", "timeline.html"),
    ("map", "map.html"),
    ("compare", "compare.html"),
    ("queries", "queries/index.html"),
    ("dataset", "dataset.html"),
)
"""Message and path of each entry of the main menu."""


class Section(Protocol):
    """A set of files of a site. `render` and `key` may be called from several threads."""

    def paths(self) -> Iterator[str]:
        """The section's files below the site's root, sorted by code point."""

    def render(self, path: str) -> bytes | None:
        """A file's bytes; None when it is not one of the section's."""

    def key(self, path: str) -> str | None:
        """A hash of all that decides a file's bytes; None to make it anew each time."""


def paged(setting: Setting, name: str, pages: int) -> Iterator[str]:
    """The files of a list of so many pages, in each language, sorted by code point."""
    names = [f"{name}.html", *(f"{name}_p{number}.html" for number in range(2, pages + 1))]
    yield from sorted(setting.prefix(tag) + each for tag in setting.languages for each in names)


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same in another form or language, for `link rel="alternate"`."""

    href: str
    media_type: str = ""
    language: str = ""
    name: str = ""


def page(
    setting: Setting,
    template: str,
    path: str,
    *,
    title: str,
    menu: str = "",
    embedded: Any = None,
    data: tuple[Alternate, ...] = (),
    **values: Any,
) -> bytes:
    """A page of a section, in the language whose folder its path is in.

    Args:
        setting: what all pages share.
        template: name of the page's template.
        path: where the page stands below the site's root.
        title: what it is called, without the site's title.
        menu: which entry of the main menu it belongs to.
        embedded: JSON-LD document for the page, or None.
        data: the same in other formats.
        values: what the template shows.
    """
    language, local = setting.localized(path)
    catalogue: Catalogue = setting.catalogues[language]
    linker = values.pop("linker", None) or Linker(setting, catalogue, path)
    others = [
        Alternate(
            setting.base + setting.prefix(each) + local,
            "",
            each,
            setting.catalogues[each].say("language.name"),
        )
        for each in setting.languages
    ]
    return setting.templates.render(
        template,
        title=title,
        site_title=setting.workspace.title,
        language=language,
        languages=others,
        switch=[(each, linker.page(local, each.language)) for each in others if each.language != language],
        say=catalogue.say,
        count=catalogue.count,
        number=catalogue.number,
        find=catalogue.find,
        to=linker.to,
        page=linker.page,
        menu=menu,
        menu_entries=MENU,
        query_page=setting.query_page,
        canonical=setting.base + path,
        embedded=embedded,
        data=data,
        **values,
    )
