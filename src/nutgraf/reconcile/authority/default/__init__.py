"""The default authority: countries, territories and regions, so that linking works offline at once.

`tools/default_authority.py` makes names.tsv.gz from rigour (MIT) and country-coder (ISC). It has no
persons and next to no bodies: they come from a dump of Wikidata, from the live service or from a newsroom's
own decisions.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError
from nutgraf.reconcile.authority.build import Source, build
from nutgraf.reconcile.authority.index import Authority

NAMES: Final = Path(__file__).parent / "names.tsv.gz"
DISPLAY: Final = "default authority"
LICENCE: Final = "MIT (rigour), ISC (country-coder)"


def open_default(cache: Path) -> Authority:
    """The index of the default authority; it is built once a version, in a second.

    Args:
        cache: folder of our own to keep it in.

    Raises:
        InputError: AUT104 it cannot be written.
    """
    digest = hashlib.sha256(NAMES.read_bytes()).hexdigest()[:12]
    path = cache / f"default-{digest}.sqlite"
    try:
        return Authority.open(path)
    except InputError:
        cache.mkdir(parents=True, exist_ok=True)
        build([Source(NAMES, DISPLAY, "tsv", LICENCE)], path)
        return Authority.open(path)
