"""Staff work a lead that a shopper left: sign in, inbox, lead, status, note, call, task, assignment."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.shop import Shop, fill_inquiry, new_shopper, sign_in

pytestmark = pytest.mark.server
Visit = Callable[..., Page]


def test_a_lead_is_found_in_the_inbox_and_worked(shop: Shop, visit: Visit) -> None:
    name = _ask(visit(), "May I drive it on Friday?")
    (told,) = shop.mails(name, to="ana@a.test")
    page = visit()
    sign_in(page, "ana")
    page.goto(_address(told))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(_timeline(page)).to_contain_text("May I drive it on Friday?")

    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("button", name="Take it")).to_have_count(0)
    page.get_by_role("radio", name="Log a call").check()
    page.get_by_role("group", name="How did the call go?").get_by_label("Reached").check()
    page.get_by_role("button", name="Log the call").click()
    expect(_timeline(page)).to_contain_text("called: reached")
    page.get_by_role("radio", name="Note").check()
    page.get_by_role("textbox", name="Note").fill("Comes on Friday at three.")
    page.get_by_role("button", name="Save the note").click()
    expect(_timeline(page)).to_contain_text("Comes on Friday at three.")
    page.get_by_label("Add a task").click()
    page.get_by_label("What to do").fill("Wash the car")
    page.get_by_label("By", exact=True).fill("2030-03-01T09:30")
    page.get_by_role("button", name="Plan it").click()
    tasks = page.get_by_role("region", name="Next task")
    expect(tasks.get_by_role("listitem").first).to_contain_text("Wash the car")
    tasks.get_by_role("button", name="Done: Wash the car").click()
    expect(tasks.get_by_role("button", name="Done: Wash the car")).to_have_count(0)

    page.reload()
    for words in ("called: reached", "Comes on Friday at three.", "Wash the car"):
        expect(page.get_by_role("main")).to_contain_text(words)


def test_a_lead_moves_along_and_nothing_leaps(visit: Visit) -> None:
    page = visit()
    sign_in(page, "boris")
    _open(page, "Lee Dinghy")
    moves = page.get_by_role("region", name="Move it along")
    expect(moves.get_by_role("button", name="Won")).to_have_count(0)
    moves.get_by_role("button", name="Contacted").click()
    moves.get_by_role("button", name="Qualified").click()
    expect(moves.get_by_role("button", name="Negotiating")).to_be_visible()
    moves.get_by_text("Lost…").click()
    moves.get_by_label("Why?").select_option("price")
    moves.get_by_role("button", name="Mark as lost").click()
    expect(page.get_by_role("main")).to_contain_text("Lost: price.")


def test_a_manager_gives_a_lead_to_somebody_who_then_has_it_among_theirs(visit: Visit) -> None:
    manager, sales = visit(), visit()
    sign_in(manager, "boris")
    _open(manager, "Rosa Rudder")
    manager.get_by_label("Give it to").select_option("Ana Aalto")
    manager.get_by_role("button", name="Assign").click()
    expect(manager.get_by_role("region", name="Person")).to_contain_text("Ana Aalto")
    sign_in(sales, "ana")
    sales.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").click()
    sales.get_by_role("navigation", name="Which leads").get_by_role("link", name="Mine").click()
    expect(sales.get_by_role("link", name="Rosa Rudder")).to_be_visible()


def test_a_lead_is_worked_without_script(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    sign_in(page, "boris")
    _open(page, "Cleo Cleat")
    page.get_by_role("radio", name="Note").check()
    page.get_by_role("textbox", name="Note").fill(" ")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the note first.")
    page.get_by_role("textbox", name="Note").fill("None at all")
    page.get_by_role("button", name="Save the note").click()
    expect(_timeline(page)).to_contain_text("None at all")
    page.get_by_role("button", name="Contacted").click()
    expect(page.get_by_role("button", name="Qualified")).to_be_visible()


def test_who_is_signed_out_is_led_back_to_where_they_were(visit: Visit) -> None:
    page = visit()
    page.goto("/staff/leads/?tab=all")
    expect(page).to_have_url(re.compile(r"/staff/sign-in\?next="))
    page.get_by_label("E-mail").fill("ana@a.test")
    page.get_by_label("Password", exact=True).fill("not my password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value("ana@a.test")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/staff/leads/\?tab=all$"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    page.go_back()
    page.reload()
    expect(page).to_have_url(re.compile(r"/staff/sign-in"))


def test_a_new_car_is_a_draft_until_it_goes_on_sale(visit: Visit) -> None:
    page, shopper = visit(), visit()
    sign_in(page, "boris")
    page.goto("/staff/cars/")
    page.get_by_role("link", name="Add a car").click()
    page.get_by_label("Make").fill("Lada")
    page.get_by_label("Model", exact=True).fill("Niva")
    page.get_by_label("Price").fill("cheap")
    page.get_by_role("button", name="Add the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Price, €: ")
    page.get_by_label("Price").fill("4900")
    page.get_by_role("button", name="Add the draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lada Niva")
    shopper.goto("/cars/?q=niva")
    expect(shopper.get_by_role("heading", level=1)).to_contain_text("Cars")
    expect(shopper.get_by_role("article").filter(has_text="Niva")).to_have_count(0)
    page.get_by_role("button", name="Put on sale").click()
    expect(page.get_by_role("status").first).to_contain_text("Now: available")
    shopper.reload()
    expect(shopper.get_by_role("article")).to_contain_text("4,900")


def _ask(page: Page, message: str) -> str:
    """A new shopper asks about a car; their name."""
    name, email = new_shopper()
    page.goto("/cars/tesla-model-3")
    fill_inquiry(page, name, email, message)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you, we have your message")).to_be_visible()
    return name


def _open(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").click()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def _address(mail: str) -> str:
    found = re.search(r"http://\S+/staff/leads/\d+", mail)
    assert found, mail
    return found.group()


def _timeline(page: Page) -> Locator:
    return page.get_by_role("region", name="What happened")
