"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

_ROOT = Path(__file__).parent.parent

# A change lands or not by what it does: CI draws the same examples each time, people draw new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--shared",
        type=Path,
        default=Path(os.environ.get("NUTGRAF_SHARED", _ROOT.parent / "shared")),
        metavar="DIR",
        help="the folder of what is not in the repository: articles, conformance suites, authority data",
    )
    parser.addoption(
        "--conformance",
        type=Path,
        metavar="DIR",
        help="the folder of the public conformance suites; default: conformance in the one of --shared",
    )
    parser.addoption("--workloads", type=int, default=40, help="how many random mappings are tried")
    parser.addoption("--rewrite", action="store_true", help="write the expected files of cases anew")


def _folder(path: Path, option: str) -> Path:
    """A folder that is outside the repository: without it tests are skipped, but never in CI."""
    if not path.is_dir():
        message = f"{path.name}/ is not here; name its folder with {option}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Path:
    """The folder of what is not in the repository."""
    return _folder(request.config.getoption("--shared"), "--shared or NUTGRAF_SHARED")


@pytest.fixture(scope="session")
def articles(shared: Path) -> Path:
    """The folder of the articles' texts."""
    return _folder(shared / "articles", "--shared or NUTGRAF_SHARED")


@pytest.fixture(scope="session")
def conformance(request: pytest.FixtureRequest) -> Path:
    """The folder of the public conformance suites."""
    named = request.config.getoption("--conformance")
    folder: Path = named or request.config.getoption("--shared") / "conformance"
    return _folder(folder, "--conformance")


@pytest.fixture(scope="session")
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether to write the expected files of cases anew."""
    return bool(request.config.getoption("--rewrite"))
