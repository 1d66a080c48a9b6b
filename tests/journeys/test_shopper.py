"""A shopper finds a car and asks about it: with script, without, and when things go wrong. Runs on the real server."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shop import Shop, fill_inquiry, new_shopper, sign_in

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
THANKS = "Thank you, we have your message"


def test_filter_a_car_ask_thanks_and_the_mail_is_in_the_folder(shop: Shop, visit: Visit) -> None:
    page, (name, email) = visit(), new_shopper()
    page.goto("/")
    page.get_by_role("link", name="All 32 cars").click()
    page.get_by_role("group", name="Make").get_by_role("checkbox", name="Tesla").check()
    expect(page).to_have_url(re.compile(r"/cars/\?make=tesla$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cars 1")
    page.get_by_role("link", name="Tesla Model 3").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tesla Model 3")
    fill_inquiry(page, name, email, "Is it still there on Saturday?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=THANKS)).to_be_focused()
    expect(page).to_have_url(re.compile(r"/cars/tesla-model-3$"))
    reference = page.get_by_role("status").locator("strong").text_content() or ""
    (receipt,) = shop.mails(reference, to=email)
    assert "/cars/tesla-model-3" in receipt
    (told,) = shop.mails(name, to="ana@a.test")
    assert "Is it still there on Saturday?" in told


def test_the_same_path_without_script(shop: Shop, visit: Visit) -> None:
    page, (name, email) = visit(java_script_enabled=False), new_shopper()
    page.goto("/cars/")
    page.get_by_role("checkbox", name="Tesla").check()
    page.get_by_role("button", name="Show cars").click()
    expect(page).to_have_url(re.compile(r"make=tesla"))
    page.get_by_role("link", name="Tesla Model 3").click()
    page.get_by_role("link", name="Open the form on a page of its own").click()
    expect(page).to_have_url(re.compile(r"/cars/tesla-model-3/inquiry$"))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Tell us your name")
    fill_inquiry(page, name, email, "Without script")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"/inquiry/thanks\?reference=\w"))
    expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
    page.reload()  # sends nothing again
    expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
    assert len(shop.mails("Without script", to="ana@a.test")) == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visit: Visit) -> None:
    page, (name, _email) = visit(), new_shopper()
    page.goto("/cars/tesla-model-3")
    fill_inquiry(page, name, "no-at-sign", "Kept words")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail", exact=True)).to_have_accessible_description("The e-mail needs an @ sign")
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Kept words")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("E-mail", exact=True)).to_be_focused()


def test_two_presses_on_send_are_one_inquiry(shop: Shop, visit: Visit) -> None:
    page, (name, email) = visit(), new_shopper()
    page.goto("/contact")
    fill_inquiry(page, name, email, "Pressed twice")
    page.get_by_role("button", name="Send").dblclick()
    expect(page).to_have_url(re.compile(r"/contact/thanks"))
    page.go_back()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Pressed twice")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"/contact/thanks"))
    assert len(shop.mails("Pressed twice", to="ana@a.test")) == 1


def test_two_presses_in_the_car_page_are_one_inquiry_too(shop: Shop, visit: Visit) -> None:
    page, (name, email) = visit(), new_shopper()
    page.goto("/cars/tesla-model-3")
    fill_inquiry(page, name, email, "Impatient")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    assert len(shop.mails("Impatient", to="ana@a.test")) == 1
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_filters_combine_go_with_the_back_button_and_leave_by_their_chips(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/")
    total, chips = page.get_by_role("heading", level=1), page.get_by_role("list", name="Chosen filters")
    page.get_by_role("checkbox", name="Volvo").check()
    expect(total).to_have_text("Cars 10")
    most = page.get_by_role("group", name="Price").get_by_label("At most")
    most.fill("12000")
    most.press("Enter")
    expect(total).to_have_text("Cars 3")
    page.go_back()
    expect(total).to_have_text("Cars 10")
    expect(page.get_by_role("checkbox", name="Volvo")).to_be_checked()
    expect(most).to_have_value("")
    page.go_forward()
    expect(total).to_have_text("Cars 3")
    expect(most).to_have_value("12000")
    chips.get_by_role("link", name="Volvo").click()
    expect(page.get_by_role("checkbox", name="Volvo")).not_to_be_checked()
    chips.get_by_role("link", name="Clear filters").click()
    expect(total).to_have_text("Cars 32")


def test_no_car_says_which_filter_to_drop(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/?make=tesla&fuel=diesel")
    expect(page.get_by_role("heading", level=1)).to_have_text("No cars match these filters")
    page.locator(".relax").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cars")


def test_pages_lead_on_and_back(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/?sort=price")
    expect(page.get_by_role("article")).to_have_count(24)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("25–32 / 32 cars")
    expect(page.get_by_role("article").last).to_contain_text("Price on request")
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("1–24 / 32 cars")


def test_the_photos_of_a_car_step_by_key_and_press(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/tesla-model-3")
    gallery, counter = page.locator("[data-gallery]"), page.locator("[data-gallery] .counter").first
    expect(counter).to_have_text("1 / 3")
    gallery.locator("[data-photo]").nth(1).click()
    expect(counter).to_have_text("2 / 3")
    page.keyboard.press("ArrowRight")
    expect(counter).to_have_text("3 / 3")
    gallery.locator("[data-main]").click()
    expect(page.locator("dialog.viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_be_hidden()


def test_a_sold_car_leaves_the_list_says_so_on_its_page_and_may_come_back(visit: Visit) -> None:
    shopper, manager = visit(), visit()
    shopper.goto("/cars/?make=saab")
    expect(shopper.get_by_role("heading", level=1)).to_have_text("Cars 1")
    sign_in(manager, "boris")
    manager.get_by_role("navigation").get_by_role("link", name="Cars").click()
    manager.get_by_label("Search the stock").fill("saab")
    manager.get_by_label("Search the stock").press("Enter")
    manager.get_by_role("link", name="Saab 9-3", exact=True).click()
    manager.get_by_role("button", name="Mark as sold").click()
    expect(manager.get_by_role("status").first).to_contain_text("Now: sold")
    shopper.reload()
    expect(shopper.get_by_role("heading", level=1)).to_have_text("No cars match these filters")
    shopper.goto("/cars/saab-9-3-to-sell")
    expect(shopper.get_by_role("main")).to_contain_text("This car was sold on")
    expect(shopper.get_by_role("heading", name="Tell me about the next one")).to_be_visible()

    manager.get_by_text("The sale fell through…").click()
    manager.get_by_label("What happened?").fill("The bank said no")
    manager.get_by_role("button", name="Put on sale again").click()
    expect(manager.get_by_role("status").first).to_contain_text("Now: available")
    shopper.goto("/cars/?make=saab")
    expect(shopper.get_by_role("heading", level=1)).to_have_text("Cars 1")


def test_the_calculator_answers_in_place_and_leads_to_a_question_about_finance(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/tesla-model-3")
    section = page.locator("#finance")
    figure = section.locator(".price").text_content() or ""
    section.get_by_label("Months").focus()
    section.get_by_label("Months").select_option("24")
    expect(section.locator(".price")).not_to_have_text(figure)
    expect(section.get_by_label("Months")).to_be_focused()
    section.get_by_label("Down payment, €").fill("0")
    page.keyboard.press("Tab")
    expect(section.get_by_text("with €0 paid at once")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/cars/tesla-model-3$"))
    section.get_by_role("link", name="Ask about finance").click()
    expect(page.get_by_role("radio", name="Finance")).to_be_checked()


def test_the_calculator_works_without_script(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/cars/tesla-model-3")
    page.get_by_label("Down payment, €").fill("1000")
    page.get_by_label("Months").select_option("24")
    page.get_by_role("button", name="Calculate").click()
    expect(page).to_have_url(re.compile(r"/cars/tesla-model-3/finance\?down=1000&months=24$"))
    expect(page.get_by_text("with €1,000 paid at once")).to_be_visible()
    expect(page.get_by_label("Down payment, €")).to_have_value("1000")
