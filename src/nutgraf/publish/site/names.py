"""File names for IRIs: injective, and harmless on every file system.

A segment of the IRI's path keeps `a`-`z`, `0`-`9` and `-`; each other byte of its UTF-8 form becomes `_`
and two hexadecimal digits. So no name has a dot, a slash or a capital letter that the key had: `..`, `%2e`,
a NUL, two keys that differ in case only, all stay inside the folder and apart. A name that some system
reserves has its first letter written as a byte; a name that is too long ends in its hash.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

_KEPT: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-")
_RESERVED: Final = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]|conin|conout")
_SEGMENT: Final = 120
_PATH: Final = 200
"""Windows gives a whole path 260 characters; what stands before and behind the name needs some of them."""
_HASH: Final = 32


def stem(key: str) -> str:
    """The path of a key without its extension; each key has another.

    >>> stem("001/claim-ideal-candidate"), stem("../Zoë"), stem("con"), stem("a//b")
    ('001/claim-ideal-candidate', '_2e_2e/_5ao_c3_ab', '_63on', 'a/_/b')
    """
    path = "/".join(map(_segment, key.split("/")))
    if len(path) <= _PATH:
        return path
    # No segment is "__" alone: a shortened one has its beginning before it.
    return f"__/{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _segment(text: str) -> str:
    if not text:
        return "_"
    raw = text.encode("utf-8", "surrogatepass")
    name = "".join(chr(byte) if byte in _KEPT else f"_{byte:02x}" for byte in raw)
    if _RESERVED.fullmatch(name):
        name = f"_{raw[0]:02x}{name[1:]}"
    if len(name) > _SEGMENT:
        # After "_" comes a digit, or the segment's end, everywhere else.
        name = f"{name[:60]}__{hashlib.sha256(raw).hexdigest()[:_HASH]}"
    return name


def fragment(iri: str) -> str:
    """The `id` of an element that describes a node or a statement: injective, and without spaces.

    >>> fragment("span-12-20"), fragment('"><script>')
    ('span-12-20', '_22_3e_3cscript_3e')
    """
    return _segment(iri)
