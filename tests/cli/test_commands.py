"""The commands as a person runs them: output, messages, exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.build.workspaces import ROOT, copy

SHEETS = ("000", "001", "002", "003", "004")


def nutgraf(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nutgraf", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A new workspace with its one example article."""
    folder = tmp_path / "newsroom"
    assert nutgraf("init", str(folder)).returncode == 0
    return folder


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['nutgraf', '--help']\n"
        "from nutgraf.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "slow = {'rdflib', 'duckdb', 'pyshacl', 'pyarrow', 'pyoxigraph', 'sqlglot', 'requests'}\n"
        "heavy = slow & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Examples:" in done.stdout


@pytest.mark.parametrize(("said", "code"), [("Query interrupted", 130), ("something else", 1)])
def test_what_duckdb_makes_of_ctrl_c_is_no_traceback(said: str, code: int) -> None:
    program = (
        "import sys, types\n"
        "import click\n"
        "from nutgraf.cli import main\n"
        "@click.command\n"
        "def command():\n"
        f"    raise RuntimeError({said!r})\n"
        "sys.modules['nutgraf.cli.long'] = types.SimpleNamespace(command=command)\n"
        "main._COMMANDS['long'] = ''\n"
        "sys.argv = ['nutgraf', 'long']\n"
        "main.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert (done.stderr == "interrupted; nothing was changed\n") == (code == 130)


@pytest.mark.parametrize(
    "name",
    [
        *("init", "new", "evidence", "check", "build", "map", "query", "export"),
        *("embed", "inspect", "explain", "compare", "coverage"),
    ],
)
def test_each_command_has_help_with_examples(name: str) -> None:
    done = nutgraf(name, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout


BREAKAGES = {
    "wrong type": ("language: en", "language: 5", "SHT103"),
    "missing name": ("    name: {en: Harbour Week}\n", "", "SHT102"),
    "dangling reference": ("location: harbour-bridge", "location: harbour-brige", "REF101"),
    "bad date": ("edtf: 2024-05-02", "edtf: 2024-02-30", "TIM101"),
    "unknown key": ("    location: harbour-bridge", "    locaton: harbour-bridge", "SHT101"),
    "wrong span hash": ("start: 0, end: ", "start: 1, end: ", "EVD"),
    "two values where one is allowed": ("of: reopening", "of: [reopening, harbour-week]", "SHT103"),
    "a person as a place": ("location: harbour-bridge", "location: ana-reyes", "REF104"),
    "an unknown language": ("{en: harbour bridge}", "{xx: harbour bridge}", "SHT"),
    "a duplicate id": ("id: harbour-week", "id: reopening", "REF102"),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_broken_sheet_gives_a_clear_message_with_its_place(small: Path, name: str) -> None:
    old, new, code = BREAKAGES[name]
    sheet = small / "seeds" / "harbour.yaml"
    text = sheet.read_text(encoding="utf-8")
    if name == "wrong span hash":
        old = next(line for line in text.splitlines() if "start: 2" in line).split("sha256: ")[1][:12]
        new, code = "0" * 12, "EVD103"
    assert old in text
    sheet.write_text(text.replace(old, new, 1), encoding="utf-8")
    for command in ("check", "build"):
        done = nutgraf(command, cwd=small)
        assert done.returncode == 1, done.stderr
        first = done.stderr.splitlines()[0]
        file, line, column, _ = first.split(":", 3)
        assert file == "seeds/harbour.yaml"
        assert int(line) > 0
        assert int(column) > 0
        assert code in first
    assert not (small / "output").exists()


def test_two_values_that_two_sheets_state_lead_to_the_second_line(tmp_path: Path) -> None:
    root = copy(tmp_path / "workspace")
    sheet = root / "seeds" / "001.yaml"
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(text.replace("value: 92", "value: 94", 1), encoding="utf-8")
    done = nutgraf("build", cwd=root)
    assert done.returncode == 1
    assert "SHP201" in done.stderr
    assert "seeds/00" in done.stderr.splitlines()[0]


def test_an_unreadable_file_gives_2(small: Path) -> None:
    (small / "seeds" / "harbour.yaml").write_bytes(b"article: [\xff\xfe")
    for command in ("check", "build"):
        done = nutgraf(command, cwd=small)
        assert done.returncode == 2
        assert "DOC103" in done.stderr


def test_wrong_usage_gives_2(tmp_path: Path) -> None:
    assert nutgraf("build", cwd=tmp_path).returncode == 2
    assert nutgraf("export", "--to", "docx").returncode == 2
    assert nutgraf("query", "SELECT ?x {").returncode == 2
    assert nutgraf("query", "missing.rq").returncode == 2
    assert nutgraf("export", "--article", "999").returncode == 2


def test_a_stranger_has_a_workspace_that_builds_and_an_article_in_it(small: Path, tmp_path: Path) -> None:
    assert nutgraf("build", cwd=small).returncode == 0
    text = tmp_path / "ferry.txt"
    text.write_text("The ferry to Oldhaven sails again, mayor Ana Reyes said.\n", encoding="utf-8")
    started = nutgraf("new", "ferry", "--text", str(text), cwd=small)
    assert started.returncode == 0
    assert "language en (guessed" in started.stdout
    found = nutgraf(
        "evidence", "texts/ferry.txt", "The ferry to Oldhaven sails again, mayor Ana Reyes said", cwd=small
    )
    assert found.returncode == 0
    selector = found.stdout.strip()
    sheet = small / "seeds" / "ferry.yaml"
    with sheet.open("a", encoding="utf-8") as file:
        file.write(
            f"\nentities:\n"
            f"  - {{id: ferry-line, type: Place, name: Oldhaven ferry, evidence: [{selector}]}}\n"
            f"\nclaims:\n"
            f"  - {{id: claim-sails, abstract: The ferry is back, author: ana-reyes, about: ferry-line,"
            f" evidence: [{selector}]}}\n"
        )
    built = nutgraf("build", cwd=small)
    assert built.returncode == 0, built.stderr
    assert "articles: 2" in built.stdout
    asked = nutgraf("query", "queries/who-says-what.rq", "--format", "csv", cwd=small)
    assert "Ana Reyes,The ferry is back" in asked.stdout
    again = nutgraf("new", "ferry", "--text", str(text), cwd=small)
    assert again.returncode == 2
    assert "up to date" in nutgraf("build", cwd=small).stdout


def test_init_overwrites_nothing(small: Path) -> None:
    before = (small / "nutgraf.toml").read_bytes()
    done = nutgraf("init", str(small))
    assert done.returncode == 2
    assert (small / "nutgraf.toml").read_bytes() == before


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml"])
def test_query_results_in_every_format(form: str) -> None:
    done = nutgraf("query", "queries/S01.rq", "--format", form)
    assert done.returncode == 0
    assert "Glasgow" in done.stdout


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "rdfxml"])
def test_query_graphs_in_every_format(form: str) -> None:
    text = "CONSTRUCT { ?p schema:name ?n } WHERE { ?p a schema:Person ; schema:name ?n }"
    done = nutgraf("query", text, "--format", form)
    assert done.returncode == 0
    assert "Abdellatif Hammouchi" in done.stdout


def test_query_asks_files_without_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(
        '<https://x.example/a> <http://schema.org/name> "Old" .', encoding="utf-8"
    )
    done = nutgraf(
        "query", "SELECT ?n { ?s schema:name ?n }", "--data", "data.ttl", "--format", "csv", cwd=tmp_path
    )
    assert done.stdout.splitlines() == ["n", "Old"]
    assert nutgraf("query", "ASK { ?s schema:url ?n }", "--data", "data.ttl", cwd=tmp_path).returncode == 1
    bad = nutgraf(
        "query", "SELECT * { SERVICE <https://x.example/> { ?s ?p ?o } }", "--data", "data.ttl", cwd=tmp_path
    )
    assert bad.returncode == 2
    assert "QRY102" in bad.stderr


@pytest.mark.parametrize("form", ["ttl", "nt", "nq", "trig", "jsonld", "rdfxml"])
def test_export_in_every_format(form: str, tmp_path: Path) -> None:
    target = tmp_path / "facts"
    done = nutgraf("export", "--to", form, "-o", str(target))
    assert done.returncode == 0
    assert target.stat().st_size > 100_000
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]


@pytest.mark.parametrize("article", SHEETS)
def test_export_of_an_article_is_its_file(article: str) -> None:
    for form in ("ttl", "jsonld"):
        done = nutgraf("export", "--article", article, "--to", form)
        assert done.stdout == (ROOT / "output" / "articles" / f"{article}.{form}").read_text(encoding="utf-8")


def test_coverage_accounts_for_every_sentence(articles: Path) -> None:
    done = nutgraf("coverage", "--texts", str(articles))
    assert done.returncode == 0, done.stderr
    assert done.stdout == (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")


def test_evidence_says_what_is_not_there(small: Path) -> None:
    done = nutgraf("evidence", "texts/harbour.txt", "no such words", cwd=small)
    assert done.returncode == 1
    assert "does not stand in harbour.txt" in done.stderr
