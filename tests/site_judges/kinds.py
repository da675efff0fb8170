"""Which page stands for its kind."""

from __future__ import annotations

import re
from typing import Final

from tests.site_judges.conftest import Judged

_KIND: Final = re.compile(rb'<body class="([^"]*)"')


def one_of_each(judged: Judged) -> list[str]:
    """The largest page of each kind, in each language, by what its body says that it is; sorted."""
    largest: dict[tuple[bytes, bool], tuple[int, str]] = {}
    for path in judged.pages():
        content = judged.read(path)
        found = _KIND.search(content)
        assert found is not None, path
        key = (found[1], path.startswith("fr/"))
        largest[key] = max(largest.get(key, (0, "")), (len(content), path))
    return sorted(path for _, path in largest.values())
