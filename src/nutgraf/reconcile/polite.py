"""HTTP out, polite by construction: who asks is named, few requests run at once, and a refusal is obeyed.

Source: https://www.mediawiki.org/wiki/API:Etiquette and
https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

import requests

from nutgraf.net.address import host
from nutgraf.net.retry import MAX_WAIT_S, RETRIED, back_off, retry_after
from nutgraf.problems import InputError, Problem, quoted

AT_ONCE: Final = 3
ATTEMPTS: Final = 6
MAX_BYTES: Final = 64 * 1024 * 1024
_TIMEOUT_S: Final = (10.0, 60.0)
_WAIT_CODES: Final = frozenset({"maxlag", "ratelimited", "readonly"})
_CONTACT: Final = re.compile(r"https?://[^\s()<>]+|(mailto:)?[^\s@()<>:/]+@[^\s@()<>]+\.[^\s@()<>]+")


def user_agent(contact: str | None) -> str:
    """The User-Agent of every request: the tool, its user's contact, the library.

    Raises:
        InputError: NET101 there is no contact, or none that a person can be reached by.
    """
    if not contact or not _CONTACT.fullmatch(contact):
        message = f"{quoted(contact)} is no contact address" if contact else "no contact address is set"
        why = "Wikimedia's services ask every tool to say whom to write to when it misbehaves"
        fix = 'write contact = "you@example.org" in nutgraf.toml, give --contact, or work --offline'
        raise InputError(Problem("NET101", message, why=why, fix=fix))
    return f"nutgraf/{version('nutgraf')} ({contact}) python-requests/{version('requests')}"


@dataclass
class Polite:
    """A session that keeps the rules.

    Attributes:
        agent: the User-Agent.
        sleep: how to wait, in seconds.
        clock: the time that waiting is measured by, in seconds.
        now: the date that a Retry-After date is compared with.
        on_wait: told how many seconds it waits, and why.
        timeout_s: for the connection, and for each part of the answer.
    """

    agent: str
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    on_wait: Callable[[float, str], None] = lambda _seconds, _why: None
    timeout_s: tuple[float, float] = _TIMEOUT_S
    _session: requests.Session = field(default_factory=requests.Session)
    _slots: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _not_before: float = 0.0

    def json(self, url: str, parameters: Mapping[str, str], *, post: bool = False) -> Any:
        """The JSON that a service answers, after as many attempts as are decent.

        Raises:
            InputError: NET102 it kept failing or asks to wait too long, NET103 its answer is not JSON or too
                large, NET104 it refuses.
        """
        reason = ""
        for attempt in range(ATTEMPTS):
            self._wait()
            with self._slots:
                outcome = self._attempt(url, parameters, post)
            if isinstance(outcome, _Retry):
                reason = outcome.reason
                if attempt + 1 < ATTEMPTS:
                    self._hold(outcome, attempt, url)
                continue
            return outcome
        why = f"the last of {ATTEMPTS} attempts: {reason}"
        fix = "run the command again later: what was answered is kept"
        raise InputError(Problem("NET102", f"{host(url)} does not answer", why=why, fix=fix))

    def _attempt(self, url: str, parameters: Mapping[str, str], post: bool) -> Any:
        headers = {"User-Agent": self.agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        try:
            with self._session.request(
                "POST" if post else "GET", url, params=None if post else parameters,
                data=parameters if post else None, headers=headers, timeout=self.timeout_s, stream=True,
            ) as response:  # fmt: skip
                body = _body(response, url)
        except requests.RequestException as error:
            return _Retry(f"{type(error).__name__}", None)
        asked = response.headers.get("Retry-After")
        if response.status_code in RETRIED:
            return _Retry(f"HTTP {response.status_code}", self._seconds(asked))
        if not response.ok:
            raise _refusal(url, response.status_code)
        return self._parsed(body, asked)

    def _parsed(self, body: bytes, asked: str | None) -> Any:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return _Retry("an answer that is not JSON", self._seconds(asked))
        error = found.get("error") if isinstance(found, dict) else None
        if isinstance(error, dict) and error.get("code") in _WAIT_CODES:
            # It comes with status 200: the database replicas are behind, or the address asks too much.
            return _Retry(str(error["code"]), self._seconds(asked))
        return found

    def _hold(self, retry: _Retry, attempt: int, url: str) -> None:
        """Let no request of this session start before the service wants one."""
        seconds = retry.seconds if retry.seconds is not None else back_off(attempt)
        if seconds > MAX_WAIT_S:
            message = f"{host(url)} asks to wait {seconds:.0f} seconds"
            fix = "run the command again then: what was answered is kept"
            raise InputError(Problem("NET102", message, why=retry.reason, fix=fix))
        self._not_before = max(self._not_before, self.clock() + seconds)
        self.on_wait(seconds, retry.reason)

    def _wait(self) -> None:
        seconds = self._not_before - self.clock()
        if seconds > 0:
            self.sleep(seconds)

    def _seconds(self, text: str | None) -> float | None:
        return retry_after(text, self.now())


@dataclass(frozen=True, slots=True)
class _Retry:
    reason: str
    seconds: float | None


def _body(response: requests.Response, url: str) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(65536):
        size += len(part)
        if size > MAX_BYTES:
            raise InputError(
                Problem("NET103", f"the answer of {host(url)} is larger than {MAX_BYTES >> 20} MB")
            )
        parts.append(part)
    declared = response.headers.get("Content-Length", "")
    if declared.isdigit() and "Content-Encoding" not in response.headers and size < int(declared):
        raise requests.ConnectionError("the connection was cut")
    return b"".join(parts)


def _refusal(url: str, status: int) -> InputError:
    why = "its operator does not want this request, or nothing is there"
    fix = "check the address and the contact; do not just try again"
    return InputError(Problem("NET104", f"{host(url)} refuses: HTTP {status}", why=why, fix=fix))
