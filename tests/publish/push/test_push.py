"""Pushes to a real Oxigraph server: what arrives, what is not sent again, and what an interruption leaves."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import pytest
from pyoxigraph import Dataset, NamedNode

import nutgraf
from nutgraf.problems import InputError
from nutgraf.publish.push.client import Client
from nutgraf.publish.push.credentials import Credentials
from nutgraf.publish.push.run import Options
from nutgraf.publish.push.stores import Protocol
from tests.build.workspaces import ROOT
from tests.publish.push.oxigraph_server import Oxigraph, Proxy, Reply, Request, oxigraph, proxy
from tests.publish.push.pushes import GRAPHS, MANIFEST, REGISTER, A, B, C, assert_holds, datasets, push, write

PROTOCOLS: tuple[Protocol, ...] = ("graph-store", "update")
both = pytest.mark.parametrize("protocol", PROTOCOLS)
OTHER = "https://news.example/graph/somebody-elses"


@both
def test_the_graphs_of_a_build_arrive(store: Oxigraph, protocol: Protocol) -> None:
    result = nutgraf.push(store.url, ROOT, store="oxigraph", protocol=protocol)
    dataset = nutgraf.Dataset.load(ROOT / "output" / "dataset.nq")
    kept = Dataset(dataset.store)  # as this engine keeps numbers: by value and not by form
    names = {quad.graph_name.value for quad in dataset.quads()}  # type: ignore[union-attr]
    found = {name: graph for name, graph in store.graphs().items() if "manifest" not in name}
    assert found.keys() == names == set(result.sent)
    for name, graph in found.items():
        assert {quad.triple for quad in graph} == {
            quad.triple for quad in kept.quads_for_graph_name(NamedNode(name))
        }
    assert result.triples == len(dataset)
    again = nutgraf.push(store.url, ROOT, store="oxigraph", protocol=protocol)
    assert (again.sent, again.unchanged, again.requests) == ((), len(names), 1)


@both
def test_blank_nodes_arrive(store: Oxigraph, tmp_path: Path, protocol: Protocol) -> None:
    push(write(tmp_path, GRAPHS), store.url, protocol=protocol)
    assert_holds(store, datasets(GRAPHS))


@both
def test_a_second_push_sends_nothing(front: Proxy, tmp_path: Path, protocol: Protocol) -> None:
    file = write(tmp_path, GRAPHS)
    push(file, front.url, protocol=protocol)
    assert front.writes()
    front.reset()
    result = push(file, front.url, protocol=protocol)
    assert [request.method for request in front.requests] == ["GET"]
    assert (result.sent, result.removed, result.unchanged) == ((), (), 4)


def test_order_and_labels_of_blank_nodes_are_no_change(front: Proxy, tmp_path: Path) -> None:
    push(write(tmp_path, GRAPHS), front.url)
    front.reset()
    turned = dict(reversed(GRAPHS.items()))
    turned[C] = "_:other a <https://schema.org/Event> . " + turned[C].replace(
        "[ a <https://schema.org/Event> ]", "_:other"
    )
    assert push(write(tmp_path, turned), front.url).sent == ()
    assert front.writes() == []


@both
def test_a_changed_article_sends_its_graph_only(
    store: Oxigraph, front: Proxy, tmp_path: Path, protocol: Protocol
) -> None:
    push(write(tmp_path, GRAPHS), front.url, protocol=protocol)
    front.reset()
    changed = GRAPHS | {B: GRAPHS[B].replace("Harbour", "Port")}
    result = push(write(tmp_path, changed), front.url, protocol=protocol)
    assert (result.sent, result.unchanged) == ((B,), 3)
    assert_holds(store, datasets(changed))
    if protocol == "graph-store":
        puts = [graph for method, graph in front.writes() if method == "PUT"]
        assert puts == [MANIFEST, B]
    else:
        assert not any(b"Bridge" in request.body for request in front.requests)


@both
def test_the_graphs_of_a_removed_article_vanish(
    store: Oxigraph, front: Proxy, tmp_path: Path, protocol: Protocol
) -> None:
    store.put(OTHER, GRAPHS[A])
    push(write(tmp_path, GRAPHS), front.url, protocol=protocol)
    left = {name: turtle for name, turtle in GRAPHS.items() if name != A}
    kept = push(write(tmp_path, left), front.url, protocol=protocol, options=Options(prune=False))
    assert kept.removed == ()
    assert A in store.graphs()
    result = push(write(tmp_path, left), front.url, protocol=protocol)
    assert (result.sent, result.removed) == ((), (A,))
    assert_holds(store, datasets({**left, OTHER: GRAPHS[A]}))
    front.reset()
    assert push(write(tmp_path, left), front.url, protocol=protocol).removed == ()
    assert front.writes() == []
    push(write(tmp_path, GRAPHS), front.url, protocol=protocol)
    assert_holds(store, datasets({**GRAPHS, OTHER: GRAPHS[A]}))


@both
def test_a_wiped_store_gets_everything(store: Oxigraph, tmp_path: Path, protocol: Protocol) -> None:
    file = write(tmp_path, GRAPHS)
    push(file, store.url, protocol=protocol)
    store.wipe()
    assert push(file, store.url, protocol=protocol).sent == tuple(sorted(GRAPHS))
    assert_holds(store, datasets(GRAPHS))


def test_force_sends_everything(store: Oxigraph, tmp_path: Path) -> None:
    file = write(tmp_path, GRAPHS)
    push(file, store.url)
    store.put(B, "<https://news.example/id/b> <https://schema.org/name> 'meddled with' .")
    assert push(file, store.url).sent == ()
    assert push(file, store.url, options=Options(force=True)).sent == tuple(sorted(GRAPHS))
    assert_holds(store, datasets(GRAPHS))


@both
def test_a_dry_run_changes_nothing(store: Oxigraph, front: Proxy, tmp_path: Path, protocol: Protocol) -> None:
    push(write(tmp_path, {A: GRAPHS[A], B: GRAPHS[B]}), front.url, protocol=protocol)
    before = store.graphs()
    front.reset()
    file = write(tmp_path, {A: GRAPHS[A], C: GRAPHS[C]})
    result = push(file, front.url, protocol=protocol, options=Options(dry_run=True))
    assert (result.sent, result.removed, result.unchanged) == ((C,), (B,), 1)
    assert front.writes() == []
    assert store.graphs() == before


@both
def test_a_server_killed_half_way_and_restarted_ends_complete(tmp_path: Path, protocol: Protocol) -> None:
    with oxigraph(tmp_path / "data") as store, proxy(store) as front:
        file = write(tmp_path, GRAPHS)

        def kill(request: Request) -> Reply | None:
            if request.graph == B or b"Harbour" in request.body:
                store.kill()
            return None

        front.before = kill
        with pytest.raises(InputError, match="NET102"):
            push(file, front.url, protocol=protocol)
        front.reset()
        store.start()
        result = push(file, front.url, protocol=protocol)
        assert A not in result.sent
        assert B in result.sent
        assert_holds(store, datasets(GRAPHS))


@both
def test_a_server_restarted_during_a_push_is_waited_for(tmp_path: Path, protocol: Protocol) -> None:
    """It keeps its data in memory, so that what had arrived is lost; the same push sends it again."""
    with oxigraph() as store, proxy(store) as front:
        killed: list[Request] = []

        def kill(request: Request) -> Reply | None:
            if (request.graph == C or b"schema.org/Event" in request.body) and not killed:
                killed.append(request)
                store.kill()
            return None

        def restart(_seconds: float) -> None:
            if store.process is None:
                store.start()

        front.before = kill
        client = Client(Credentials(), attempts=5, timeout_s=10, sleep=restart)
        push(write(tmp_path, GRAPHS), front.url, protocol=protocol, client=client)
        assert killed
        assert_holds(store, datasets(GRAPHS))


@both
@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_push_interrupted_at_any_request_is_completed_by_the_next(
    store: Oxigraph, front: Proxy, tmp_path: Path, protocol: Protocol, lost: str
) -> None:
    """The client dies at its n-th request, before or after the server has carried it out."""
    old = {A: GRAPHS[A], B: GRAPHS[B], C: GRAPHS[C]}
    new = {A: GRAPHS[A].replace("Pont", "pont"), C: GRAPHS[C], REGISTER: GRAPHS[REGISTER]}
    for number in range(1, 30):
        store.wipe()
        front.reset()
        push(write(tmp_path, old), front.url, protocol=protocol)
        front.reset()

        setattr(front, lost, _cut(front, number))
        try:
            client = Client(Credentials(), attempts=1, timeout_s=10)
            push(write(tmp_path, new), front.url, protocol=protocol, client=client)
        except InputError:
            done = False
        else:
            done = True
        front.reset()
        push(write(tmp_path, new), front.url, protocol=protocol)
        assert_holds(store, datasets(new))
        if done:
            assert number > 3
            return
    raise AssertionError("it never ends")


def _cut(front: Proxy, number: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return lambda _request: Reply(0) if len(front.requests) >= number else None


def test_two_pushes_at_once_leave_nothing_wrong(store: Oxigraph, front: Proxy, tmp_path: Path) -> None:
    """Another push begins and ends while the first one is half-way; the next push sets all right."""
    other = tmp_path / "other"
    other.mkdir()
    first = {name: turtle.replace("name>", "headline>") for name, turtle in GRAPHS.items()}
    for method, graph in [("PUT", MANIFEST), ("PUT", A), ("POST", MANIFEST), ("PUT", REGISTER)]:
        for moment in ("before", "after"):
            store.wipe()
            front.reset()
            push(write(other, GRAPHS), store.url)
            entered = threading.Event()

            def meddle(
                request: Request, method: str = method, graph: str = graph, entered: threading.Event = entered
            ) -> None:
                if (request.method, request.graph) == (method, graph) and not entered.is_set():
                    entered.set()
                    push(write(other, GRAPHS), store.url, options=Options(force=True))

            setattr(front, moment, meddle)
            # Before the first one says that it begins, the other has ended: nothing to tell.
            told = (method, graph, moment) != ("PUT", MANIFEST, "before")
            with pytest.raises(InputError, match="PSH108") if told else contextlib.nullcontext():
                push(write(tmp_path, first), front.url)
            assert entered.is_set()
            front.reset()
            push(write(tmp_path, first), front.url)
            assert_holds(store, datasets(first))


def test_many_pushes_by_update_at_once(store: Oxigraph, tmp_path: Path) -> None:
    """Content and entry change in one transaction, so that the manifest is right whoever comes last."""
    files = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        files.append(
            write(folder, {name: turtle.replace("name>", f"n{number}>") for name, turtle in GRAPHS.items()})
        )
    problems: list[BaseException] = []

    def run(file: Path) -> None:
        try:
            push(file, store.url, protocol="update", options=Options(force=True))
        except InputError as error:
            if "PSH108" not in str(error) and "PSH109" not in str(error):
                problems.append(error)

    threads = [threading.Thread(target=run, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    push(files[0], store.url, protocol="update")
    assert_holds(store, datasets({name: turtle.replace("name>", "n0>") for name, turtle in GRAPHS.items()}))


def test_a_large_graph_by_update_is_put_into_place_at_once(
    store: Oxigraph, front: Proxy, tmp_path: Path
) -> None:
    """Readers see the old graph until all pieces are there; a push that dies leaves it."""
    pieces = Options(piece=500)
    many = " , ".join(f'"name {number} \\\\u0022 }}"' for number in range(100))
    large = {A: f"<https://news.example/id/a> <https://schema.org/name> {many} , [] .", B: GRAPHS[B]}
    old = {A: GRAPHS[A], B: GRAPHS[B]}
    push(write(tmp_path, old), store.url, protocol="update")
    file = write(tmp_path, large)

    front.before = _cut(front, 6)
    client = Client(Credentials(), attempts=1, timeout_s=10)
    with pytest.raises(InputError, match="NET102"):
        push(file, front.url, protocol="update", client=client, options=pieces)
    left = store.graphs()
    assert {quad.triple for quad in left[A]} == {quad.triple for quad in datasets(old)[A]}
    (staging,) = (name for name in left if name.startswith(f"{MANIFEST}/pieces/"))

    front.reset()
    seen: list[int] = []
    front.after = lambda _request: seen.append(len(store.graphs()[A]))
    push(file, front.url, protocol="update", options=pieces)
    assert set(seen) == {2, 101}
    found = store.graphs()
    assert set(found) == {A, B, MANIFEST, staging}
    store.request("POST", "/update", f"DROP GRAPH <{staging}>".encode(),
                  {"Content-Type": "application/sparql-update"})  # fmt: skip
    assert_holds(store, datasets(large))


def test_pieces_that_were_lost_are_not_put_into_place(store: Oxigraph, front: Proxy, tmp_path: Path) -> None:
    """The store is wiped between two pieces: the rest must not count as the whole."""
    pieces = Options(piece=500)
    many = " , ".join(f'"name {number}"' for number in range(100))
    large = {A: f"<https://news.example/id/a> <https://schema.org/name> {many} ."}
    wiped: list[int] = []

    def wipe(request: Request) -> None:
        if b"name 50" in request.body and not wiped:
            wiped.append(len(store.quads()))
            store.wipe()

    front.before = wipe
    push(write(tmp_path, large), front.url, protocol="update", options=pieces)
    assert wiped
    assert wiped[0] > 20
    found = store.graphs()
    assert len(found[A]) == 100


def test_pieces_left_behind_are_deleted_after_a_day(store: Oxigraph, tmp_path: Path) -> None:
    old, new = f"{MANIFEST}/pieces/20200101T000000Z-0a", f"{MANIFEST}/pieces/29990101T000000Z-0b"
    push(write(tmp_path, GRAPHS), store.url, protocol="update")
    for name in (old, new):
        store.put(name, GRAPHS[A])
        part = f"<{MANIFEST}> <http://purl.org/dc/terms/hasPart> <{name}>"
        insert = f"INSERT DATA {{ GRAPH <{MANIFEST}> {{ {part} }} }}"
        store.request("POST", "/update", insert.encode(), {"Content-Type": "application/sparql-update"})
    assert push(write(tmp_path, GRAPHS), store.url, protocol="update").removed == (old,)
    assert new in store.graphs()


def test_update_is_the_fallback(front: Proxy, store: Oxigraph, tmp_path: Path) -> None:
    front.before = lambda request: Reply(405) if request.path.startswith("/store") else None
    result = push(write(tmp_path, GRAPHS), front.url, protocol="auto")
    assert result.protocol == "update"
    assert_holds(store, datasets(GRAPHS))
    with pytest.raises(InputError, match="PSH105"):
        push(write(tmp_path, GRAPHS), front.url, protocol="graph-store")


def test_update_is_the_fallback_where_graphs_can_be_read_only(
    front: Proxy, store: Oxigraph, tmp_path: Path
) -> None:
    front.before = lambda request: Reply(405) if request.method == "PUT" else None
    assert push(write(tmp_path, GRAPHS), front.url, protocol="auto").protocol == "update"
    assert_holds(store, datasets(GRAPHS))


@both
def test_a_refused_graph_is_told_and_the_others_arrive(
    front: Proxy, store: Oxigraph, tmp_path: Path, protocol: Protocol
) -> None:
    def refuse(request: Request) -> Reply | None:
        about_b = request.graph == B or b"Harbour" in request.body
        return Reply(400, b"no harbours\n here") if about_b else None

    front.before = refuse
    result = push(write(tmp_path, GRAPHS), front.url, protocol=protocol)
    (problem,) = result.problems
    assert str(problem) == f"PSH106 the store refuses to take <{B}>: HTTP 400"
    assert problem.why == "the store says: no harbours here"
    assert B not in result.sent
    front.reset()
    assert push(write(tmp_path, GRAPHS), front.url, protocol=protocol).sent == (B,)
    assert_holds(store, datasets(GRAPHS))


def test_a_store_that_forgets_is_told(front: Proxy, store: Oxigraph, tmp_path: Path) -> None:
    front.after = lambda request: store.wipe() if request.method == "POST" else None
    with pytest.raises(InputError, match="PSH109"):
        push(write(tmp_path, GRAPHS), front.url)


def test_a_manifest_that_lost_its_beginning_is_not_believed(
    front: Proxy, store: Oxigraph, tmp_path: Path
) -> None:
    """Wiped between a graph and its entry: the entry alone must not make the graph known."""
    front.after = lambda request: store.wipe() if (request.method, request.graph) == ("PUT", A) else None
    front.before = lambda request: Reply(0) if request.graph == B else None
    with pytest.raises(InputError, match="NET102"):
        push(write(tmp_path, GRAPHS), front.url)
    assert {MANIFEST} == store.graphs().keys()
    front.reset()
    assert A in push(write(tmp_path, GRAPHS), front.url).sent
    assert_holds(store, datasets(GRAPHS))


def test_a_packed_graph_arrives(front: Proxy, store: Oxigraph, tmp_path: Path) -> None:
    push(write(tmp_path, GRAPHS), front.url, options=Options(packed=True))
    packed = [each.headers.get("Content-Encoding") for each in front.requests if each.graph == A]
    assert packed == ["gzip"]
    assert_holds(store, datasets(GRAPHS))


def test_statements_without_a_graph_stay_here(store: Oxigraph, tmp_path: Path) -> None:
    file = write(tmp_path, GRAPHS)
    file.write_text(file.read_text(encoding="utf-8") + GRAPHS[A], encoding="utf-8")
    told: list[tuple[str, int]] = []
    options = Options(on_warning=lambda problem: told.append((problem.code, len(store.quads()))))
    (warning,) = push(file, store.url, options=options).problems
    assert told == [("PSH112", 0)]
    assert (warning.code, warning.severity) == ("PSH112", "warning")
    assert warning.message.startswith("2 statements")
    assert_holds(store, datasets(GRAPHS))


def test_data_with_a_graph_of_the_manifests_name_is_refused(store: Oxigraph, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="PSH113"):
        push(write(tmp_path, GRAPHS | {MANIFEST: GRAPHS[A]}), store.url)
    assert store.quads() == []


@both
def test_text_that_looks_like_an_update_is_text(store: Oxigraph, tmp_path: Path, protocol: Protocol) -> None:
    evil = '"\\\\u0022 } } ; DROP ALL ; \\\\U00000022 \\n \\" \\\\" , "\\\\\\\\u0022" , "\\u007F\\t\'"'
    graphs = {A: f"<https://news.example/id/a> <https://schema.org/name> {evil} ."}
    store.put(OTHER, GRAPHS[B])
    push(write(tmp_path, graphs), store.url, protocol=protocol)
    assert_holds(store, datasets({**graphs, OTHER: GRAPHS[B]}))


@both
def test_what_a_loader_has_loaded_is_not_sent(
    store: Oxigraph, front: Proxy, tmp_path: Path, protocol: Protocol
) -> None:
    file = write(tmp_path, GRAPHS)
    headers = {"Content-Type": "application/trig"}
    assert store.request("POST", "/store", file.read_bytes(), headers)[0] in {201, 204}
    result = push(file, front.url, protocol=protocol, options=Options(loaded=True))
    assert (result.sent, result.unchanged) == ((), 4)
    assert not any(b"Bridge" in request.body for request in front.requests)
    changed = GRAPHS | {B: GRAPHS[B].replace("Harbour", "Port")}
    assert push(write(tmp_path, changed), front.url, protocol=protocol).sent == (B,)
    assert_holds(store, datasets(changed))


@both
def test_an_empty_output_does_not_empty_the_store(
    store: Oxigraph, tmp_path: Path, protocol: Protocol
) -> None:
    push(write(tmp_path, GRAPHS), store.url, protocol=protocol)
    empty = write(tmp_path, {})
    with pytest.raises(
        InputError, match="PSH115 the output has no graphs, and 4 in the store would be deleted"
    ):
        push(empty, store.url, protocol=protocol)
    assert push(empty, store.url, protocol=protocol, options=Options(prune=False)).removed == ()
    assert_holds(store, datasets(GRAPHS))
    assert push(empty, store.url, protocol=protocol, options=Options(force=True)).removed == tuple(
        sorted(GRAPHS)
    )
    assert_holds(store, {})
