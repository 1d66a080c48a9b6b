"""Every type of page, light and dark, wide and narrow: axe and the HTML checker find nothing, nothing sticks out."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support import browser as windows
from tests.support import checker, site
from tests.support.site import OWNER, PAGES, SHOPPER, PageType

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def signed_in_as(chromium: Browser, demo: site.Site) -> Callable[[str], dict[str, Any]]:
    """Window options of somebody who is signed in; each signs in once."""

    @cache
    def options(role: str) -> dict[str, Any]:
        return {} if role == SHOPPER else {"storage_state": site.sign_in(chromium, demo, role)}

    return options


def ids(page: PageType) -> str:
    return page.name


@pytest.mark.parametrize("page_type", PAGES, ids=ids)
def test_a_page_is_for_everybody(
    demo: site.Site, open_page: OpenPage, signed_in_as: Callable[[str], dict[str, Any]], page_type: PageType
) -> None:
    page = open_page(demo.url, **signed_in_as(page_type.who))
    response = page.goto(page_type.address(demo), wait_until="load")
    assert response is not None and response.status == page_type.status
    faults = []
    for size, theme in ((windows.WIDE, "light"), (windows.WIDE, "dark"), (windows.NARROW, "light")):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        found = [*windows.axe_violations(page, theme=theme), *windows.sideways(page)]
        faults += [f"{theme} {size['width']}: {each}" for each in found]
    assert not faults, "\n".join(faults)


def test_the_html_checker_finds_nothing(
    demo: site.Site, chromium: Browser, signed_in_as: Callable[[str], dict[str, Any]], tmp_path: Path
) -> None:
    pages = {}
    for role in (SHOPPER, site.SALES, OWNER):
        context = chromium.new_context(base_url=demo.url, **signed_in_as(role))
        for page_type in (each for each in PAGES if each.who == role):
            pages[page_type.name] = context.request.get(page_type.address(demo)).text()
        for name, path in WRONG_FORMS.get(role, {}).items():
            response = context.request.post(path, form={"message": "?"}, headers={"Sec-Fetch-Site": "same-origin"})
            assert response.status == 422
            pages[name] = response.text()
        context.close()
    faults = [f"{name}: {each}" for name, found in checker.faults(pages, tmp_path).items() for each in found]
    assert not faults, "\n".join(faults)


WRONG_FORMS = {
    SHOPPER: {"contact-wrong": "/contact", "sign-in-wrong": "/staff/sign-in"},
    OWNER: {"hire-wrong": "/staff/users/", "car-new-wrong": "/staff/cars/", "profile-wrong": "/staff/profile"},
}
