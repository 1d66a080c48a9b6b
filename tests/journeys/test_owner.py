"""An owner's week, in a browser: points, a model that judges, reports, roles, opening hours, a dead letter."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from kroi.analytics.reports import service as reports
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from kroi.leads.scoring.learnt import service as learnt
from kroi.notifications.models import Outbox
from tests.journeys.shop import Shop, fill_inquiry, new_shopper, sign_in
from tests.leads.mail.rows import written
from tests.leads.scoring.outcomes import against_the_rules, decided_leads
from tests.support import databases, makers
from tests.support.server import Server

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A dealership with a past: decided leads, what was learnt from them, and a letter that failed for good."""
    server = Server(tmp_path_factory.mktemp("owner"), INQUIRY_LIMIT="1000")
    try:
        found = Shop(server)
        app = create_app(databases.settings_for(server.database_url, server.instance))
        with app.app_context(), acting_for(dealerships.get_only_or_by_host(None).id):
            _past()
        databases.dispose(app)
        server.start(worker=True)
        yield found
    finally:
        server.stop()


def _past() -> None:
    decided_leads(against_the_rules, 400)
    learnt.learn()
    mail = written(makers.make_lead("Dea Dletter", email="dea@letter.example"))
    with transaction():
        message = session.query(Outbox).filter_by(mail_id=mail.id).one()
        message.dead_at, message.attempts, message.last_error = clock.now(), 8, "SMTP 550"
    reports.count_again()


def test_a_learnt_model_judges_until_other_points_are_published(visit: Visit) -> None:
    owner, manager = visit(), visit()
    sign_in(manager, "boris")
    manager.goto("/staff/scoring/")
    expect(manager.get_by_role("img", name="On average")).to_be_visible()
    expect(manager.get_by_role("button", name="Let the model judge")).to_have_count(0)
    sign_in(owner, "olga")
    owner.goto("/staff/scoring/")
    owner.get_by_role("button", name="Let the model judge").click()
    expect(owner.get_by_role("main")).to_contain_text("It judges since")
    owner.get_by_role("button", name="Let the rules judge").click()
    expect(owner.get_by_role("button", name="Let the model judge")).to_be_visible()

    page = visit(java_script_enabled=False)
    sign_in(page, "olga")
    before = _score(page, "Rosa Rudder")
    page.goto("/staff/scoring/")
    page.get_by_role("link", name="Try other points").click()
    page.get_by_label("Asks about a car").fill("25")
    page.get_by_role("button", name="Try on past leads").click()
    expect(page.get_by_role("img", name="Of the best tenth by the rules in use")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Won, draft")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("main")).to_contain_text("Rule set 3")
    expect(page.get_by_role("main")).to_contain_text("The next training compares it anew.")
    assert _score(page, "Rosa Rudder") == before + 10


def test_a_score_is_set_by_hand_and_judged_again(visit: Visit) -> None:
    page = visit()
    sign_in(page, "ana")
    judged = _score(page, "Cleo Cleat")
    address = f"{page.get_by_role('link', name='Cleo Cleat', exact=True).get_attribute('href')}/score"
    page.goto(address)
    page.get_by_label("Score", exact=True).fill("97")
    page.get_by_label("Why?").fill("   ")
    page.get_by_role("button", name="Set the score").click()
    expect(page.get_by_label("Why?")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Score", exact=True)).to_have_value("97")
    page.get_by_label("Why?").fill("Was here on Saturday")
    page.get_by_role("button", name="Set the score").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cleo Cleat")
    assert _score(page, "Cleo Cleat") == 97
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("Was here on Saturday")
    page.get_by_role("button", name="Let it be judged again").click()
    assert _score(page, "Cleo Cleat") == judged


def test_a_report_is_read_for_days_of_ones_own_and_taken_along(visit: Visit) -> None:
    page = visit()
    sign_in(page, "boris")
    page.goto("/staff/reports/sales")
    page.get_by_role("link", name="90 days").click()
    expect(page.get_by_role("main")).to_contain_text("Compared with the 90 days before.")
    today = datetime.now(ZoneInfo("Europe/Helsinki")).date()
    page.get_by_label("From", exact=True).fill((today - timedelta(days=13)).isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("main")).to_contain_text("Compared with the 14 days before.")
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Download CSV").click()
    assert sheet.value.path().read_text(encoding="utf-8-sig").count("\n") > 1
    page.get_by_role("navigation", name="Which report").get_by_role("link", name="Stock").click()
    expect(page.get_by_role("table", name="Cars by days on sale")).to_be_visible()


def test_another_role_asks_for_the_password_again(visit: Visit) -> None:
    owner, ana = visit(), visit()
    sign_in(ana, "ana")
    sign_in(owner, "olga")
    owner.goto("/staff/users/")
    owner.get_by_role("link", name="Ana Aalto").click()
    owner.get_by_label("Role", exact=True).select_option("manager")
    owner.get_by_role("button", name="Change role").click()
    expect(owner.get_by_role("status")).to_be_visible()
    ana.goto("/staff/leads/")
    expect(ana.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_clock_of_a_lead_follows_the_opening_hours(visit: Visit) -> None:
    page, shopper = visit(java_script_enabled=False), visit()
    sign_in(page, "olga")
    page.goto("/staff/settings/hours")
    for day in DAYS:
        page.get_by_label(day, exact=True).fill("0–24")
    page.get_by_role("button", name="Save").click()
    name, email = new_shopper()
    shopper.goto("/contact")
    fill_inquiry(shopper, name, email, "Is it still there?")
    shopper.get_by_role("button", name="Send").click()
    expect(shopper.get_by_role("main")).to_contain_text("K-")
    expect(_row(page, name)).to_contain_text("left")
    page.goto("/staff/settings/hours")
    for day in DAYS:
        page.get_by_label(day, exact=True).fill("")
    page.get_by_label(DAYS[(datetime.now(ZoneInfo("Europe/Helsinki")).weekday() + 3) % 7], exact=True).fill("9–17")
    page.get_by_role("button", name="Save").click()
    expect(_row(page, name)).to_contain_text("starts")


def test_a_dead_letter_is_sent_again(shop: Shop, visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    sign_in(page, "olga")
    page.goto("/staff/operations/messages/")
    expect(page.get_by_role("main")).to_contain_text("failed for good")
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_role("main")).not_to_contain_text("failed for good")
    assert shop.mails("Come and see it.", "dea@letter.example")


def test_the_database_is_seen_from_inside(shop: Shop, visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    sign_in(page, "olga")
    page.goto("/staff/operations/")
    page.get_by_role("main").get_by_role("link", name="Database").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Database")
    expect(page.get_by_role("row").filter(has_text="Pages and chores")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Transactions")


def _row(page: Page, name: str) -> Locator:
    page.goto(f"/staff/leads/?tab=all&q={name.replace(' ', '+')}")
    return page.get_by_role("row").filter(has_text=name)


def _score(page: Page, name: str) -> int:
    return int(_row(page, name).locator(".score b").inner_text())
