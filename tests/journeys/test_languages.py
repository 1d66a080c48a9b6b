"""The shop in Finnish and Swedish, in a browser: long words fit a small phone, and changing language loses nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support import browser, site
from tests.support.languages import LANGUAGES
from tests.support.site import PAGES, SHOPPER

OpenPage = Callable[..., Page]
SMALL = {"width": 320, "height": 720}
SEEN = {
    "home",
    "listing",
    "listing-empty",
    "car",
    "car-sold",
    "compare",
    "finance",
    "ask",
    "contact",
    "privacy",
    "sheet",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_words_fit_a_small_phone(demo: site.Site, open_page: OpenPage, language: str) -> None:
    page, faults = open_page(demo.url, viewport=SMALL), []
    shown = [each for each in PAGES if each.who == SHOPPER and each.name in SEEN]
    assert len(shown) == len(SEEN)
    for page_type in shown:
        page.goto(f"/{language}{page_type.address(demo)}", wait_until="load")
        faults += [f"{page_type.name}: {each}" for each in browser.sideways(page)]
    assert not faults, "\n".join(faults)


def test_another_language_keeps_what_was_chosen_since_the_page_came(demo: site.Site, open_page: OpenPage) -> None:
    page = open_page(demo.url)
    page.goto("/fi/cars/")
    page.locator("input[name=make][value=audi]").check()
    expect(page).to_have_url(re.compile(r"/fi/cars/\?make=audi$"))
    page.get_by_role("link", name="Svenska").click()
    expect(page).to_have_url(re.compile(r"/sv/cars/\?make=audi$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bilar")
    expect(page.locator("input[name=make][value=audi]")).to_be_checked()


def test_another_language_keeps_the_filters_without_javascript(demo: site.Site, open_page: OpenPage) -> None:
    page = open_page(demo.url, java_script_enabled=False)
    page.goto("/sv/cars/?make=audi")
    page.get_by_role("link", name="Suomi").click()
    expect(page).to_have_url(re.compile(r"/fi/cars/\?make=audi$"))
