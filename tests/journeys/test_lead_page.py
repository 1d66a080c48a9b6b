"""Every act of a lead's page without any script, and a mail that waits."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys import morning
from tests.journeys.shop import sign_in
from tests.support.server import Server

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
PDF: FilePayload = {
    "name": "offer.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n",
}


@pytest.fixture(scope="module")
def overnight() -> Callable[[Server], None]:
    """Ten leads came."""
    return morning.prepare


@pytest.fixture
def plain(visit: Visit) -> Page:
    """A window without script, where the owner is signed in."""
    page = visit(java_script_enabled=False)
    sign_in(page, "olga")
    return page


def test_calls_notes_mails_and_tasks_without_script(plain: Page) -> None:
    _open(plain, "Aada Berth")
    happened = morning.shown(plain)
    plain.get_by_role("radio", name="Log a call").check()
    plain.get_by_role("group", name="How did the call go?").get_by_label("No answer").check()
    plain.get_by_role("button", name="Log the call").click()
    expect(happened).to_contain_text("called: no answer")
    plain.get_by_role("radio", name="Note").check()
    plain.get_by_role("textbox", name="Note").fill("Has a dog.")
    plain.get_by_role("button", name="Save the note").click()
    expect(happened).to_contain_text("Has a dog.")
    plain.get_by_role("button", name="Come and drive it").click()
    expect(plain.get_by_role("textbox", name="E-mail")).to_have_value(_LETTER.format("Aada Berth", "Olga Oja"))
    plain.get_by_role("button", name="Preview").click()
    expect(plain.get_by_role("status").filter(has_text="the Škoda Superb costs")).to_be_visible()
    plain.get_by_role("button", name="Send", exact=True).click()
    expect(happened).to_contain_text("wrote an e-mail")
    plain.get_by_label("Add a task").click()
    plain.get_by_label("What to do").fill("Wash the car")
    plain.get_by_role("button", name="In a week").click()
    tasks = plain.get_by_role("region", name="Next task")
    tasks.get_by_role("button", name="Done: Wash the car").click()
    expect(tasks.get_by_role("button", name="Done: Wash the car")).to_have_count(0)
    expect(tasks).to_contain_text("Wash the car")


def test_it_is_taken_given_moved_and_lost_without_script(plain: Page) -> None:
    _open(plain, "Bea Berth")
    plain.get_by_role("button", name="Take it").click()
    expect(plain.get_by_role("region", name="Person")).to_contain_text("Olga Oja")
    plain.get_by_label("Give it to").select_option("Ana Aalto")
    plain.get_by_role("button", name="Assign").click()
    expect(plain.get_by_role("region", name="Person")).to_contain_text("Ana Aalto")
    plain.get_by_label("Give it to").select_option("Nobody yet")
    plain.get_by_role("button", name="Assign").click()
    expect(plain.get_by_role("button", name="Take it")).to_be_visible()
    way = plain.get_by_role("region", name="Move it along")
    way.get_by_role("button", name="Contacted").click()
    expect(way.locator("[aria-current]")).to_have_text("Contacted")
    way.get_by_text("Lost or spam…").click()
    way.get_by_label("Why?").select_option("price")
    way.get_by_role("button", name="Mark as lost").click()
    expect(plain.get_by_role("main")).to_contain_text("Lost: price.")
    _open(plain, "Carl Berth")
    way.get_by_text("Lost or spam…").click()
    way.get_by_role("button", name="Spam").click()
    expect(plain.get_by_role("main")).to_contain_text("Kept out as spam")
    way.get_by_role("button").first.click()
    expect(way.locator("[aria-current]")).to_have_text("New")


def test_files_the_score_and_the_way_to_erase_them_without_script(plain: Page) -> None:
    _open(plain, "Dora Berth")
    files = plain.get_by_role("region", name="Files")
    files.get_by_label("Add a file").click()
    files.get_by_label("PDF or pictures").set_input_files([PDF])
    files.get_by_role("button", name="Add", exact=True).click()
    with plain.expect_download() as download:
        files.get_by_role("link", name="offer.pdf").click()
    assert download.value.path().read_bytes() == PDF["buffer"]
    files.get_by_role("button", name="Delete offer.pdf").click()
    expect(files.get_by_role("link", name="offer.pdf")).to_have_count(0)
    lead = plain.url
    plain.get_by_role("link", name="Why, and set it by hand").click()
    plain.locator("[name=score]").fill("41")
    plain.locator("[name=reason]").fill("I know them.")
    plain.locator("form:has([name=score]) button[type=submit]").first.click()
    plain.goto(lead)
    expect(plain.get_by_role("region", name="Score")).to_contain_text("41")
    plain.get_by_role("link", name="Everything about Dora Berth").click()
    plain.get_by_role("link", name="Erase …").click()
    expect(plain.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize(("script", "name"), [(True, "Frans Berth"), (False, "Greta Berth")], ids=["script", "plain"])
def test_a_mail_waits_for_tomorrow_and_is_taken_back(visit: Visit, script: bool, name: str) -> None:
    page = visit(java_script_enabled=script)
    sign_in(page, "boris")
    _open(page, name)
    page.get_by_role("textbox", name="E-mail").fill("Sleep well.")
    page.get_by_text("Send later…").click()
    page.get_by_role("button", name="Tomorrow 08:00").click()
    letter = morning.shown(page).get_by_role("listitem").filter(has_text="Sleep well.")
    expect(letter).to_contain_text("waits, leaves on")
    letter.get_by_role("button", name="Cancel this e-mail").click()
    expect(letter).to_contain_text("it was cancelled")
    expect(letter.get_by_role("button", name="Send now")).to_have_count(0)


_LETTER = "Hello {}, the Škoda Superb costs €14,900. When suits you? {}"


def _open(page: Page, name: str) -> None:
    page.goto("/staff/leads/?tab=all")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
