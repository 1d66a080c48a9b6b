"""A manager sets the round up, a shopper asks, and the lead's page says whose it is and why; its owner leaves early."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shop import Shop, fill_inquiry, new_shopper, sign_in

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_lead_is_given_in_turn_and_says_why(shop: Shop, visit: Visit, script: bool) -> None:
    manager = visit(java_script_enabled=script)
    sign_in(manager, "boris")
    manager.goto("/staff/assignment/")
    manager.get_by_role("link", name="Ana Aalto").click()
    manager.get_by_label("Own hours", exact=True).first.check(force=True)
    for day in DAYS:
        manager.get_by_label(day).fill("0–24")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_role("main")).to_contain_text("On shift")
    manager.get_by_role("navigation", name="You are here").get_by_role("link", name="The round").click()
    manager.get_by_label("Give new leads in turn").check()
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_role("row", name="Ana Aalto")).to_contain_text("Next")

    name = _ask(visit())
    manager.goto(f"/staff/leads/?tab=all&q={name.replace(' ', '+')}")
    manager.get_by_role("link", name=name, exact=True).click()
    expect(manager.get_by_role("main")).to_contain_text("gave it to Ana Aalto, the only one who could take it")
    manager.goto("/staff/assignment/fairness")
    expect(manager.get_by_role("img", name="given in turn")).to_be_visible()

    seller = visit(java_script_enabled=script)
    sign_in(seller, "ana")
    seller.goto("/staff/assignment/")
    seller.get_by_role("button", name="Away for the rest of today").click()
    expect(seller.get_by_role("row", name="Ana Aalto")).to_contain_text("Away")
    seller.get_by_role("button", name="I am back").click()
    expect(seller.get_by_role("row", name="Ana Aalto")).to_contain_text("On shift")


def _ask(page: Page) -> str:
    name, email = new_shopper()
    page.goto("/contact")
    fill_inquiry(page, name, email, "Is the blue one still there?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("main")).to_contain_text("K-")
    return name
