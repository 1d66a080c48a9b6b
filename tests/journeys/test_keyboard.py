"""The whole job by keyboard alone, with a focus that can be seen; and on a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.shop import READING, Shop, new_shopper
from tests.support import browser, makers

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
_MOST_TABS = 120
_SHOWN = """() => {
  const at = document.activeElement, style = (each) => getComputedStyle(each);
  const ringed = (each) => style(each).outlineStyle !== "none" && parseFloat(style(each).outlineWidth) >= 2;
  const parts = [at, at.closest("label"), at.closest("article"), at.parentElement].filter(Boolean);
  const after = getComputedStyle(at, "::after");
  return parts.some(ringed) || (after.content !== "none" && parseFloat(after.outlineWidth) >= 2);
}"""


def test_a_shopper_asks_by_keyboard_alone(shop: Shop, visit: Visit) -> None:
    page, (name, email) = visit(), new_shopper()
    page.goto("/cars/")
    _tab_to(page, page.get_by_role("link", name="Skip to content"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    electric = page.get_by_role("checkbox", name="Electric")
    _tab_to(page, page.locator("summary", has_text="Fuel"))
    page.keyboard.press("Enter")
    _tab_to(page, electric)
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cars 1")
    expect(electric).to_be_focused()  # the swapped list leaves the hand where it was
    _tab_to(page, page.get_by_role("link", name="Tesla Model 3"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cars/tesla-model-3$"))
    expect(page.get_by_role("button", name="Send")).to_be_attached()
    _type_into(page, page.get_by_role("textbox", name="Message"), "Typed, never clicked")
    _type_into(page, page.get_by_label("Name", exact=True), name)
    _type_into(page, page.get_by_label("E-mail", exact=True), email)
    page.wait_for_timeout(READING)
    _tab_to(page, page.get_by_role("button", name="Send"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you, we have your message")).to_be_focused()
    assert shop.mails("Typed, never clicked", to="ana@a.test")


def test_staff_sign_in_and_walk_the_inbox_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    page.goto("/staff/")
    _type_into(page, page.get_by_label("E-mail"), "ana@a.test")
    _type_into(page, page.get_by_label("Password", exact=True), makers.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/staff/$"))
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inbox")
    names = page.locator("[data-rows] .name")
    page.keyboard.press("j")
    expect(names.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(names.nth(1)).to_be_focused()
    assert page.evaluate(_SHOWN)
    page.keyboard.press("k")
    expect(names.nth(0)).to_be_focused()
    first = names.nth(0).text_content() or ""
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    _tab_to(page, page.get_by_role("radio", name="E-mail"))
    page.keyboard.press("ArrowLeft")
    _type_into(page, page.get_by_role("textbox", name="Note"), "Written with ten fingers")
    _tab_to(page, page.get_by_role("button", name="Save the note"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="What happened")).to_contain_text("Written with ten fingers")
    expect(page.get_by_role("button", name="Save the note")).to_be_focused()


def test_the_keys_help_opens_and_closes_and_leaves_fields_alone(visit: Visit) -> None:
    page = visit()
    page.goto("/staff/")
    _type_into(page, page.get_by_label("E-mail"), "ana@a.test?j/")
    expect(page.get_by_label("E-mail")).to_have_value("ana@a.test?j/")
    page.get_by_label("E-mail").fill("ana@a.test")
    page.get_by_label("Password", exact=True).fill(makers.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/staff/$"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.type("nobody")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No lead is like that")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_phone_has_a_menu_and_a_page_of_filters(visit: Visit, script: bool) -> None:
    page = visit(java_script_enabled=script, **_phone())
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Cars").click()
    expect(page).to_have_url(re.compile("/cars/$"))
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("checkbox", name="Tesla").check()
    page.get_by_role("button", name=re.compile(r"^Show \d+ car")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cars 1")
    expect(page.get_by_role("checkbox", name="Tesla")).to_be_hidden()
    page.get_by_role("link", name="Tesla Model 3").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tesla Model 3")


def test_a_phones_filters_count_while_one_chooses_and_give_focus_back(visit: Visit) -> None:
    page = visit(**_phone())
    page.goto("/cars/")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("checkbox", name="Volvo").check()
    expect(page.get_by_role("button", name="Show 10 cars")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Filter (1)")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cars 10")


def test_a_phones_car_page_leads_to_its_form(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 640}, has_touch=True)
    page.goto("/cars/tesla-model-3")
    send, ask = page.get_by_role("button", name="Send"), page.get_by_role("link", name="Ask", exact=True)
    expect(send).to_be_attached()
    expect(ask).to_be_in_viewport()
    box = ask.bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + 20)  # as a finger does: the page is not scrolled before
    expect(page.get_by_role("textbox", name="Message")).to_be_in_viewport()
    expect(ask).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/cars/", "/cars/tesla-model-3", "/contact", "/privacy", "/nowhere"])
def test_nothing_sticks_out_sideways_on_a_small_phone(visit: Visit, path: str) -> None:
    page = visit(viewport={"width": 320, "height": 640})
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert browser.sideways(page) == []


def _phone() -> dict[str, Any]:
    return {"viewport": browser.NARROW, "has_touch": True}


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until it has the focus, which must be seen wherever it stops."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(_SHOWN), f"the focus cannot be seen: {page.evaluate('document.activeElement.outerHTML')}"
        if target.count() == 1 and target.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {target}")


def _type_into(page: Page, field: Locator, words: str) -> None:
    _tab_to(page, field)
    page.keyboard.type(words)
