"""Requests are polite, whatever the service does."""

from __future__ import annotations

import datetime as dt
import email.utils
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from nutgraf.net.retry import MAX_WAIT_S
from nutgraf.problems import InputError
from nutgraf.reconcile.polite import ATTEMPTS, Polite, user_agent
from tests.reconcile.stand_in import HTML, StandIn, Trouble

QUERY = {"action": "wbgetentities", "ids": "Q727"}
MAXLAG = b'{"error": {"code": "maxlag", "info": "Waiting for 10.0.0.1: 6 seconds lagged", "lag": 6}}'
NOW = dt.datetime(2026, 11, 24, 12, 0, 0, tzinfo=dt.UTC)


@dataclass
class Time:
    """A clock that only sleeping moves."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def clock(self) -> float:
        return self.at


def polite(time: Time, timeout_s: float = 5) -> Polite:
    return Polite(
        user_agent("desk@example.org"), time.sleep, time.clock, lambda: NOW, timeout_s=(timeout_s, timeout_s)
    )


@pytest.mark.parametrize(
    "contact", ["desk@example.org", "mailto:desk@example.org", "https://example.org/bot"]
)
def test_a_request_says_who_asks(contact: str, wikidata: StandIn) -> None:
    Polite(user_agent(contact)).json(wikidata.url, QUERY)
    (agent,) = wikidata.agents
    assert agent.startswith("nutgraf/")
    assert f"({contact})" in agent
    assert "python-requests/" in agent


@pytest.mark.parametrize("contact", [None, "", "me", "desk@", "desk@example.org\r\nX: y", "a b@example.org"])
def test_without_a_contact_nothing_is_asked(contact: str | None) -> None:
    with pytest.raises(InputError) as caught:
        user_agent(contact)
    assert [problem.code for problem in caught.value.problems] == ["NET101"]
    assert "nutgraf.toml" in str(caught.value.problems[0].fix)


TROUBLES = {
    "429 with seconds": (Trouble(429, HTML, {"Retry-After": "7"}), [7.0]),
    "429 with a date": (
        Trouble(429, HTML, {"Retry-After": email.utils.format_datetime(NOW + dt.timedelta(seconds=9), True)}),
        [9.0],
    ),
    "429 with nonsense": (Trouble(429, HTML, {"Retry-After": "soon"}), [1.0]),
    "429 with a date of yesterday": (
        Trouble(429, HTML, {"Retry-After": email.utils.format_datetime(NOW - dt.timedelta(days=1), True)}),
        [],
    ),
    "429 alone": (Trouble(429, HTML), [1.0]),
    "503": (Trouble(503, HTML), [1.0]),
    "500": (Trouble(500, b"{}"), [1.0]),
    "maxlag, which comes with status 200": (Trouble(200, MAXLAG, {"Retry-After": "5"}), [5.0]),
    "an HTML page with status 200": (Trouble(200, HTML, {"Content-Type": "text/html"}), [1.0]),
    "an empty answer": (Trouble(200, b""), [1.0]),
    "a connection cut in the middle": (Trouble(cut=True), [1.0]),
    "a timeout": (Trouble(stall_s=3), [1.0]),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_is_waited_out(name: str, wikidata: StandIn) -> None:
    trouble, waits = TROUBLES[name]
    wikidata.troubles.append(trouble)
    time = Time()
    answer = polite(time, timeout_s=0.3).json(wikidata.url, QUERY)
    assert answer["entities"]["Q727"]["id"] == "Q727"
    assert time.slept == waits
    assert len(wikidata.requests) == 2


def test_back_off_doubles_and_ends(wikidata: StandIn) -> None:
    wikidata.troubles += [Trouble(502, HTML)] * ATTEMPTS
    time = Time()
    with pytest.raises(InputError) as caught:
        polite(time).json(wikidata.url, QUERY)
    assert [problem.code for problem in caught.value.problems] == ["NET102"]
    assert "HTTP 502" in str(caught.value.problems[0].why)
    assert time.slept == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert len(wikidata.requests) == ATTEMPTS


def test_a_wait_that_is_too_long_is_left_to_the_user(wikidata: StandIn) -> None:
    wikidata.troubles.append(Trouble(429, HTML, {"Retry-After": str(int(MAX_WAIT_S) + 1)}))
    time = Time()
    with pytest.raises(InputError, match="asks to wait 121 seconds"):
        polite(time).json(wikidata.url, QUERY)
    assert not time.slept
    assert len(wikidata.requests) == 1


def test_a_refusal_is_not_tried_again(wikidata: StandIn) -> None:
    wikidata.troubles.append(Trouble(403, HTML))
    with pytest.raises(InputError) as caught:
        polite(Time()).json(wikidata.url, QUERY)
    assert [problem.code for problem in caught.value.problems] == ["NET104"]
    assert len(wikidata.requests) == 1


def test_at_most_three_requests_run_at_once(wikidata: StandIn) -> None:
    three = threading.Barrier(3)

    def meet() -> None:
        three.wait(timeout=5)  # breaks the test when fewer than three run together

    wikidata.on_request = meet
    http = polite(Time())
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: http.json(wikidata.url, QUERY), range(12)))
    assert len(answers) == 12
    assert wikidata.most_at_once == 3


def test_a_wait_holds_every_request_of_the_session(wikidata: StandIn) -> None:
    wikidata.troubles.append(Trouble(429, HTML, {"Retry-After": "30"}))
    time = Time()
    http = polite(time)
    http.json(wikidata.url, QUERY)
    http.json(wikidata.url, QUERY)
    assert time.slept == [30.0]
    assert time.at == 30.0
