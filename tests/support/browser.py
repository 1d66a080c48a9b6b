"""Chromium, driven by the tests: found on this machine, or the tests fail; a page that complains fails too."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from scripts.test_tools import find_browser

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")  # tests look at those
_axe = Axe()


@contextmanager
def launched() -> Iterator[Browser]:
    """A running Chromium."""
    path = find_browser()
    if path is None:
        pytest.fail("no Chromium here: scripts/test installs it, or set CHROMIUM to the path of one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), chromium_sandbox=False)
        yield browser
        browser.close()


_HTMX_HAS_COME = """() => new Promise((done) => {
  const look = () => (!document.querySelector("[data-later]") || window.htmx ? done() : setTimeout(look, 5));
  look();
})"""


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """A page of its own in the site at `url`; at the end it must have had nothing to complain about."""
    settings = {"base_url": url, "viewport": WIDE, "reduced_motion": "reduce", "locale": "en-GB", **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    if options.get("java_script_enabled", True):
        _wait_as_a_person_would(page)
    yield page
    context.close()
    assert complaints == []  # of the console, scripts and the content policy


def _wait_as_a_person_would(page: Page) -> None:
    """After `goto`, htmx has come: it follows the page, and nobody types within its first tenth of a second."""
    go = page.goto

    def goto(url: str, **how: Any) -> Response | None:
        answer = go(url, **how)
        page.evaluate(_HTMX_HAS_COME)
        return answer

    page.goto = goto  # type: ignore[method-assign]


def watch(page: Page, complaints: list[str]) -> None:
    """Add to `complaints` whatever the console, a script or the content policy says against a page."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not _REFUSED.match(message.text):
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))


def axe_violations(page: Page, *, theme: str = "light") -> list[str]:
    """What axe finds wrong with the page as shown; in the dark only about colours, which are all that differs."""
    rules = {"runOnly": {"type": "rule", "values": ["color-contrast"]}} if theme == "dark" else {}
    found = _axe.run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def sideways(page: Page) -> list[str]:
    """What sticks out to the right of the window, if the page can be scrolled there."""
    found: list[str] = page.evaluate(_STICKING_OUT)
    return found


_STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > wide + 0.5)
    .slice(-3)
    .map((each) => `sticks out: ${each.outerHTML.slice(0, 100)}`);
}"""
