"""The dataset as files to download: packed with gzip, the same bytes each time.

What a build has written is packed as it is; the facts without their evidence are drawn from it by DuckDB,
in its order. A file is read and packed a piece at a time, so its size is not held in memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nutgraf.publish.description.quads import load

_PIECE: Final = 1 << 20
_BATCH: Final = 10_000
_GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""No name, no time, best compression, an unknown system: RFC 1952 §2.3."""
_FACTS: Final = """
with facts as (
  select s, p, o, lag(s) over () as s0, lag(p) over () as p0, lag(o) over () as o0
  from quads where not starts_with(g, $evidence)
)
select concat(s, ' ', p, ' ', o, ' .\n') as line from facts
where s is distinct from s0 or p <> p0 or o <> o0
"""
"""The quads are sorted, so their triples are too, and the same again stands next to it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A dump that every dataset has.

    Attributes:
        name: of the file below `dumps/`, and so of its part of the description without dots.
        media_type: of what is packed.
        title: language → what it is.
        format_iri: the format's IRI in the W3C's list.
        named_graphs: whether it says which graph holds what.
        complete: whether it has the evidence.
    """

    name: str
    media_type: str
    title: dict[str, str]
    format_iri: str
    named_graphs: bool
    complete: bool


KINDS: Final = (
    Kind(
        "dataset.nq.gz",
        "application/n-quads",
        {
            "en": "Everything, with its graphs, as N-Quads",
            "fr": "Tout, avec ses graphes, en N-Quads",
        },
        "http://www.w3.org/ns/formats/N-Quads",
        named_graphs=True,
        complete=True,
    ),
    Kind(
        "dataset.trig.gz",
        "application/trig",
        {
            "en": "Everything, with its graphs, as TriG",
            "fr": "Tout, avec ses graphes, en TriG",
        },
        "http://www.w3.org/ns/formats/TriG",
        named_graphs=True,
        complete=True,
    ),
    Kind(
        "dataset.ttl.gz",
        "text/turtle",
        {
            "en": "Everything in one graph, as Turtle",
            "fr": "Tout en un seul graphe, en Turtle",
        },
        "http://www.w3.org/ns/formats/Turtle",
        named_graphs=False,
        complete=True,
    ),
    Kind(
        "facts.nt.gz",
        "application/n-triples",
        {
            "en": "The facts without their evidence, as N-Triples",
            "fr": "Les faits sans leurs preuves, en N-Triples",
        },
        "http://www.w3.org/ns/formats/N-Triples",
        named_graphs=False,
        complete=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump as it is.

    Attributes:
        kind: what it is.
        size: of the packed file in bytes.
        sha256: of the packed file, hexadecimal.
    """

    kind: Kind
    size: int
    sha256: str


def kinds(output: Path) -> list[Kind]:
    """The dumps that an output folder has something for."""
    return [kind for kind in KINDS if _source(kind, output).is_file()]


def _source(kind: Kind, output: Path) -> Path:
    return output / (kind.name.removesuffix(".gz") if kind.complete else "dataset.nq")


def pieces(kind: Kind, output: Path, base: str) -> Iterator[bytes]:
    """The bytes of a dump's file, in pieces.

    Args:
        kind: which dump.
        output: the folder that `nutgraf build` wrote.
        base: IRI that the workspace's nodes start with.
    """
    source = _source(kind, output)
    return packed(_read(source) if kind.complete else facts(source, base))


def packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Pack with gzip: no time and no name in it, so that the same content gives the same bytes.

    Source: RFC 1952 §2.3, https://www.rfc-editor.org/rfc/rfc1952#section-2.3
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    checksum = size = 0
    yield _GZIP_HEADER
    for part in parts:
        checksum = zlib.crc32(part, checksum)
        size += len(part)
        if piece := packer.compress(part):
            yield piece
    yield packer.flush()
    yield checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def facts(file: Path, base: str) -> Iterator[bytes]:
    """The facts without their evidence as N-Triples, in pieces; each triple once, sorted."""
    with load(file) as connection:
        evidence = f"<{base}graph/evidence/"
        found = connection.execute(_FACTS, {"evidence": evidence})
        while rows := found.fetchmany(_BATCH):
            yield "".join(line for (line,) in rows).encode()
