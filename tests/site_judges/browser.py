"""Debian's Chromium, driven by Playwright; it is told of every request, error and violation of the policy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route, sync_playwright

DESKTOP: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 360, "height": 740}

_WATCH: Final = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push([event.violatedDirective, event.blockedURI, event.sourceFile].join(" ")));
"""


@dataclass
class Watched:
    """A page, and all that went wrong with it.

    Attributes:
        page: what Playwright has.
        wrong: console errors, exceptions, requests to other hosts, failed requests.
    """

    page: Page
    wrong: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What the page's policy has refused."""
        found: list[str] = self.page.evaluate("window.violations ?? []")
        return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is not here; apt-get install chromium")
    # Its own sandbox does not work for root; pages come from this machine only.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@contextmanager
def watched(
    browser: Browser,
    base: str,
    *,
    script: bool = True,
    size: dict[str, int] | None = None,
    dark: bool = False,
) -> Iterator[Watched]:
    """A new window in which requests to other hosts are refused and remembered."""
    context: BrowserContext = browser.new_context(
        java_script_enabled=script,
        viewport=size or DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        is_mobile=size == PHONE,
        has_touch=size == PHONE,
    )
    page = context.new_page()
    found = Watched(page)

    def route(asked: Route) -> None:
        if asked.request.url.startswith((base, "data:")):
            asked.continue_()
        else:
            found.wrong.append(f"request to another host: {asked.request.url}")
            asked.abort()

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.wrong.append(f"console: {message.text}")

    def answered(response: Any) -> None:
        if response.status >= 400:
            found.wrong.append(f"{response.status}: {response.url}")

    def failed(request: Request) -> None:
        # Whoever moves on to the next page breaks off what was still under way.
        if request.failure != "net::ERR_ABORTED":
            found.wrong.append(f"failed: {request.url} {request.failure}")

    context.route("**/*", route)
    page.on("console", console)
    page.on("pageerror", lambda error: found.wrong.append(f"exception: {error}"))
    page.on("requestfailed", failed)
    page.on("response", answered)
    if script:
        page.add_init_script(_WATCH)
    yield found
    context.close()
