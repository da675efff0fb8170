"""What servers are asked, and what they must answer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_LINES: Final = Path(__file__).with_name("accept.tsv").read_text(encoding="utf-8").splitlines()

ACCEPT: Final[dict[str, str]] = dict(line.split("\t") for line in _LINES if not line.startswith("#"))
"""Accept header → extension, or 406; an empty one stands for none."""

BASES: Final = ("https://nutgraf.example/", "https://news.example/facts/")

MOVED: Final = {
    "id/Zo%C3%AB%207": "id/_5ao-7",
    "id/BBC_News": "id/_42-news",
    "id/a.b": "id/a_2eb",
    "id/$uri": "id/_24uri",
    "id/x{path}y": "id/x_7b",
    "id/100%25": "id/100_25",
    "id/%22quoted%22": "id/_22quoted",
    "id/~x": "id/_7ex",
    "id/a+b": "id/a_2bb",
    "id/default": "id/default-page",
    "id/5%E2%82%AC": "id/5_e2",
}
"""Path of a thing below the base → path of its files without extension."""
_PAGE: Final = "<!doctype html><title>é</title>"
FILES: Final[dict[str, str]] = {
    "index.html": _PAGE,
    "404.html": "<!doctype html><title>nothing here</title>",
    "fr/index.html": _PAGE,
    "assets/site.css": "p { color: red }",
    "assets/site.js": "1",
    "robots.txt": "User-agent: *",
    ".well-known/void": "# é",
    "dumps/dataset.nq.gz": "packed",
    "id/000/claim.html": _PAGE,
} | {
    f"{stem}.{extension}": content
    for stem in ("id/interpol", "id/000", "dataset", *MOVED.values())
    for extension, content in (("html", _PAGE), ("ttl", "# é"), ("jsonld", "{}"), ("nt", "# é"))
}
"""A small site: path → content. `id/000` is a thing and a folder."""

TYPES: Final[dict[str, str]] = {
    "": "text/html; charset=utf-8",
    "fr/": "text/html; charset=utf-8",
    "assets/site.css": "text/css; charset=utf-8",
    "assets/site.js": "text/javascript; charset=utf-8",
    "robots.txt": "text/plain; charset=utf-8",
    ".well-known/void": "text/turtle; charset=utf-8",
    "dumps/dataset.nq.gz": "application/gzip",
    "id/interpol.html": "text/html; charset=utf-8",
    "id/interpol.ttl": "text/turtle; charset=utf-8",
    "id/interpol.jsonld": "application/ld+json",
    "id/interpol.nt": "application/n-triples",
    "id/000/claim.html": "text/html; charset=utf-8",
}
"""Path → the media type that it is served as."""


def lay(folder: Path) -> None:
    """Write the small site."""
    for path, content in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def names(base: str) -> dict[str, str]:
    """IRI → path of the files, for the things whose files are named otherwise."""
    return {base + path: name for path, name in MOVED.items()}
