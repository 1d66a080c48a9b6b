"""A test drive is booked, and called off by the link that the thanks give: with script, and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shop import READING, Shop, new_shopper

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
SLOT = "When would you like to drive it?"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_test_drive_is_booked_and_called_off(shop: Shop, visit: Visit, script: bool) -> None:
    page, (name, email) = visit(java_script_enabled=script), new_shopper()
    page.goto("/cars/tesla-model-3")
    if not script:
        page.get_by_role("link", name="Open the form on a page of its own").click()
    page.get_by_role("radio", name="Test drive").check()
    times = page.get_by_label(SLOT).locator("option")
    chosen = times.nth(1).get_attribute("value") or ""
    page.get_by_label(SLOT).select_option(chosen)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("E-mail", exact=True).fill(email)
    page.wait_for_timeout(READING)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Your own page").click()
    expect(page).to_have_url(re.compile(r"/my/[0-9a-f]{64}$"))
    expect(page.get_by_role("heading", name="Your visit")).to_be_visible()
    shop.mails(re.search(r"/my/[0-9a-f]+", page.url).group(), to=email)  # type: ignore[union-attr]
    page.get_by_label("Write to us").fill("I bring my daughter along")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("list").filter(has_text="I bring my daughter along")).to_be_visible()
    page.get_by_role("button", name="Cancel the visit").click()
    expect(page.get_by_role("region", name="Your visit")).to_contain_text("Cancelled")
    expect(page.get_by_role("button", name="Cancel the visit")).to_have_count(0)
    other = visit()
    other.goto("/cars/tesla-model-3/inquiry?interest=test_drive")
    expect(other.get_by_label(SLOT).locator(f'option[value="{chosen}"]')).to_have_count(1)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_offers_are_wanted_and_then_not_any_more(shop: Shop, visit: Visit, script: bool) -> None:
    page, (name, email) = visit(java_script_enabled=script), new_shopper()
    page.goto("/contact")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Send me offers by e-mail").check()
    page.wait_for_timeout(READING)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Your own page").click()
    shop.mails("You allowed us to send you offers.", to=email)
    page.get_by_role("button", name="No more offers").click()
    expect(page).to_have_url(re.compile(r"#offers$"))
    expect(page.get_by_role("region", name="Offers by e-mail")).to_contain_text("You get no offers from us")
    expect(page.get_by_role("button", name="No more offers")).to_have_count(0)
