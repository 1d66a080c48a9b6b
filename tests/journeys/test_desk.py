"""A salesperson's desk: by keyboard alone, by dragging, and without any script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.shop import Shop, fill_inquiry, new_shopper, sign_in
from tests.support.browser import NARROW, sideways

pytestmark = pytest.mark.server
Visit = Callable[..., Page]


def test_leads_are_worked_by_keyboard_alone(shop: Shop, visit: Visit) -> None:
    page = visit()
    sign_in(page, "ana")
    _press(page, "g", "i")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inbox")
    _press(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    _press(page, "Escape", "+")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    _type(page, "Kea Keys", "Tab", "040 700 8000")
    _press(page, "Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kea Keys")

    _press(page, "c", "Enter")
    expect(_timeline(page)).to_contain_text("called: reached")
    _press(page, "Escape", "n")
    _type(page, "Likes blue.")
    _press(page, "Control+Enter")
    expect(_timeline(page)).to_contain_text("Likes blue.")
    _press(page, "Escape", "t")
    _type(page, "Ring again", "Tab")
    page.keyboard.type("01022030")
    _press(page, "Tab")
    page.keyboard.type("0930AM")
    _press(page, "Enter")
    expect(page.get_by_role("region", name="Next task")).to_contain_text("Ring again")
    _press(page, "Escape", "m", "Enter")
    expect(_timeline(page)).to_contain_text("New → Contacted")


def test_rows_are_chosen_taken_and_given_back_by_keyboard(shop: Shop, visit: Visit) -> None:
    names = [_ask(visit()) for _ in range(2)]
    page = visit()
    sign_in(page, "ana")
    page.goto("/staff/leads/?tab=free")
    expect(page.locator("tr", has_text=names[0])).to_be_visible()
    _press(page, "j", "x", "j", "x")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    _press(page, "e")
    expect(page.get_by_role("main")).to_contain_text("2 leads changed.")
    _press(page, "u")
    expect(page.get_by_text("Undone: 2 leads are as before.")).to_be_visible()


def test_a_card_is_dragged_where_it_may_go_and_nowhere_else(visit: Visit) -> None:
    name, page = _ask(visit()), visit()
    sign_in(page, "boris")
    page.goto("/staff/board?whose=all")
    _drag(_card(page, name), _column(page, "Negotiating"))
    expect(page.get_by_role("status").filter(has_text="A lead cannot go from")).to_be_visible()
    expect(_column(page, "New").get_by_role("link", name=name)).to_be_visible()
    expect(page.locator(".htmx-request")).to_have_count(0)  # who sees the whole answer takes the card again
    _drag(_card(page, name), _column(page, "Contacted"))
    expect(_column(page, "Contacted").get_by_role("link", name=name)).to_be_visible()
    _card(page, name).locator("summary").click()
    _card(page, name).get_by_role("button", name="Qualified").click()
    expect(_column(page, "Qualified").get_by_role("link", name=name)).to_be_visible()


def test_a_card_that_is_held_while_an_answer_comes_goes_where_it_is_dropped(visit: Visit) -> None:
    other, held, page = _ask(visit()), _ask(visit()), visit()
    sign_in(page, "boris")
    page.goto("/staff/board?whose=all")
    waiting: list[Route] = []
    page.route("**/staff/board/**", lambda route: waiting.append(route), times=1)
    _card(page, other).locator("summary").click()
    _card(page, other).get_by_role("button", name="Contacted").click()
    moved = page.evaluate_handle("new DataTransfer()")
    _card(page, held).dispatch_event("dragstart", {"dataTransfer": moved})
    waiting[0].continue_()
    expect(_column(page, "Contacted").get_by_role("link", name=other)).to_be_visible()
    _column(page, "Contacted").dispatch_event("drop", {"dataTransfer": moved})
    expect(_column(page, "Contacted").get_by_role("link", name=held)).to_be_visible()
    expect(_column(page, "Contacted").get_by_role("link", name=other)).to_be_visible()


def test_the_desk_works_without_script(visit: Visit) -> None:
    name, page = "Rosa Rudder", visit(java_script_enabled=False)
    sign_in(page, "boris")
    page.goto("/staff/leads/")
    page.get_by_role("checkbox", name=f"Choose {name}").check()
    page.get_by_role("button", name="Contacted").first.click()
    expect(page.get_by_role("main")).to_contain_text("1 lead changed.")
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Undone: 1 lead is as before.")).to_be_visible()
    page.get_by_text("Save this view").first.click()
    page.get_by_label("Save this view as").fill("Free ones")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Free ones")).to_be_visible()
    page.goto("/staff/board?whose=all")
    card = _card(page, name)
    card.locator("summary").click()
    card.get_by_role("button", name="Contacted").click()
    expect(_column(page, "Contacted").get_by_role("link", name=name)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_rows_are_chosen_on_a_phone(visit: Visit, script: bool) -> None:
    names = [_ask(visit()) for _ in range(2)]
    page = visit(java_script_enabled=script, viewport=NARROW, has_touch=True)
    sign_in(page, "ana")
    page.goto("/staff/leads/?tab=free")
    expect(page.get_by_role("button", name="Take", exact=True).first).to_be_hidden()
    for name in names:
        page.get_by_role("checkbox", name=f"Choose {name}").check()
    assert sideways(page) == []
    page.get_by_role("button", name="Take", exact=True).first.click()
    expect(page.get_by_role("main")).to_contain_text("2 leads changed.")
    expect(page.get_by_role("link", name=names[0])).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_inbox_is_narrowed_and_widened_again(visit: Visit, script: bool) -> None:
    page = visit(java_script_enabled=script)
    sign_in(page, "boris")
    page.goto("/staff/leads/")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Priority").select_option("low")
    if not script:
        page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Priority: Low").click()
    expect(page.get_by_role("link", name="Priority: Low")).to_have_count(0)
    page.goto("/staff/leads/?q=nobody-at-all")
    expect(page.get_by_role("heading", name="No lead is like that")).to_be_visible()


def _ask(page: Page) -> str:
    name, email = new_shopper()
    page.goto("/contact")
    fill_inquiry(page, name, email, "Do you have anything blue?")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile("/contact/thanks"))
    return name


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _type(page: Page, *parts: str) -> None:
    """Words are typed; "Tab" is pressed."""
    for part in parts:
        page.keyboard.press(part) if part == "Tab" else page.keyboard.type(part)


def _timeline(page: Page) -> Locator:
    return page.get_by_role("region", name="What happened")


def _column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=re.compile(f"^{name}"))


def _drag(card: Locator, column: Locator) -> None:
    """As a hand does: the card moves a little first. A page that scrolls between pressing and moving drags nothing."""
    card.hover()
    card.page.mouse.down()
    card.hover(position={"x": 5, "y": 5})
    column.hover()
    card.page.mouse.up()


def _card(page: Page, name: str) -> Locator:
    return page.locator(".board-card", has=page.get_by_role("link", name=name))
