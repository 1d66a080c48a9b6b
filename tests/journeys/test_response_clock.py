"""An owner shuts the house for a day; the storefront and the clocks of leads follow; a call stops a clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shop import Shop, fill_inquiry, new_shopper, sign_in
from tests.support.browser import axe_violations, sideways

pytestmark = pytest.mark.server
Visit = Callable[..., Page]


def test_an_owner_sets_hours_and_a_call_stops_the_clock(shop: Shop, visit: Visit) -> None:
    today = datetime.now(ZoneInfo("Europe/Helsinki")).date()
    page, outside = visit(), visit()
    sign_in(page, "olga")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Opening hours").click()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(day, exact=True).fill("0–24")
    page.get_by_label("Open on day 1").fill("nine to five")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Write hours such as")
    assert axe_violations(page) == []
    assert sideways(page) == []

    page.get_by_label("Open on day 1").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    outside.goto("/contact")
    expect(outside.locator("body")).to_contain_text("Open until")
    name, address = new_shopper()
    fill_inquiry(outside, name, address, "Is it still there?")
    outside.get_by_role("button", name="Send").click()

    page.goto("/staff/leads/")
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("30 min left")
    row.get_by_role("link", name=name).click()
    clock = page.get_by_role("region", name="Response clock")
    expect(clock).to_contain_text("An automatic receipt does not stop the clock.")
    page.get_by_role("radio", name="Log a call").check()
    page.get_by_role("group", name="How did the call go?").get_by_label("No answer").check()
    page.get_by_role("button", name="Log the call").click()
    expect(page.get_by_role("main")).to_contain_text("called: no answer")
    expect(clock).to_contain_text("are left to answer")
    page.get_by_role("group", name="How did the call go?").get_by_label("Left a message").check()
    page.get_by_role("button", name="Log the call").click()
    expect(clock).to_contain_text("Answered in")

    page.goto("/staff/settings/hours")
    for at in (1, 2):
        page.get_by_label(f"Day {at}", exact=True).fill((today + timedelta(days=at - 1)).isoformat())
    page.get_by_role("button", name="Save").click()
    outside.goto("/contact")
    expect(outside.locator("body")).to_contain_text("Opens")
    expect(outside.locator("body")).not_to_contain_text("Open until")
