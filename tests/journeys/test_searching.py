"""Searching as people do: suggestions while typing, by keyboard, and the plain form without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support import browser

pytestmark = [pytest.mark.browser, pytest.mark.server]
Visit = Callable[..., Page]


@pytest.mark.parametrize("path", ["/", "/cars/"])
def test_suggestions_are_chosen_by_keyboard_and_said_aloud(visit: Visit, path: str) -> None:
    page = visit()
    page.goto(path)
    box = page.locator("#q")
    first_card = page.locator(".cards").first.bounding_box()
    box.press_sequentially("die", delay=20)
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(page.get_by_role("combobox", expanded=True)).to_be_focused()
    expect(page.locator(".suggests [role=status]")).to_have_text(re.compile(r"\d+ suggestions?"))
    assert page.locator(".cards").first.bounding_box() == first_card, "nothing moves"
    assert browser.axe_violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cars/\?fuel=diesel$"))


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(visit: Visit) -> None:
    page = visit()
    page.goto("/")
    page.locator("#q").press_sequentially("die", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.locator("#q")).to_have_value("die")
    page.keyboard.type("s")
    expect(page.get_by_role("option").first).to_be_visible()
    page.locator("h1").click()
    expect(page.get_by_role("option")).to_have_count(0)


def test_what_was_typed_on_the_list_turns_into_chips_and_leaves_the_box(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/")
    page.locator("#q").fill("cheap diesel zeppelin")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_contain_text(["Diesel"])
    expect(page).to_have_url(re.compile(r"/cars/\?fuel=diesel&sort=price$"))
    expect(page.locator("#q")).to_have_value("")
    expect(page.get_by_text("left out or loosened: “zeppelin”")).to_be_visible()


def test_without_script_the_form_is_simply_sent(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/")
    page.locator("#q").fill("diesel under 90k")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".chip")).to_contain_text(["Diesel", "up to €90,000"])
    expect(page.locator("#q")).to_have_value("")
