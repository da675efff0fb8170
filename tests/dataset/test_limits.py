"""A query that takes too much is given up."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from nutgraf.dataset.limits import StillRunningError, within

DEADLY = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?a) < CONCAT(STR(?d), STR(?i))) }"
)
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.nt"
    lines = [
        f"<https://example.org/{n}> <https://example.org/p> <https://example.org/{n + 1}> .\n"
        for n in range(2000)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def ask(query: str, data: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nutgraf", "query", query, "--data", str(data), *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_query_of_death_is_given_up(data: Path) -> None:
    result = ask(DEADLY, data, "--timeout", "0.5")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "query:1:1: QRY106 the query takes longer than 0.5 s\n"
        "  fix  narrow it down, most selective patterns first, add LIMIT, or allow more\n"
        "  see  docs/errors.md#qry106\n"
    )


def test_a_query_of_much_memory_is_given_up(data: Path) -> None:
    result = ask(LARGE, data, "--memory", "50", "--timeout", "60")
    assert (result.returncode, result.stdout) == (2, "")
    assert "QRY107 the query takes more than 50 MB of memory" in result.stderr


def test_other_queries_are_answered(data: Path) -> None:
    result = ask(
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", data, "--timeout", "60", "--memory", "1000", "--format", "csv"
    )
    assert (result.returncode, result.stdout) == (0, "n\n2000\n"), result.stderr
    broken = ask("SELECT", data, "--timeout", "60")
    assert broken.returncode == 2
    assert "QRY101" in broken.stderr


def test_results_and_errors_come_through() -> None:
    assert within(lambda: 7, time_s=10) == 7
    assert within(lambda: 7, time_s=None) == 7
    with pytest.raises(ZeroDivisionError):
        within(lambda: 1 // 0, time_s=10)
    with pytest.raises(StillRunningError, match="QRY106"):
        within(lambda: time.sleep(5), time_s=0.05)
