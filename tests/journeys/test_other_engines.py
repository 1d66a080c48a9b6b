"""The main job once more where larger dealerships run it: on PostgreSQL, with Valkey and two web processes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.shop import Shop, fill_inquiry, new_shopper, sign_in
from tests.support import browser
from tests.support.server import Server
from tests.support.valkey import Valkey

pytestmark = pytest.mark.server


@pytest.fixture
def large_shop(tmp_path_factory: pytest.TempPathFactory, valkey: Valkey) -> Iterator[Shop]:
    """The same dealership on larger engines."""
    server = Server(tmp_path_factory.mktemp("shop"), "postgresql", REDIS_URL=valkey.url)
    try:
        found = Shop(server)
        server.start(processes=2, worker=True)
        yield found
    finally:
        server.stop()


def test_found_asked_mailed_worked_and_sold(large_shop: Shop, chromium: Browser) -> None:
    name, email = new_shopper()
    with browser.opened(chromium, large_shop.url) as shopper, browser.opened(chromium, large_shop.url) as staff:
        shopper.goto("/cars/")
        shopper.get_by_role("checkbox", name="Saab").check()
        expect(shopper.get_by_role("heading", level=1)).to_have_text("Cars 1")
        shopper.get_by_role("link", name="Saab 9-3").click()
        fill_inquiry(shopper, name, email, "On larger engines")
        shopper.get_by_role("button", name="Send").click()
        expect(shopper.get_by_role("heading", name="Thank you, we have your message")).to_be_visible()
        assert large_shop.mails("Thank you", to=email)
        assert large_shop.mails("On larger engines", to="ana@a.test")

        sign_in(staff, "boris")
        staff.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").click()
        staff.get_by_role("link", name=name).click()
        staff.get_by_role("button", name="Contacted").click()
        expect(staff.get_by_role("button", name="Qualified")).to_be_visible()
        staff.get_by_role("region", name="Car", exact=True).get_by_role("link").click()
        staff.get_by_role("button", name="Mark as sold").click()
        expect(staff.get_by_role("status").first).to_contain_text("Now: sold")
        for _ in range(4):  # whichever process answers, none remembers the car
            shopper.goto("/cars/?q=saab")
            expect(shopper.get_by_role("main")).to_contain_text("Nothing matches")
            expect(shopper.get_by_role("article").filter(has_text="Saab")).to_have_count(0)
