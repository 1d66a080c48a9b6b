"""A browser that leaves a page says how quick it was."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.server
# What is sent while a page goes is seen by no listener outside it, so the page notes it where the next one finds it.
_NOTE = """() => {
  const send = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (to, what) => (sessionStorage.sent = `${send(to, what)} ${to}?${what}`, true);
}"""


def test_a_page_says_how_quick_it_was_when_it_is_left(visit: Callable[..., Page]) -> None:
    page = visit()
    page.add_init_script(f"({_NOTE})()")
    page.goto("/cars/")
    page.locator(".card img").first.wait_for()
    page.wait_for_timeout(300)  # a paint is told of a moment after it was seen
    page.goto("/contact")
    assert page.evaluate("sessionStorage.sent").startswith("true /vitals?lcp=")
