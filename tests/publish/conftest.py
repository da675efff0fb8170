"""What the tests of writers and pages share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.publish.html_judges import ROOT, Parse5


@pytest.fixture(scope="session")
def parse5() -> Iterator[Parse5]:
    """A running parse5."""
    if shutil.which("node") is None or not (ROOT / "node_modules" / "parse5").is_dir():
        pytest.skip("parse5 is not here; run npm ci")
    judge = Parse5()
    yield judge
    judge.close()
