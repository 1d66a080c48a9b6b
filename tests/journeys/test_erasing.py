"""A shopper asks to be erased; the owner finds the wish, looks at what goes, erases; nobody else may."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shop import fill_inquiry, sign_in

pytestmark = pytest.mark.server
Visit = Callable[..., Page]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_who_asks_to_be_erased_is_found_erased_and_gone(visit: Visit, script: bool) -> None:
    name = "Greta Gone" if script else "Gustav Gone"
    shopper = visit()
    shopper.goto("/cars/tesla-model-3")
    fill_inquiry(shopper, name, f"{name.split()[0].lower()}@gone.example", "Is it still there?")
    shopper.get_by_role("button", name="Send").click()
    shopper.get_by_role("link", name="Your own page").click()
    own = shopper.url
    shopper.get_by_role("link", name="Delete me").click()
    shopper.get_by_role("button", name="Delete me").click()
    expect(shopper.get_by_role("main")).to_contain_text("We do it within one month")

    seller = visit(java_script_enabled=script)
    sign_in(seller, "ana")
    answer = seller.goto("/staff/privacy/")
    assert answer is not None and answer.status == 403

    page = visit(java_script_enabled=script)
    sign_in(page, "olga")
    page.goto("/staff/")
    page.get_by_role("link", name="wants to be erased").or_(page.get_by_role("link", name="want to be erased")).click()
    page.get_by_role("link", name=f"Erase {name}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Erase {name}?")
    expect(page.get_by_role("main")).to_contain_text("1 inquiry")
    page.get_by_label("I understand that nobody can bring it back.").check()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("status").first).to_contain_text("Erased, with 1 inquiry")

    page.goto("/staff/privacy/")
    expect(page.get_by_role("main")).not_to_contain_text(name)
    gone = shopper.goto(own)
    assert gone is not None and gone.status == 404
    expect(shopper.get_by_role("heading", level=1)).to_have_text("This link does not work")
