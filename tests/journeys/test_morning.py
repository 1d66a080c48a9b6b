"""A salesperson's morning: ten new leads read, called, noted, taken, answered and planned, by keyboard alone."""

import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import morning
from tests.journeys.morning import NAMES, Keyboard
from tests.journeys.shop import Shop
from tests.support import makers
from tests.support.server import Server

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
MOST_PRESSES = 140


@pytest.fixture(scope="module")
def overnight() -> Callable[[Server], None]:
    """Ten leads came."""
    return morning.prepare


def test_a_morning_of_ten_leads_by_keyboard_alone(shop: Shop, visit: Visit, capsys: pytest.CaptureFixture[str]) -> None:
    page = visit()
    keyboard = Keyboard(page)
    _sign_in(page, keyboard)
    keyboard.press("g", "i")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inbox")
    keyboard.press("j", "Enter")
    for number, name in enumerate(NAMES):
        if number:
            keyboard.press("j")
        _work(page, keyboard, name)
    for name in NAMES:
        shop.mails("costs €14,900", to=f"{name.split()[0].lower()}@berth.example")
    with capsys.disabled():
        sys.stdout.write(f"\nA morning of {len(NAMES)} leads: {keyboard.presses} key presses besides text typed.\n")
    assert keyboard.presses <= MOST_PRESSES
    _check(shop)


def _sign_in(page: Page, keyboard: Keyboard) -> None:
    page.goto("/staff/")
    while not page.get_by_label("E-mail", exact=True).evaluate("(field) => field === document.activeElement"):
        keyboard.press("Tab")
    keyboard.type("ana@a.test")
    keyboard.press("Tab")
    keyboard.type(makers.PASSWORD)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def _work(page: Page, keyboard: Keyboard, name: str) -> None:
    """All six acts on the lead that is open; after each the hand stays on the lead."""
    happened = morning.shown(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(happened).to_contain_text(f"May {name.split()[0].lower()} drive it on Friday?")
    page.wait_for_function("window.htmx")
    keyboard.press("c", "Enter")
    expect(happened).to_contain_text("called: reached")
    _goes_on_from(page, "Log the call")
    keyboard.press("n")
    keyboard.type(f"{name} has an old car to give.")
    keyboard.press("Control+Enter")
    expect(happened).to_contain_text("has an old car to give.")
    _goes_on_from(page, "Save the note")
    keyboard.press("e")
    expect(page.get_by_role("button", name="Take it")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    keyboard.press("1")
    reply = page.get_by_role("textbox", name="E-mail")
    expect(reply).to_have_value(f"Hello {name}, the Škoda Superb costs €14,900. When suits you? Ana Aalto")
    expect(reply).to_be_focused()
    keyboard.press("Control+Enter")
    expect(happened).to_contain_text("wrote an e-mail")
    _goes_on_from(page, "Send")
    keyboard.press("t")
    keyboard.type("Ring about Friday")
    keyboard.press("Enter")
    expect(page.get_by_role("region", name="Next task")).to_contain_text("Ring about Friday")
    expect(page.get_by_label("Add a task")).to_be_focused()  # the form is folded again, where it opens from


def _goes_on_from(page: Page, button: str) -> None:
    """The hand is where it was, and no key is typed into a field."""
    expect(page.get_by_role("button", name=button, exact=True)).to_be_focused()


def _check(shop: Shop) -> None:
    """Every act on every lead is stored, as hers."""
    found = morning.became(shop.server, "ana@a.test")
    assert sorted(found) == sorted(NAMES)
    for name, lead in found.items():
        text = f"Hello {name}, the Škoda Superb costs €14,900. When suits you? Ana Aalto"
        assert lead == morning.Became(
            assignee="she", answered=True, notes=[f"{name} has an old car to give."], calls=["reached"],
            mails=[(text, True)], tasks=["Ring about Friday"],
        ), name  # fmt: skip
