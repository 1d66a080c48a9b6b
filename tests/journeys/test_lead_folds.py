"""What is folded on a lead's page, forms that add and a filter: by keyboard alone, and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.journeys import morning
from tests.journeys.shop import Shop, sign_in
from tests.support.server import Server

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
NO_PICTURE: FilePayload = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"milk, bread"}
MOST_TABS = 80


@pytest.fixture(scope="module")
def overnight() -> Callable[[Server], None]:
    """Ten leads came."""
    return morning.prepare


def test_a_task_and_the_filter_by_keyboard_alone(shop: Shop, visit: Visit) -> None:
    page = visit()
    _open(page, "ana", "Aada Berth")
    page.wait_for_function("window.htmx")
    _press(page, "n")
    page.keyboard.type("Has a dog.")
    expect(page.locator("#task-text")).to_be_hidden()
    _press(page, "Escape", "t")
    expect(page.locator("#task-text")).to_be_focused()
    _press(page, "Control+Enter")
    expect(page.locator("#task-text")).to_be_visible()  # it wants words: nothing was sent, and nothing folded
    page.keyboard.type("Ring about the dog")
    _press(page, "Enter")
    expect(page.get_by_role("region", name="Next task")).to_contain_text("Ring about the dog")
    expect(page.locator("#task-text")).to_be_hidden()
    expect(page.get_by_label("Add a task")).to_be_focused()
    _press(page, "n")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Has a dog.")  # typed before, and kept
    _press(page, "Control+Enter")
    happened = morning.shown(page)
    expect(happened).to_contain_text("Has a dog.")
    _press(page, "f")
    expect(happened.get_by_role("link", name="All")).to_be_focused()
    _tab_to(page, happened.get_by_role("link", name="Notes"))
    _press(page, "Enter")
    expect(happened).not_to_contain_text("planned a task")
    expect(happened).to_contain_text("Has a dog.")
    expect(happened.get_by_role("link", name="Notes")).to_have_attribute("aria-current", "true")
    expect(happened.get_by_role("link", name="Notes")).to_be_focused()


def test_a_task_half_typed_stays_open_when_something_else_is_saved(visit: Visit) -> None:
    page = visit()
    _open(page, "boris", "Bea Berth")
    page.wait_for_function("window.htmx")
    _press(page, "t")
    page.keyboard.type("Half a ta")
    _press(page, "Escape", "c", "Enter")
    expect(morning.shown(page)).to_contain_text("called: reached")
    expect(page.locator("#task-text")).to_be_visible()
    expect(page.locator("#task-text")).to_have_value("Half a ta")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_file_that_is_refused_leaves_its_form_open(visit: Visit, script: bool) -> None:
    page = visit(java_script_enabled=script)
    _open(page, "boris", "Carl Berth")
    files = page.get_by_role("region", name="Files")
    expect(files.get_by_label("PDF or pictures")).to_be_hidden()
    _tab_to(page, files.get_by_label("Add a file"))
    _press(page, "Enter")
    files.get_by_label("PDF or pictures").set_input_files([NO_PICTURE])
    files.get_by_role("button", name="Add", exact=True).click()
    expect(files.locator(".error")).to_be_visible()
    expect(files.get_by_label("PDF or pictures")).to_be_visible()


@pytest.mark.parametrize(("script", "name"), [(True, "Dora Berth"), (False, "Eino Berth")], ids=["script", "plain"])
def test_what_happened_is_narrowed_and_widened(visit: Visit, script: bool, name: str) -> None:
    page = visit(java_script_enabled=script)
    _open(page, "boris", name)
    page.get_by_role("button", name="Take it").click()
    happened = morning.shown(page)
    expect(happened).to_contain_text("took it")
    happened.get_by_text("Filter").click()
    happened.get_by_role("link", name="Messages").click()
    expect(happened).not_to_contain_text("took it")
    expect(happened).to_contain_text("drive it on Friday?")
    happened.get_by_role("link", name="Changes").click()
    expect(happened).to_contain_text("took it")
    expect(happened).not_to_contain_text("drive it on Friday?")
    expect(happened.get_by_role("link", name="Changes")).to_have_attribute("aria-current", "true")
    happened.get_by_role("link", name="All").click()
    expect(happened.get_by_role("listitem").filter(has_text="drive it on Friday?")).to_be_visible()
    expect(happened).to_contain_text("took it")


def _open(page: Page, who: str, name: str) -> None:
    sign_in(page, who)
    page.goto("/staff/leads/?tab=all")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(page: Page, target: Locator) -> None:
    for _ in range(MOST_TABS):
        if target.evaluate("(each) => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {target}")
