"""A shopper chooses among cars: favourites, side by side, seen before, on paper. Nothing of it leaves their browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_keyboard import _tab_to

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
_SHIFTS = """() => new Promise((done) => {
  const moved = [], name = (part) => part.node?.outerHTML?.slice(0, 60) ?? part.node?.textContent;
  const from = (part) => `${name(part)}: ${JSON.stringify(part.previousRect)} to ${JSON.stringify(part.currentRect)}`;
  const parsed = performance.getEntriesByType("navigation")[0].domInteractive; // scripts begin then
  const note = (each) => each.startTime > parsed && moved.push(...each.sources.map(from));
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 300);
})"""


def hearts(page: Page) -> Page:
    page.goto("/cars/?sort=price&make=volvo&make=tesla")
    expect(page.locator(".card .heart")).to_have_count(11)
    return page


def keep(page: Page, **lists: str) -> None:
    """What this browser has from earlier visits."""
    page.goto("/robots.txt")
    page.evaluate("(lists) => Object.assign(localStorage, lists)", lists)


def test_a_heart_a_count_the_list_and_the_cars_side_by_side(visit: Visit) -> None:
    page = hearts(visit())
    first, tesla = page.locator(".card .heart").first, page.get_by_role("button", name="Save Tesla Model 3")
    expect(first).to_have_attribute("aria-pressed", "false")
    first.click()
    tesla.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    link = page.get_by_role("banner").get_by_role("link", name="Favourites")
    expect(link).to_have_text("Favourites 2")
    page.reload()
    expect(tesla).to_have_attribute("aria-pressed", "true")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Favourites 2")
    expect(page.get_by_role("article").first).to_contain_text("Tesla")  # kept last
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/compare\?car=tesla-model-3&car=volvo-v60-\d+$"))
    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_role("row", name="Fuel").get_by_role("cell").first).to_have_text("Electric")
    page.get_by_role("link", name="Remove Tesla Model 3").click()
    expect(page.get_by_role("main")).to_contain_text("Volvo V60 is in")


def test_only_the_differences_are_shown_when_asked_for(visit: Visit) -> None:
    page = hearts(visit())
    slugs = [each.get_attribute("data-heart") for each in page.locator(".card .heart").all()[:2]]
    page.goto(f"/compare?car={slugs[0]}&car={slugs[1]}")
    same, differs = page.get_by_role("row", name="Body"), page.get_by_role("row", name="Mileage")
    expect(same).to_be_visible()
    page.get_by_label("Show only the differences").check()
    expect(same).to_be_hidden()
    expect(differs).to_be_visible()


def test_choosing_by_keyboard_alone(visit: Visit) -> None:
    page = hearts(visit())
    for heart in (page.locator(".card .heart").nth(0), page.locator(".card .heart").nth(1)):
        _tab_to(page, heart)
        page.keyboard.press("Space")
        expect(heart).to_have_attribute("aria-pressed", "true")
        expect(heart).to_be_focused()
    page.goto("/")
    _tab_to(page, page.get_by_role("banner").get_by_role("link", name="Favourites"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Favourites 2")
    box = page.get_by_role("checkbox").first
    _tab_to(page, box)
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    page.keyboard.press("Space")
    _tab_to(page, page.get_by_role("button", name="Compare"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/compare"))
    table = page.get_by_role("region", name="Comparison")
    _tab_to(page, table)
    expect(table).to_be_focused()


def test_without_script_cars_are_compared_and_a_list_can_be_read(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/cars/tesla-model-3")
    expect(page.get_by_role("button", name="Save Tesla Model 3")).to_be_hidden()
    page.get_by_role("main").get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Tesla Model 3 is in")
    page.get_by_role("link", name=re.compile("^Compare Tesla Model 3 with")).first.click()
    expect(page.get_by_role("columnheader")).to_have_count(2)
    address = page.url
    page.goto("/favourites")
    expect(page.get_by_role("main")).to_contain_text("Your own browser keeps them, and JavaScript is off in it.")
    page.goto(address.replace("/compare", "/favourites"))
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(address)


def test_the_second_car_joins_the_first_though_the_first_comparison_was_left_before_it_came(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/tesla-model-3")
    page.route("**/compare*", lambda route: route.abort())
    page.get_by_role("main").get_by_role("link", name="Compare", exact=True).click()
    page.unroute("**/compare*")
    page.goto("/cars/saab-9-3-to-sell")
    page.get_by_role("main").get_by_role("link", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(r"/compare\?car=tesla-model-3&car=saab-9-3-to-sell$"))
    expect(page.get_by_role("columnheader")).to_have_count(2)


def test_cars_that_are_gone_leave_the_list_and_the_count(visit: Visit) -> None:
    page = visit()
    keep(page, saved="ghost-1 tesla-model-3 ghost-2")
    page.goto("/favourites")
    expect(page.get_by_role("main")).to_contain_text("2 of these cars are no longer for sale")
    expect(page.get_by_role("banner").get_by_role("link", name="Favourites")).to_have_text("Favourites 1")
    page.get_by_role("button", name="Save Tesla Model 3").click()
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Nothing kept yet")


def test_the_cars_seen_last_wait_on_other_pages_until_they_are_forgotten(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/tesla-model-3")
    seen = page.get_by_role("heading", name="Seen last")
    expect(seen).to_be_hidden()
    page.goto("/cars/saab-9-3-to-sell")
    expect(page.locator("[data-seen]").get_by_role("link")).to_have_text(["Tesla Model 3"])
    page.goto("/")
    expect(page.locator("[data-seen]").get_by_role("link")).to_have_text(["Saab 9-3", "Tesla Model 3"])
    page.get_by_role("button", name="Forget them").click()
    expect(seen).to_have_count(0)
    page.reload()
    expect(seen).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "paths"),
    [(390, ("/", "/favourites", "/cars/tesla-model-3")), (1280, ("/cars/", "/favourites", "/cars/saab-9-3-to-sell"))],
)
def test_nothing_moves_for_what_a_browser_keeps(visit: Visit, width: int, paths: tuple[str, ...]) -> None:
    page = visit(viewport={"width": width, "height": 900})
    keep(page, saved="tesla-model-3 saab-9-3-to-sell", seen="tesla-model-3 saab-9-3-to-sell")
    moved = {}
    for path in paths:
        page.goto(path, wait_until="networkidle")
        moved[path] = page.evaluate(_SHIFTS)
    assert {path: parts for path, parts in moved.items() if parts} == {}


def test_where_a_browser_forbids_to_keep_things_hearts_work_on_their_page(visit: Visit) -> None:
    page = visit()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })")
    page.goto("/cars/tesla-model-3")
    heart = page.get_by_role("button", name="Save Tesla Model 3")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_photo_is_seen_closely_by_key_press_and_drag(visit: Visit) -> None:
    page = visit()
    page.goto("/cars/tesla-model-3")
    page.locator("[data-main]").click()
    photo, zoom = page.locator(".viewer .photo"), page.get_by_role("button", name="Zoom")

    def place() -> list[int]:
        found: list[int] = photo.evaluate("(box) => [box.scrollLeft, box.scrollTop]")
        return found

    page.keyboard.press("+")
    expect(zoom).to_have_attribute("aria-pressed", "true")
    middle = place()
    assert min(middle) > 0
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert place()[0] > middle[0] and place()[1] > middle[1]
    expect(page.locator(".viewer header span")).to_have_text("1 / 3")  # arrows move about, they do not step
    page.mouse.move(600, 500)
    page.mouse.down()
    page.mouse.move(500, 450, steps=4)
    page.mouse.up()
    expect(zoom).to_have_attribute("aria-pressed", "true")  # a drag is no press
    assert place()[0] > middle[0] + 100
    page.keyboard.press("-")
    expect(zoom).to_have_attribute("aria-pressed", "false")
    photo.dblclick(position={"x": 10, "y": 10})
    expect(zoom).to_have_attribute("aria-pressed", "true")
    assert place() == [0, 0] or max(place()) < 40  # where it was pressed
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_be_hidden()


@pytest.mark.parametrize("slug", ["tesla-model-3", "saab-9-3-to-sell"])
def test_the_window_sheet_is_one_page(visit: Visit, slug: str) -> None:
    page = visit()
    page.goto(f"/cars/{slug}")
    page.get_by_role("main").get_by_role("link", name="Print").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45]\.?\d* 84[12]\.?\d*\s*\]", printed)  # A4 in points
