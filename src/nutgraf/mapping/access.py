"""Where a file of a mapping is and how it is written: RML-IO's part of the model.

Source: RML-IO, https://w3id.org/rml/io/spec
"""

from __future__ import annotations

import codecs
import enum
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from nutgraf.problems import Span


class Root(enum.Enum):
    """What a relative path starts from, when it is no folder that the mapping names."""

    MAPPING_DIRECTORY = "MappingDirectory"
    CURRENT_WORKING_DIRECTORY = "CurrentWorkingDirectory"


class Compression(enum.Enum):
    """How a file is packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"
    ZIP = "zip"
    TAR_GZIP = "targz"
    TAR_XZ = "tarxz"


_PACKED: Final = {
    ".tar.gz": Compression.TAR_GZIP,
    ".tgz": Compression.TAR_GZIP,
    ".tar.xz": Compression.TAR_XZ,
    ".txz": Compression.TAR_XZ,
    ".gz": Compression.GZIP,
    ".zst": Compression.ZSTD,
    ".zip": Compression.ZIP,
}
"""Extension → what it means; the longer ones first."""

_ENCODINGS: Final = frozenset(
    {"ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "iso8859-15", "cp1252"}
)


def encoding(name: str) -> str | None:
    """The encoding that an IANA name stands for, as Python spells it; None for one that is not read.

    >>> encoding("UTF-16"), encoding("windows-1252"), encoding("rot13")
    ('utf-16', 'cp1252', None)
    """
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in _ENCODINGS else None


def packing(name: str) -> Compression:
    """What the extension of a file says of its compression.

    >>> packing("people.csv.tar.gz").value, packing("people.csv").value
    ('targz', 'none')
    """
    lower = name.lower()
    return next((kind for ending, kind in _PACKED.items() if lower.endswith(ending)), Compression.NONE)


def bare(name: str) -> str:
    """The name of a file without the extension of its compression.

    >>> bare("people.csv.tar.gz")
    'people.csv'
    """
    lower = name.lower()
    ending = next((ending for ending in _PACKED if lower.endswith(ending)), "")
    return name[: len(name) - len(ending)]


def extension(name: str) -> str:
    """The extension of a file without that of its compression, in lower case.

    >>> extension("people.CSV.gz")
    '.csv'
    """
    return PurePath(bare(name)).suffix.lower()


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a CSV file is written.

    Attributes:
        delimiter: between cells; None for a tab in a .tsv file and else a comma.
        quote: around a cell; empty for none.
        double_quote: whether a quote in a quoted cell is written twice, and not after a backslash.
        header: whether the first row has the names; else they are _col.1, _col.2 and so on.
        skip_rows: how many lines stand before it.
        comment: how a line begins that is no row; None when there are none.
        trim_start: whether white space before a value is no part of it.
        trim_end: the same after it.

    Source: CSV on the Web §5.9, https://www.w3.org/TR/tabular-metadata/#dialect-descriptions
    """

    delimiter: str | None = None
    quote: str = '"'
    double_quote: bool = True
    header: bool = True
    skip_rows: int = 0
    comment: str | None = None
    trim_start: bool = False
    trim_end: bool = False


@dataclass(frozen=True, slots=True)
class FileAccess:
    """How to reach and read the file of a source.

    Attributes:
        mapping: the mapping file, as its spans name it; "" for the folder of the caller.
        root: what the path starts from, or a folder.
        encoding: as Python spells it.
        compression: None for what the extension says.
        nulls: the texts that are no value, in a CSV file.
        dialect: of a CSV file.
    """

    mapping: str = ""
    root: Root | str = Root.MAPPING_DIRECTORY
    encoding: str = "utf-8"
    compression: Compression | None = None
    nulls: tuple[str, ...] = ("",)
    dialect: CsvDialect = CsvDialect()

    def packed(self, name: str) -> Compression:
        """How the file of that name is packed."""
        return packing(name) if self.compression is None else self.compression


BESIDE_THE_MAPPING: Final = FileAccess()
"""A plain file in UTF-8."""


@dataclass(frozen=True, slots=True)
class LogicalTarget:
    """A file that statements go to.

    Attributes:
        path: as the mapping writes it.
        access: where the path starts, the encoding and the compression.
        serialization: "nq", "nt", "ttl", "trig", "jsonld" or "rdfxml".
        span: no part of what the target is, so that one written twice is one file.
    """

    path: str
    access: FileAccess
    serialization: str
    span: Span = field(compare=False)
