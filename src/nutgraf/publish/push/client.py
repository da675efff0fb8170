"""HTTP to a triple store: signed, tried again where that helps, never sent on to another host.

Every request that a push makes may be made twice to the same effect, so that one whose answer was lost is
simply made again. A redirect is not followed: what is pushed, and the credentials, go where the user said.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final, Self
from urllib.parse import urljoin

import requests

from nutgraf.net.address import host, shown
from nutgraf.net.retry import MAX_WAIT_S, RETRIED, back_off, retry_after
from nutgraf.problems import InputError, Problem
from nutgraf.publish.push.credentials import Credentials

CONNECT_S: Final = 10.0
MAX_BYTES: Final = 256 * 1024 * 1024
"""The largest answer that is read: a manifest of a million graphs."""
_EXCERPT: Final = 200
_REDIRECTS: Final = range(300, 400)
_AGAIN: Final = RETRIED - {500}
"""Stores answer 500 for what they do not like in a graph, too; it is told, and the others are sent."""
_DENIED: Final = frozenset({401, 403, 407})
Body = bytes | Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What a store answered.

    Attributes:
        status: of HTTP.
        body: its content; of an error the beginning, for the message.
        media_type: without parameters, lower case.
    """

    status: int
    body: bytes
    media_type: str

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110 §15.3


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, and how long the store asks to wait."""

    reason: str
    seconds: float | None


class _Session(requests.Session):
    """A session that does not even look where a redirect leads: it would read the whole of its body."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - as the base class
        return None


@dataclass
class Client:
    """A session with one store.

    Attributes:
        credentials: who pushes.
        digest: whether to sign by Digest authentication.
        timeout_s: how long to wait for the next part of an answer.
        attempts: how often to try.
        sleep: how to wait, in seconds.
        now: the date that a Retry-After date is compared with.
        on_wait: told how many seconds it waits, and why.
        made: how many requests there were.
    """

    credentials: Credentials
    digest: bool = False
    timeout_s: float = 60.0
    attempts: int = 6
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    on_wait: Callable[[float, str], None] = lambda _seconds, _why: None
    made: int = 0
    _session: requests.Session = field(default_factory=_Session, repr=False)

    def __post_init__(self) -> None:
        self._session.auth = self.credentials.auth(digest=self.digest)
        agent = f"nutgraf/{version('nutgraf')} python-requests/{version('requests')}"
        self._session.headers["User-Agent"] = agent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        parameters: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
    ) -> Answer:
        """Make a request, as often as it takes.

        Raises:
            InputError: NET102 no answer, or one that asks to wait too long; NET103 the answer is too large;
                PSH103 a redirect, PSH104 access is denied.
        """
        for attempt in range(self.attempts):
            outcome = self.attempt(method, url, parameters=parameters, headers=headers, body=body)
            if isinstance(outcome, Answer):
                return outcome
            self.wait(outcome, attempt, url)
        raise AssertionError("the last wait raises")

    def wait(self, failure: Failure, attempt: int, url: str) -> None:
        """Wait before the next attempt.

        Raises:
            InputError: NET102, there is none, or the store asks to wait too long.
        """
        fix = "run the command again when it does: what has arrived is not sent again"
        if attempt + 1 >= self.attempts:
            why = f"the last of {self.attempts} attempts: {failure.reason}"
            raise InputError(Problem("NET102", f"{host(url)} does not answer", why=why, fix=fix))
        seconds = back_off(attempt) if failure.seconds is None else failure.seconds
        if seconds > MAX_WAIT_S:
            message = f"{host(url)} asks to wait {seconds:.0f} seconds"
            raise InputError(Problem("NET102", message, why=failure.reason, fix=fix))
        self.on_wait(seconds, f"{host(url)}: {failure.reason}")
        self.sleep(seconds)

    def attempt(
        self,
        method: str,
        url: str,
        *,
        parameters: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
    ) -> Answer | Failure:
        """Make a request once.

        Args:
            method: of HTTP.
            url: an endpoint.
            parameters: added to its query.
            headers: besides those of every request.
            body: bytes, or a file that is streamed.

        Raises:
            InputError: NET103, PSH103, PSH104, as for `send`; PSH101 the address is none; PSH114 its
                certificate is not trusted.
        """
        self.made += 1
        try:
            with (
                _opened(body) as data,
                self._session.request(
                    method, url, params=parameters, headers=headers, data=data, allow_redirects=False,
                    timeout=(CONNECT_S, self.timeout_s), stream=True,
                ) as response,
            ):  # fmt: skip
                return self._answer(response, url)
        except requests.exceptions.SSLError as error:
            raise _untrusted(url) from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise InputError(Problem("PSH101", f"{shown(url)} is no address that can be asked")) from error
        except requests.RequestException as error:
            # Its text has the whole URL in it, which is not ours to show.
            return Failure(type(error).__name__, None)

    def _answer(self, response: requests.Response, url: str) -> Answer | Failure:
        status = response.status_code
        if status in _AGAIN:
            said = self.excerpt(Answer(status, _beginning(response), ""))
            reason = f"HTTP {status}" + (f"; {said}" if said else "")
            return Failure(reason, retry_after(response.headers.get("Retry-After"), self.now()))
        if status in _REDIRECTS:
            raise self._redirected(url, response.headers.get("Location", ""))
        if status in _DENIED:
            raise self._denied(url, status)
        answer = Answer(
            status,
            _content(response, url) if response.ok else _beginning(response),
            response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        )
        declared = response.headers.get("Content-Length", "")
        if response.ok and declared.isdigit() and "Content-Encoding" not in response.headers:
            cut = response.request.method != "HEAD" and len(answer.body) < int(declared)
            return Failure("the connection was cut", None) if cut else answer
        return answer

    def excerpt(self, answer: Answer) -> str | None:
        """What a store says of its error, on one line and without our secrets; None where it says nothing."""
        text = " ".join(self.credentials.hide(answer.body.decode(errors="replace")).split())
        plain = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)
        beginning = plain if len(plain) <= _EXCERPT else f"{plain[:_EXCERPT]}…"
        return f"the store says: {beginning}" if plain else None

    def _redirected(self, url: str, location: str) -> InputError:
        why = "nothing that is pushed is sent anywhere but to the address that was given"
        target = self.credentials.hide(_target(url, location))
        fix = f"if you trust it, push to that address: {target}" if target else None
        return InputError(Problem("PSH103", f"{shown(url)} redirects elsewhere", why=why, fix=fix))

    def _denied(self, url: str, status: int) -> InputError:
        if self.credentials.are_there:
            fix = "check the credentials in the environment, and what they may do"
        else:
            fix = "set NUTGRAF_PUSH_USER and NUTGRAF_PUSH_PASSWORD, or NUTGRAF_PUSH_TOKEN"
        return InputError(Problem("PSH104", f"{shown(url)} denies access: HTTP {status}", fix=fix))


def _target(url: str, location: str) -> str:
    """Where a redirect leads, as a message may show it; empty where that cannot be told."""
    try:
        target = shown(urljoin(url, location))
    except ValueError:
        return ""
    return target if location and target.isprintable() else ""


def _untrusted(url: str) -> InputError:
    fix = "correct the address; for a certificate of your own, name its authority in REQUESTS_CA_BUNDLE"
    return InputError(Problem("PSH114", f"no trusted connection to {host(url)} can be made", fix=fix))


@contextlib.contextmanager
def _opened(body: Body | None) -> Iterator[bytes | IO[bytes] | None]:
    if isinstance(body, Path):
        with body.open("rb") as file:
            yield file
    else:
        yield body


def _content(response: requests.Response, url: str) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(65536):
        size += len(part)
        if size > MAX_BYTES:
            raise InputError(
                Problem("NET103", f"the answer of {host(url)} is larger than {MAX_BYTES >> 20} MB")
            )
        parts.append(part)
    return b"".join(parts)


def _beginning(response: requests.Response) -> bytes:
    for part in response.iter_content(_EXCERPT * 4):
        return bytes(part)
    return b""
