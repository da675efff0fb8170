"""Which page stands for its kind."""

from __future__ import annotations

import re
from typing import Final

from tests.site_judges.conftest import Judged

_KIND: Final = re.compile(rb'<body class="([^"]*)"')


def one_of_each(judged: Judged, language: str | None = None) -> list[str]:
    """The largest page of each kind, in a language or in each, by what its body says that it is; sorted."""
    largest: dict[tuple[bytes, bool], tuple[int, str]] = {}
    for path in judged.pages():
        if language is not None and path.startswith("fr/") != (language == "fr"):
            continue
        content = judged.read(path)
        found = _KIND.search(content)
        assert found is not None, path
        key = (found[1], path.startswith("fr/"))
        largest[key] = max(largest.get(key, (0, "")), (len(content), path))
    return sorted(path for _, path in largest.values())
