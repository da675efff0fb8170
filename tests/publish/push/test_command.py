"""The command: what it prints, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nutgraf.cli.main import group
from nutgraf.problems import NutgrafError
from tests.publish.push.oxigraph_server import Oxigraph, Proxy, Reply
from tests.publish.push.pushes import GRAPHS, A, B, assert_holds, datasets, workspace


def run(folder: Path, *arguments: str) -> Result:
    where = str(workspace(folder))
    return CliRunner().invoke(group, ["push", *arguments, "--workspace", where, "--retries", "0"])


def test_a_push_and_another(store: Oxigraph, tmp_path: Path) -> None:
    first = run(tmp_path, store.url, "--store", "oxigraph")
    assert (first.exit_code, first.stdout) == (0, "sent: 4 graphs, 6 triples\ndeleted: 0\nunchanged: 0\n")
    assert first.stderr == ""
    assert_holds(store, datasets(GRAPHS))
    second = run(tmp_path, f"{store.url}/store")
    assert (second.exit_code, second.stdout) == (0, "sent: nothing\ndeleted: 0\nunchanged: 4\n")


def test_a_dry_run(store: Oxigraph, tmp_path: Path) -> None:
    store.put("https://news.example/graph/manifest", """
        @prefix dcterms: <http://purl.org/dc/terms/> .
        <https://news.example/graph/manifest> dcterms:hasPart <https://news.example/graph/article/gone> .
    """)  # fmt: skip
    result = run(tmp_path, store.url, "--store", "oxigraph", "--dry-run")
    expected = "".join(f"send <{name}>\n" for name in sorted(GRAPHS))
    expected += "delete <https://news.example/graph/article/gone>\n"
    expected += "would be sent: 4 graphs, 6 triples\nwould be deleted: 1\nunchanged: 0\n"
    assert (result.exit_code, result.stdout) == (0, expected)
    assert A not in store.graphs()


@pytest.mark.parametrize("protocol", ["graph-store", "update"])
def test_a_refused_graph_ends_with_1(front: Proxy, tmp_path: Path, protocol: str) -> None:
    front.before = lambda request: (
        Reply(422, b"too \x1b[31m red") if request.graph == B or b"Harbour" in request.body else None
    )
    result = run(tmp_path, front.url, "--store", "oxigraph", "--protocol", protocol)
    assert result.exit_code == 1
    assert result.stdout == "sent: 3 graphs, 5 triples\ndeleted: 0\nunchanged: 0\n"
    assert result.stderr == (
        f"PSH106 the store refuses to take <{B}>: HTTP 422\n"
        "  why  the store says: too \N{REPLACEMENT CHARACTER}[31m red\n"
        "  fix  mend the graph or the store's settings, and push again: the rest is not sent again\n"
        "  see  docs/errors.md#psh106\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["{url}"], "PSH105"),
        (["{url}", "--protocol", "update"], "PSH110"),
        (["{url}/update", "--protocol", "update", "--query", "{url}/store"], "PSH105"),
        (["{url}/query", "--protocol", "update", "--query", "{url}/query"], "PSH105"),
        (["{url}", "--store", "oxygraph"], "PSH110"),
        (["https://ana:secret@example.org/"], "PSH101"),
        (["{url}", "--store", "oxigraph", "--query", "nowhere"], "PSH101"),
    ],
)
def test_what_cannot_be_pushed_to_ends_with_2(
    store: Oxigraph, tmp_path: Path, arguments: list[str], code: str
) -> None:
    result = run(tmp_path, *(each.format(url=store.url) for each in arguments))
    assert isinstance(result.exception, NutgrafError)
    assert result.exception.exit_code == 2
    assert [problem.code for problem in result.exception.problems] == [code]
    assert store.quads() == []


def test_without_a_build(store: Oxigraph, tmp_path: Path) -> None:
    (workspace(tmp_path) / "output" / "dataset.nq").unlink()
    arguments = ["push", store.url, "--workspace", str(tmp_path)]
    assert "WSP108" in str(CliRunner().invoke(group, arguments).exception)
