"""`nutgraf link`, `review` and `authority` as a person runs them."""

from __future__ import annotations

import csv
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nutgraf.reconcile import decisions, queue
from tests.reconcile.stand_in import StandIn

_ROOT = Path(__file__).parent.parent.parent
BASE = "https://nutgraf.example/"


def nutgraf(
    *arguments: str, cwd: Path, keys: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nutgraf", *arguments],
        cwd=cwd,
        input=keys,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
        timeout=120,
    )


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """A copy of this workspace in which nothing is decided."""
    return _newsroom(tmp_path)


def _newsroom(parent: Path) -> Path:
    folder = parent / "newsroom"
    for name in ("seeds", "mappings", "ontology", "queries"):
        shutil.copytree(_ROOT / name, folder / name)
    shutil.copy(_ROOT / "nutgraf.toml", folder)
    links = folder / "seeds" / "links.sssom.tsv"
    lines = links.read_text(encoding="utf-8").splitlines(keepends=True)
    links.write_text(
        "".join(line for line in lines if line.startswith(("#", "subject_id"))), encoding="utf-8"
    )
    return folder


def decided(folder: Path) -> dict[str, tuple[str, str | None]]:
    found = decisions.read(folder / "seeds" / "links.sssom.tsv", "links")
    return {each.subject.removeprefix(BASE): (each.verdict, each.object) for each in found}


@pytest.fixture(scope="session")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which `link` has run once on the default authority."""
    folder = _newsroom(tmp_path_factory.mktemp("linked"))
    done = nutgraf("link", "--offline", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def waiting(linked: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(linked, tmp_path / "waiting"))


def test_linking_works_offline_at_once(newsroom: Path) -> None:
    dry = nutgraf("link", "--offline", "--dry-run", cwd=newsroom)
    assert dry.returncode == 0, dry.stderr
    assert not decided(newsroom)
    done = nutgraf("link", "--offline", cwd=newsroom)
    found = decided(newsroom)
    assert found["id/morocco"] == ("accepted", "http://www.wikidata.org/entity/Q1028")
    assert found["id/france"] == ("accepted", "http://www.wikidata.org/entity/Q142")
    assert f"{len(found)} would be accepted" in dry.stdout
    assert f"{len(found)} accepted" in done.stdout
    assert "same name" in done.stdout
    again = nutgraf("link", "--offline", cwd=newsroom)
    assert "0 accepted" in again.stdout
    assert decided(newsroom) == found


def test_what_is_decided_is_left_alone(newsroom: Path) -> None:
    shutil.copy(_ROOT / "seeds" / "links.sssom.tsv", newsroom / "seeds")
    before = (newsroom / "seeds" / "links.sssom.tsv").read_bytes()
    done = nutgraf("link", "--offline", cwd=newsroom)
    assert done.returncode == 0, done.stderr
    assert (newsroom / "seeds" / "links.sssom.tsv").read_bytes() == before


def test_everything_can_be_left_for_review(newsroom: Path) -> None:
    assert nutgraf("link", "--offline", "--no-accept", cwd=newsroom).returncode == 0
    assert not decided(newsroom)
    nodes = {each.node for each in queue.load(newsroom / ".nutgraf" / "link", "queue")}
    assert "id/morocco" in nodes


def test_a_key_is_a_verdict_and_a_review_goes_on_where_it_stopped(waiting: Path) -> None:
    asked = [each.node for each in queue.load(waiting / ".nutgraf" / "link", "queue")]
    assert len(asked) > 4
    before = decided(waiting)
    first = nutgraf("review", "--by", "orcid:0000-0002-1825-0097", cwd=waiting, keys="1nq")
    assert first.returncode == 0, first.stderr
    assert f"2 decided, {len(asked) - 2} left" in first.stdout
    found = decided(waiting)
    assert found[asked[0]][0] == "accepted"
    assert found[asked[1]] == ("not found", None)
    second = nutgraf("review", cwd=waiting, keys="s?xrq")
    assert second.returncode == 0, second.stderr
    assert f"1 decided, {len(asked) - 3} left" in second.stdout
    assert "it was looked for and is not there" in second.stdout
    assert set(decided(waiting)) - set(before) == {asked[0], asked[1], asked[3]}
    third = nutgraf("review", cwd=waiting, keys="")
    assert f"[1/{len(asked) - 3}]" in third.stdout
    assert asked[3] not in third.stdout, "all its candidates were rejected"


def test_a_review_that_is_killed_loses_no_verdict(waiting: Path) -> None:
    """In a real terminal: three keys, and then the process is killed while it waits for the next."""
    asked = [each.node for each in queue.load(waiting / ".nutgraf" / "link", "queue")]
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "nutgraf", "review", "--by", "me"],
        cwd=waiting, stdin=slave, stdout=slave, stderr=slave, close_fds=True,
    ) as process:  # fmt: skip
        os.close(slave)
        try:
            for number in range(1, 4):
                _read_until(master, f"[{number}/{len(asked)}]", "? help")
                os.write(master, b"n")
            _read_until(master, f"[4/{len(asked)}]")
        finally:
            process.kill()
    os.close(master)
    found = decided(waiting)
    assert [found[node] for node in asked[:3]] == [("not found", None)] * 3
    done = nutgraf("review", cwd=waiting, keys="q")
    assert f"0 decided, {len(asked) - 3} left" in done.stdout


def _read_until(terminal: int, *texts: str) -> None:
    seen = ""
    deadline = time.monotonic() + 30
    for text in texts:
        while text not in seen:
            ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no {text!r} in {seen!r}"
            seen += os.read(terminal, 4096).decode("utf-8", "replace")
        seen = seen[seen.index(text) + len(text) :]


def test_verdicts_travel_through_a_spreadsheet(waiting: Path) -> None:
    table = waiting / "queue.tsv"
    assert nutgraf("review", "--export", str(table), cwd=waiting).returncode == 0
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    nodes = list(dict.fromkeys(row["thing"] for row in rows))
    rows[0]["verdict"] = "Accept"
    for row in rows:
        if row["thing"] == nodes[1]:
            row["verdict"] = "reject"
        if row["thing"] == nodes[2]:
            row["verdict"] = "not found"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    done = nutgraf("review", "--import", str(table), "--by", "A. Editor", cwd=waiting)
    assert done.returncode == 0, done.stderr
    found = decided(waiting)
    assert found[nodes[0]] == ("accepted", f"http://www.wikidata.org/entity/{rows[0]['item']}")
    assert found[nodes[1]][0] == "rejected"
    assert found[nodes[2]] == ("not found", None)
    again = nutgraf("review", "--import", str(table), cwd=waiting)
    assert again.returncode == 2
    assert "is not waiting for a decision" in again.stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\tb\n", "LNK205"),
        ("verdict\tthing\titem\nmaybe\tid/x\tQ1\n", "LNK206"),
        ("verdict\tthing\titem\naccept\tid/x\tQ1\n", "LNK206"),
        ("verdict\tthing\titem\naccept\t{node}\tP31\n", "LNK206"),
        ("verdict\tthing\titem\naccept\t{node}\tQ999999\n", "LNK206"),
    ],
)
def test_a_bad_table_changes_nothing(text: str, code: str, waiting: Path) -> None:
    node = queue.load(waiting / ".nutgraf" / "link", "queue")[0].node
    table = waiting / "table.tsv"
    table.write_text(text.format(node=node), encoding="utf-8")
    before = (waiting / "seeds" / "links.sssom.tsv").read_bytes()
    done = nutgraf("review", "--import", "table.tsv", cwd=waiting)
    assert done.returncode == 2
    assert code in done.stderr.splitlines()[0]
    assert (waiting / "seeds" / "links.sssom.tsv").read_bytes() == before


def test_a_damaged_queue_is_told(waiting: Path) -> None:
    file = waiting / ".nutgraf" / "link" / "proposals.json"
    file.write_text(file.read_text(encoding="utf-8")[:200], encoding="utf-8")
    done = nutgraf("review", cwd=waiting)
    assert done.returncode == 2
    assert "LNK203" in done.stderr


def test_no_cell_of_the_table_is_a_formula(waiting: Path) -> None:
    file = waiting / ".nutgraf" / "link" / "proposals.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["questions"][0]["label"] = "=HYPERLINK(1)"
    file.write_text(json.dumps(content), encoding="utf-8")
    done = nutgraf("review", "--export", "-", cwd=waiting)
    assert "\t'=HYPERLINK(1)\t" in done.stdout


def test_live_linking_refuses_without_a_contact(newsroom: Path, wikidata: StandIn) -> None:
    done = nutgraf("link", "--source", "wikidata", cwd=newsroom, NUTGRAF_WIKIDATA_API=wikidata.url)
    assert done.returncode == 2
    assert "NET101 no contact address is set" in done.stderr
    assert not wikidata.requests


def test_offline_asks_nobody_whatever_the_settings(newsroom: Path, wikidata: StandIn) -> None:
    settings = newsroom / "nutgraf.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '\ncontact = "desk@example.org"\n', encoding="utf-8"
    )
    done = nutgraf("link", "--offline", cwd=newsroom, NUTGRAF_WIKIDATA_API=wikidata.url)
    assert done.returncode == 0, done.stderr
    assert not wikidata.requests
    wrong = nutgraf("link", "--offline", "--source", "wikidata", cwd=newsroom)
    assert wrong.returncode == 2


def test_a_live_run_links_nothing_wrongly_and_names_who_asks(newsroom: Path, wikidata: StandIn) -> None:
    done = nutgraf(
        "link", "--source", "default", "--source", "wikidata", "--contact", "desk@example.org",
        cwd=newsroom, NUTGRAF_WIKIDATA_API=wikidata.url,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert decided(newsroom)["id/united-states"][1] == "http://www.wikidata.org/entity/Q30"
    assert all("(desk@example.org)" in agent for agent in wikidata.agents)
    assert wikidata.most_at_once <= 3
    accepted = {node: item for node, (verdict, item) in decided(newsroom).items() if verdict == "accepted"}
    known = {
        each.subject.removeprefix(BASE): each.object
        for each in decisions.read(_ROOT / "seeds" / "links.sssom.tsv", "links")
    }
    assert accepted == {node: known[node] for node in accepted}


def test_a_recheck_reopens_what_was_merged_or_deleted(newsroom: Path, wikidata: StandIn) -> None:
    payloads = wikidata.payloads
    merged, deleted, kept = "id/spain", "id/portugal", "id/france"
    links = newsroom / "seeds" / "links.sssom.tsv"
    lines = (_ROOT / "seeds" / "links.sssom.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    wanted = ("#", "subject_id", "id:spain", "id:portugal", "id:france", "id:sahel")
    links.write_text("".join(line for line in lines if line.startswith(wanted)), encoding="utf-8")
    payloads.redirects["Q29"] = "Q727"
    payloads.entities.pop("Q45", None)
    payloads.entities["Q142"] = payloads.entities.get("Q142") or {"type": "item", "id": "Q142", "labels": {}}
    arguments = ("link", "--recheck", "--contact", "desk@example.org")
    dry = nutgraf(*arguments, "--dry-run", cwd=newsroom, NUTGRAF_WIKIDATA_API=wikidata.url)
    assert dry.returncode == 1, dry.stderr
    assert len(decided(newsroom)) == 4
    done = nutgraf(*arguments, cwd=newsroom, NUTGRAF_WIKIDATA_API=wikidata.url)
    assert done.returncode == 1, done.stderr
    assert "Q29 was merged into Q727" in done.stdout
    assert "Q45 was deleted" in done.stdout
    assert set(decided(newsroom)) == {kept, "id/sahel"}
    archive = decisions.read(newsroom / "seeds" / "links.superseded.sssom.tsv", "archive")
    assert {each.subject.removeprefix(BASE) for each in archive} == {merged, deleted}
    again = nutgraf(*arguments, cwd=newsroom, NUTGRAF_WIKIDATA_API=wikidata.url)
    assert again.returncode == 0
    assert "every accepted item is still there" in again.stdout


def test_an_index_is_built_searched_and_shown(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text("qid\ttype\tname\nQ1\tLOC\tOldhaven\n", encoding="utf-8")
    done = nutgraf("authority", "build", "names.tsv", "-o", "n.sqlite", "--licence", "CC0-1.0", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1 items (1 LOC), 1 names\n"
    assert "licence CC0-1.0" in nutgraf("authority", "info", "n.sqlite", cwd=tmp_path).stdout
    found = nutgraf("authority", "search", "n.sqlite", "Old Haven", cwd=tmp_path)
    assert found.returncode == 0
    assert found.stdout.startswith("Q1\t")
    assert nutgraf("authority", "search", "n.sqlite", "Zzyzx", cwd=tmp_path).returncode == 1
    assert nutgraf("authority", "info", "names.tsv", cwd=tmp_path).returncode == 2
    assert (
        nutgraf("authority", "build", "names.tsv", "-o", "x", "--class", "P31", cwd=tmp_path).returncode == 2
    )


@pytest.mark.parametrize("name", ["link", "review", "authority", "authority build", "authority serve"])
def test_help_has_examples(name: str, tmp_path: Path) -> None:
    done = nutgraf(*name.split(), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Examples:" in done.stdout
