"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--conformance",
        type=Path,
        default=_ROOT.parent / "shared" / "conformance",
        metavar="DIR",
        help="the folder of the public conformance suites",
    )
    parser.addoption(
        "--write-conformance", action="store_true", help="write docs/conformance-io.md from the results"
    )


@pytest.fixture(scope="session")
def conformance(request: pytest.FixtureRequest) -> Path:
    """The folder of the public conformance suites."""
    folder: Path = request.config.getoption("--conformance")
    if not folder.is_dir():
        pytest.skip("the conformance suites are not here; name their folder with --conformance")
    return folder
