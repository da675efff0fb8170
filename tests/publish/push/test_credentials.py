"""Credentials reach the store, and nobody else."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nutgraf.cli.main import group
from nutgraf.problems import InputError, NutgrafError
from nutgraf.publish.push import run, stores
from nutgraf.publish.push.client import Client
from nutgraf.publish.push.credentials import PASSWORD, TOKEN, USER, Credentials
from nutgraf.publish.push.graphs import LocalGraphs
from nutgraf.publish.push.run import Options
from tests.publish.push.oxigraph_server import Oxigraph, Proxy, Reply, Request
from tests.publish.push.pushes import BASE, GRAPHS, assert_holds, datasets, push, workspace, write

SECRET = "pä ss:w0rd"  # noqa: S105
BASIC = base64.b64encode(f"ana:{SECRET}".encode()).decode()
BEARER = "tok.en-_~+/=="
BY_NAME = {USER: "ana", PASSWORD: SECRET}


def _run(folder: Path, url: str, environment: dict[str, str], *more: str) -> Result:
    where = str(workspace(folder))
    arguments = ["push", url, "--store", "oxigraph", "--workspace", where, "--retries", "0", *more]
    return CliRunner().invoke(group, arguments, env=environment)


def _said(result: Result) -> str:
    problems = str(result.exception) + repr(getattr(result.exception, "problems", ""))
    return result.output + result.stderr + problems


@pytest.mark.parametrize(
    ("environment", "header"),
    [(BY_NAME, f"Basic {BASIC}"), ({TOKEN: BEARER}, f"Bearer {BEARER}"), ({}, None)],
    ids=["basic", "bearer", "none"],
)
def test_every_request_is_signed(
    front: Proxy, tmp_path: Path, environment: dict[str, str], header: str | None
) -> None:
    result = _run(tmp_path, front.url, environment)
    assert result.exit_code == 0, result.output
    assert len(front.requests) > 5
    assert {request.headers.get("Authorization") for request in front.requests} == {header}
    assert {request.headers["User-Agent"].partition("/")[0] for request in front.requests} == {"nutgraf"}


def test_netrc_is_not_asked(front: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ana password netrc\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    push(write(tmp_path, GRAPHS), front.url, options=Options(dry_run=True))
    assert "Authorization" not in front.requests[0].headers


@pytest.mark.parametrize(
    "reply",
    [
        Reply(401), Reply(403), Reply(404), Reply(500), Reply(503, headers={"Retry-After": "500"}), Reply(0),
        Reply(307, headers={"Location": "http://127.0.0.1:9/other?x"}),
        Reply(200, b"<html>", {"Content-Type": "text/html"}),
        Reply(200, b"<<<", {"Content-Type": "text/turtle"}),
        Reply(400, b"no"),
    ],
    ids=lambda reply: str(reply.status) if isinstance(reply, Reply) else None,
)  # fmt: skip
@pytest.mark.parametrize("environment", [BY_NAME, {TOKEN: BEARER}], ids=["basic", "bearer"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_no_secret_in_any_message(
    front: Proxy, tmp_path: Path, reply: Reply, environment: dict[str, str], method: str
) -> None:
    """The store answers with an error that repeats all that it was sent."""

    def answer(request: Request) -> Reply | None:
        if request.method != method:
            return None
        echo = f" {request.headers['Authorization']} {SECRET} {BEARER} ".encode()
        location = (
            {"Location": f"http://ana:{SECRET}@127.0.0.1:9/o?token={BEARER}"} if reply.status == 307 else {}
        )
        return Reply(reply.status, reply.body + echo, reply.headers | location)

    front.before = answer
    result = _run(tmp_path, front.url, environment, "--protocol", "graph-store")
    said = _said(result)
    assert result.exit_code or (reply.status, method) == (200, "POST") or reply.status == 404
    for secret in (SECRET, BASIC, BEARER):
        if secret in environment.values() or (secret == BASIC and USER in environment):
            assert secret not in said


def test_a_redirect_is_not_followed(front: Proxy, tmp_path: Path) -> None:
    front.before = lambda request: (
        Reply(308, headers={"Location": "/elsewhere"}) if request.path.startswith("/store") else None
    )
    with pytest.raises(InputError, match="PSH103") as caught:
        push(write(tmp_path, GRAPHS), front.url, credentials=Credentials(token=BEARER))
    assert str(caught.value.problems[0].fix).endswith(f"push to that address: {front.url}/elsewhere")
    assert [request.path.partition("?")[0] for request in front.requests] == ["/store"]


def test_digest_authentication(front: Proxy, store: Oxigraph, tmp_path: Path) -> None:
    """As Virtuoso asks for it; the body is sent anew when the first request was only told to sign."""
    challenge = 'Digest realm="SPARQL", domain="/", nonce="n0", qop="auth", algorithm="MD5"'

    def check(request: Request) -> Reply | None:
        signature = request.headers.get("Authorization", "")
        if not signature.startswith('Digest username="ana", realm="SPARQL", nonce="n0"'):
            return Reply(401, headers={"WWW-Authenticate": challenge})
        return None

    front.before = check
    file = write(tmp_path, GRAPHS)
    endpoints = stores.endpoints(front.url, store="oxigraph", digest=True)
    with Client(Credentials("ana", SECRET), endpoints.digest, attempts=1) as client:
        result = run.push(file, BASE, endpoints, client, Options())
    assert result.sent == tuple(sorted(GRAPHS))
    assert_holds(store, datasets(GRAPHS))


@pytest.mark.parametrize(
    "environment",
    [
        {USER: "ana"}, {PASSWORD: SECRET}, {TOKEN: BEARER, **BY_NAME}, {TOKEN: "two words"},
        {TOKEN: "line\nX-Other: y"}, {TOKEN: "é"}, {USER: "a:b", PASSWORD: SECRET},
    ],
)  # fmt: skip
def test_unusable_credentials(environment: dict[str, str]) -> None:
    with pytest.raises(NutgrafError, match="PSH102") as caught:
        Credentials.of(environment)
    for secret in (SECRET, BEARER, "two words", "X-Other"):
        assert secret not in repr(caught.value.problems)


def test_credentials_do_not_show() -> None:
    shown = repr(Credentials("ana", SECRET, BEARER)) + repr(Credentials(token=BEARER).auth())
    assert SECRET not in shown
    assert BEARER not in shown


def test_unencrypted_credentials_are_told(tmp_path: Path) -> None:
    local = LocalGraphs({}, 0)
    found = stores.endpoints("http://data.example.org/graphs")
    (warning,) = run._warnings(local, found, Credentials(token=BEARER))
    assert str(warning) == "PSH111 the credentials travel to data.example.org unencrypted"
    assert run._warnings(local, found, Credentials()) == []
    assert run._warnings(local, stores.endpoints("https://x/"), Credentials(token=BEARER)) == []
    assert run._warnings(local, stores.endpoints("http://localhost/"), Credentials(token=BEARER)) == []
