"""Pages are counted once for each load by a person; machines, staff and fragments are not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from kroi.accounts.models import User
from kroi.analytics import queries, rules
from kroi.analytics.counting import service
from kroi.analytics.counting.flusher import Flusher
from kroi.analytics.counting.middleware import Counting
from kroi.analytics.counting.rules import Sight, tally
from kroi.analytics.models import VisitorMark, VisitorSalt
from kroi.analytics.rules import PageKind
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
PHONE = "Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Linux; Android 6.0.1) AppleWebKit/537.36 (compatible; bingbot/2.0)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0 Safari/537.36",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "curl/8.5.0", "python-requests/2.32", "Wget/1.21", "Go-http-client/2.0", "Java/17.0.2", "WhatsApp/2.23", "",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "TelegramBot (like TwitterBot)", "Slackbot-LinkExpanding 1.0", "UptimeRobot/2.0 (monitor)",
)  # fmt: skip
PEOPLE = (
    FIREFOX, PHONE,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) AppleWebKit/605 Mobile DuckDuckGo/7 Safari/605",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 YaBrowser/24.12 Safari/537.36",
)  # fmt: skip


def today() -> date:
    return clock.today("Europe/Helsinki")


def flush(app: Flask) -> None:
    found: Flusher = app.extensions["kroi.views"]
    found.flush()
    session.rollback()


def page_loads() -> int:
    return queries.list_days(today(), today())[0].pages


@pytest.fixture(autouse=True)
def nothing_seen(request: pytest.FixtureRequest) -> None:
    """What earlier tests looked at is not counted here."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app").extensions["kroi.views"]._seen.clear()


@pytest.fixture
def load(app: Flask) -> Callable[..., int]:
    """Loads a page through the counter, answered as said; how many page loads were counted."""

    def get(
        path: str = "/cars/", *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **more: Any
    ) -> int:
        before = page_loads()
        counter = Counting(lambda environ, start: start(status, [("Content-Type", kind)]) or [], note(app), "kroi")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "a.test", "REMOTE_ADDR": "192.0.2.1",
            "HTTP_USER_AGENT": FIREFOX,
        } | more  # fmt: skip
        list(counter(environ, lambda *_: None))
        flush(app)
        return page_loads() - before

    return get


def note(app: Flask) -> Callable[[tuple[str, ...]], None]:
    found: Flusher = app.extensions["kroi.views"]
    return found.note


def test_a_page_load_counts_once(load: Callable[..., int]) -> None:
    assert load() == 1
    assert load(status="304 NOT MODIFIED") == 1, "a page seen before is looked at again"


@pytest.mark.parametrize("more", [
    {"REQUEST_METHOD": "HEAD"}, {"REQUEST_METHOD": "POST"}, {"status": "404 NOT FOUND"}, {"status": "302 FOUND"},
    {"kind": "application/json"}, {"HTTP_HX_REQUEST_TYPE": "partial"}, {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
    {"HTTP_PURPOSE": "prefetch"}, {"HTTP_COOKIE": "a=b; kroi=secret"}, {"path": "/staff/"},
    {"path": "/static/x.css", "status": "304 NOT MODIFIED"}, {"path": "/media/1.webp", "status": "304 NOT MODIFIED"},
    {"path": "/api/health"}, {"HTTP_HOST": "nobody.test"},
])  # fmt: skip
def test_what_is_no_page_load_by_a_shopper_is_not_counted(load: Callable[..., int], more: dict[str, str]) -> None:
    assert load(**more) == 0


def test_a_cookie_of_a_similar_name_makes_nobody_staff(load: Callable[..., int]) -> None:
    assert load(HTTP_COOKIE="mykroi=1; x=kroi=2") == 1


def test_what_htmx_loads_as_a_whole_page_counts(load: Callable[..., int]) -> None:
    assert load(HTTP_HX_REQUEST="true", HTTP_HX_REQUEST_TYPE="full") == 1


@pytest.mark.parametrize("agent", BOTS)
def test_machines_are_not_counted(agent: str) -> None:
    assert rules.is_bot(agent)


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_counted(agent: str) -> None:
    assert not rules.is_bot(agent)


@pytest.mark.parametrize(("path", "page"), [
    ("/", (PageKind.HOME, None)), ("/sv/", (PageKind.HOME, None)), ("/fi", (PageKind.HOME, None)),
    ("/cars/", (PageKind.LISTING, None)), ("/en/cars/", (PageKind.LISTING, None)),
    ("/cars/audi-a4", (PageKind.CAR, "audi-a4")), ("/sv/cars/audi-a4", (PageKind.CAR, "audi-a4")),
    ("/cars/audi-a4/inquiry", (PageKind.ASK, None)), ("/cars/audi-a4/inquiry/thanks", (PageKind.THANKS, None)),
    ("/contact", (PageKind.CONTACT, None)), ("/contact/thanks", (PageKind.THANKS, None)),
    ("/privacy", (PageKind.PRIVACY, None)), ("/engines", (PageKind.OTHER, None)),
])  # fmt: skip
def test_pages_are_known_by_their_address_in_every_language(path: str, page: tuple[PageKind, str | None]) -> None:
    found = tally([Sight("a.test", path, "192.0.2.1", FIREFOX)], ("en", "fi", "sv"))
    assert list(found.pages) == [page[0]]
    assert list(found.slugs) == ([page[1]] if page[1] else [])


@given(st.text(), st.text(), st.text())
def test_nothing_that_a_visitor_sends_stops_the_counting(path: str, address: str, agent: str) -> None:
    tally([Sight("a.test", path, address, agent)], ("en",))


def test_views_of_a_car_are_counted_through_the_whole_application(app: Flask, client: Client) -> None:
    car, other = make_car(), make_car()
    for _ in range(3):
        answer = client.get(f"/cars/{car.slug}", headers={"User-Agent": FIREFOX})
        assert answer.status_code == 200
    client.get("/cars/unknown-car", headers={"User-Agent": FIREFOX})
    client.get(f"/cars/{other.slug}", headers={"User-Agent": "curl/8"})
    flush(app)
    assert queries.views_by_car(today(), today()) == {car.id: 3}
    assert queries.count_car_views(car.id, today(), today()) == 3
    assert queries.list_days(today(), today())[0].cars == 3


def test_signed_in_staff_are_not_counted(app: Flask, ana: User, signed_in: Callable[[User], Client]) -> None:
    car = make_car()
    assert signed_in(ana).get(f"/cars/{car.slug}", headers={"User-Agent": FIREFOX}).status_code == 200
    flush(app)
    assert queries.views_by_car(today(), today()) == {}


def test_counting_sends_no_query_and_no_cookie(app: Flask, client: Client) -> None:
    car = make_car()
    client.get(f"/cars/{car.slug}", headers={"User-Agent": "curl/8"})
    with counted_queries() as uncounted:
        client.get(f"/cars/{car.slug}", headers={"User-Agent": "curl/8"})
    with counted_queries() as counted:
        answer = client.get(f"/cars/{car.slug}", headers={"User-Agent": FIREFOX})
    assert _its_own(counted) == _its_own(uncounted)
    assert "Set-Cookie" not in answer.headers


def _its_own(statements: list[str]) -> list[str]:
    """What a request asks for itself: twice a second whoever comes looks for news of the stock as well."""
    return [each for each in statements if "FROM catalogue_changes" not in each]


def test_a_visitor_is_one_for_the_day_and_another_tomorrow(app: Flask, load: Callable[..., int]) -> None:
    for agent in (FIREFOX, FIREFOX, PHONE):
        load(HTTP_USER_AGENT=agent)
    load(REMOTE_ADDR="192.0.2.2")
    assert queries.list_days(today(), today())[0].visitors == 3
    tomorrow = clock.now() + timedelta(days=1)
    with time_machine.travel(tomorrow, tick=True):
        load()
        before = {row.digest for row in session.query(VisitorMark).filter_by(day=today() - timedelta(days=1))}
        after = {row.digest for row in session.query(VisitorMark).filter_by(day=today())}
        assert len(after) == 1 and not before & after


def test_over_night_visitors_become_a_number(app: Flask, load: Callable[..., int]) -> None:
    load()
    load(HTTP_USER_AGENT=PHONE)
    day = today()
    service.roll_up()
    assert session.query(VisitorMark).count() == 2, "today goes on"
    with time_machine.travel(clock.now() + timedelta(days=1), tick=True):
        load()
        service.roll_up()
        service.roll_up()
    assert [each.visitors for each in queries.list_days(day, day + timedelta(days=1))] == [2, 1]
    assert session.query(VisitorMark).count() == 1
    assert session.query(VisitorSalt).count() == 1


def test_no_address_and_no_browser_is_stored(app: Flask, load: Callable[..., int]) -> None:
    load(REMOTE_ADDR="198.51.100.77", HTTP_USER_AGENT=PHONE)
    for table in (VisitorMark, VisitorSalt):
        for row in session.query(table):
            values = " ".join(str(getattr(row, column.key)) for column in table.__table__.columns)
            assert "198.51" not in values and "CUBOT" not in values


def test_views_belong_to_the_dealership_of_the_host(app: Flask, load: Callable[..., int], there: Dealership) -> None:
    there_id = there.id
    assert load(HTTP_HOST="b.test") == 0
    with acting_for(there_id):
        assert page_loads() == 1


def test_while_the_database_is_away_the_counts_wait(
    app: Flask, load: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(service, "add", away)
        assert load() == 0
        assert load() == 0
    flush(app)
    assert page_loads() == 2
