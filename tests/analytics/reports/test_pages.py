"""The pages of the reports: what they say, to whom, and how little they ask of the database."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kroi.accounts.models import User
from kroi.analytics.counting import service as counting
from kroi.analytics.counting.rules import Tally
from kroi.analytics.reports import queries, service
from kroi.analytics.rules import PageKind
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.leads import service as leads
from kroi.leads.models import Lead
from kroi.leads.rules import CallOutcome, LeadStatus
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
PAGES = ("/staff/reports/", "/staff/reports/sales", "/staff/reports/stock")


def won_by(user: User, name: str) -> None:
    """A lead that this person won."""
    lead = make_lead(name, assignee_id=user.id)
    with transaction():
        lead = session.get_one(Lead, lead.id)
        leads.log_call(lead, CallOutcome.REACHED)
        for target in (LeadStatus.CONTACTED, LeadStatus.APPOINTMENT, LeadStatus.WON):
            leads.change_status(lead, target)
    service.count_again()


def test_a_manager_sees_everybodys_figures(signed_in: SignIn, ana: User, boris: User) -> None:
    won_by(ana, "First")
    won_by(boris, "Second")
    page = signed_in(boris).get("/staff/reports/sales").text
    assert "Ana Aalto" in page and "Boris Berg" in page and "By source" in page
    assert "Stock" in page and "From look to sale" in page


def test_sales_see_their_own_figures_and_nobody_elses(signed_in: SignIn, ana: User, boris: User) -> None:
    won_by(ana, "First")
    won_by(boris, "Second")
    for path in ("/staff/reports/", "/staff/reports/sales"):
        page = signed_in(ana).get(path).text
        assert "Boris Berg" not in page and "By source" not in page and "/staff/reports/stock" not in page
    sheet = signed_in(ana).get("/staff/reports/answers.csv").text.splitlines()
    assert sum(int(line.split(",")[1].strip('"')) for line in sheet[1:]) == 1


def test_before_the_worker_has_counted_the_page_says_so(signed_in: SignIn, boris: User) -> None:
    for path in PAGES:
        assert "Nothing is counted yet" in signed_in(boris).get(path).text
    service.count_again()
    assert "Counted up to" in signed_in(boris).get("/staff/reports/").text


@pytest.mark.parametrize("asked", ["days=7", "days=365", "from=2026-01-01&to=2026-03-01", "days=x&from=1&to=%00"])
@pytest.mark.parametrize("path", PAGES)
def test_every_span_of_days_has_its_page(signed_in: SignIn, boris: User, path: str, asked: str) -> None:
    won_by(boris, "First")
    assert signed_in(boris).get(f"{path}?{asked}").status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/staff/reports/stock.csv"])
def test_a_page_asks_the_database_ten_times_at_most(signed_in: SignIn, ana: User, boris: User, path: str) -> None:
    for number in range(6):
        won_by(ana if number % 2 else boris, f"Shopper {number}")
        make_car()
    client = signed_in(boris)
    with counted_queries() as sent:
        assert client.get(path).status_code == 200
    assert len(sent) <= 10


def test_a_look_an_answer_and_a_sale_stand_in_the_funnel(signed_in: SignIn, boris: User) -> None:
    car = make_car(model="Q7")
    lead = make_lead("Asks", car_id=car.id)
    with transaction():
        counting.add(
            clock.today("Europe/Helsinki"), Tally(pages=Counter({PageKind.CAR: 40}), slugs=Counter({car.slug: 40}))
        )
        leads.log_call(session.get_one(Lead, lead.id), CallOutcome.REACHED)
    service.count_again()
    page = signed_in(boris).get("/staff/reports/sales").text
    steps = [re.sub(r"<[^>]*>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)[1:6]]
    assert [" ".join(step) for step in steps] == [
        "Looks at a car 40",
        "Questions 1 2.5%",
        "Answered 1 100%",
        "Visits 0 0%",
        "Sales 0 –",
    ]
    assert "Audi Q7" in page


def test_a_car_nobody_looks_at_says_why_it_stands(signed_in: SignIn, boris: User) -> None:
    make_car(model="Q2", photo_count=1, listed_at=clock.now() - timedelta(days=90), cost_cents=10_000_00)
    page = signed_in(boris).get("/staff/reports/stock").text
    assert "too few photos" in page and "€370" in page


def test_a_sheet_holds_no_formula(signed_in: SignIn, boris: User) -> None:
    make_car(make="=HYPERLINK(1)", listed_at=clock.now())
    sheet = signed_in(boris).get("/staff/reports/stock.csv")
    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert '"\'=HYPERLINK(1) A4"' in sheet.text


def test_every_car_on_sale_is_on_a_page_and_in_the_sheet(signed_in: SignIn, boris: User) -> None:
    now = clock.now()
    with transaction():
        for n in range(queries.SHOWN * 2 + 3):
            make_car(make="Saab", model=f"No {n:03}", listed_at=now - timedelta(hours=n + 1))
    client, address, seen = signed_in(boris), "/staff/reports/stock?days=7", []
    while address:
        page = client.get(address).text
        seen.append(re.findall(r"Saab No (\d{3})", page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
        assert not address or "days=7" in address
    assert [len(each) for each in seen] == [50, 50, 3]
    whole = [number for page in seen for number in page]
    assert whole == [f"{n:03}" for n in reversed(range(103))], "who has stood longest comes first, nobody twice"
    sheet = client.get("/staff/reports/stock.csv").text
    assert re.findall(r"Saab No (\d{3})", sheet) == whole


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "999999999", "2.5", "99999"])
def test_a_page_that_there_is_not_is_no_fault(signed_in: SignIn, boris: User, page: str) -> None:
    make_car(listed_at=clock.now())
    assert signed_in(boris).get("/staff/reports/stock", query_string={"page": page}).status_code == 200


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Europe/Helsinki"])
def test_a_day_is_the_dealerships_day(signed_in: SignIn, boris: User, zone: str) -> None:
    """The clock goes back on 25 October in Europe, and on 1 November in New York."""
    with transaction():
        dealerships.change_profile(current_dealership_id(), time_zone=zone)
    where = ZoneInfo(zone)
    for day in (25, 32):
        for clock_time in (time(0, 0, 0), time(23, 59, 59)):
            local = datetime.combine(date(2026, 9, 30) + timedelta(days=day), clock_time, where)
            make_lead(received_at=local.astimezone(UTC))
    service.count_again()
    client = signed_in(boris)
    sheet = client.get("/staff/reports/answers.csv?from=2026-10-24&to=2026-11-02").text
    counts = [line.replace('"', "").split(",")[:2] for line in sheet.splitlines()[1:]]
    assert [each for each in counts if each[1] != "0"] == [["2026-10-25", "2"], ["2026-11-01", "2"]]
    assert len(counts) == 10
