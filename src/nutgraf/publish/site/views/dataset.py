"""What the dataset's page shows of its description."""

from __future__ import annotations

from dataclasses import dataclass

from nutgraf.publish.description.void import vocabularies
from nutgraf.publish.site.links import Link, Linker, web
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import shown
from nutgraf.publish.vocabulary.model import in_language

_KILOBYTE = 1000


@dataclass(frozen=True, slots=True)
class Download:
    """A file with the whole dataset, or with its facts."""

    name: str
    url: str
    title: str
    size: str


def downloads(setting: Setting, linker: Linker) -> list[Download]:
    """The dumps."""
    language, number = linker.catalogue.language, linker.catalogue.number
    return [
        Download(
            dump.kind.name,
            linker.to(f"dumps/{dump.kind.name}"),
            in_language(dump.kind.title, language),
            number(max(1, round(dump.size / _KILOBYTE))),
        )
        for dump in setting.description.about.dumps
    ]


def described(setting: Setting, linker: Linker) -> list[tuple[str, list[Link]]]:
    """Message and values of what there is to say of the dataset besides its numbers."""
    about, say = setting.description.about, linker.catalogue.say
    census = about.census
    own = setting.terms.vocabulary
    coverage = [Link(moment.lexical) for moment in census.coverage or ()]
    rows: list[tuple[str, list[Link]]] = [
        ("licence", [web(about.license)] if about.license else []),
        ("publisher", [Link(shown(about.publisher))] if about.publisher else []),
        ("version", [Link(about.version)] if about.version else []),
        ("coverage", coverage),
        ("languages", [Link(tag) for tag in about.languages()]),
        ("linked", [web(target) for target in sorted({links.target for links in census.linksets})]),
        ("vocabularies", [web(iri) for iri in vocabularies(census) if not own or iri.rstrip("#/") != own]),
    ]
    if own is not None:
        rows.append(("own", [Link(shown(own), linker.page(f"{setting.vocabulary_page}.html"))]))
    return [(say(f"dataset.{name}"), links) for name, links in rows if links]
