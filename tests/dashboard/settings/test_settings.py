"""The settings: owners set up the house; what is wrong is said beside the field; the storefront follows at once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.db.model import session
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from tests.leads.clock.asked import MONDAY_NOON, ask
from tests.support.client import Client
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
PROFILE = {
    "name": "Harbour Motors", "phone": "+358 9 123", "email": "hello@harbour.example", "street": "Quay 1",
    "postal_code": "00100", "city": "Helsinki", "country": "FI", "time_zone": "Europe/Helsinki", "currency": "EUR",
    "language": "en", "languages": ["sv"],
}  # fmt: skip
ANSWERS = {"answer": "20", "give_back": "30", "tell": "40"}


@pytest.fixture
def page(monday_noon: time_machine.Traveller, signed_in: SignIn, olga: User) -> Client:
    """An owner's browser."""
    return signed_in(olga)


@pytest.fixture
def monday_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_NOON, tick=False) as traveller:
        yield traveller


def entry() -> AuditEntry:
    """What was audited last about settings."""
    query = select(AuditEntry).where(AuditEntry.action == "settings.changed").order_by(AuditEntry.number.desc())
    found = session.scalars(query).first()
    assert found is not None
    return found


@pytest.mark.parametrize("address", ["/staff/settings/", "/staff/settings/hours", "/staff/settings/answers"])
def test_an_owner_sees_how_things_are(page: Client, address: str) -> None:
    with counted_queries() as queries:
        text = page.get(address).text
    assert len(queries) <= 10
    assert "Save" in text
    assert 'href="/staff/settings/hours"' in text


@pytest.mark.parametrize("address", ["/staff/settings/", "/staff/settings/hours", "/staff/settings/answers"])
@pytest.mark.parametrize("who", ["ana", "boris"])
def test_nobody_else_may(request: pytest.FixtureRequest, signed_in: SignIn, who: str, address: str) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(address).status_code == 403
    assert browser.post(address, data={}).status_code == 403
    assert "/staff/settings/" not in browser.get("/staff/").text


def test_a_new_name_and_address_stand_on_the_storefront_at_once(page: Client, client: Client, here: Dealership) -> None:
    assert "Harbour Motors" not in client.get("/contact").text
    assert "A Motors" in client.get("/").text
    assert page.post("/staff/settings/", data=PROFILE).status_code == 303
    assert "Quay 1" in client.get("/contact").text
    assert "Harbour Motors" in client.get("/").text
    assert client.get("/sv/").status_code == 200
    assert "Harbour Motors" in page.get("/staff/settings/").text


def test_the_audit_says_before_and_after_of_what_changed_alone(page: Client, here: Dealership) -> None:
    page.post("/staff/settings/", data=PROFILE)
    page.post("/staff/settings/", data=PROFILE | {"city": "Turku"})
    assert entry().details == {"before": {"city": "Helsinki"}, "after": {"city": "Turku"}}
    assert (entry().subject_kind, entry().subject_id) == ("dealership", here.id)


def test_saving_the_same_again_changes_nothing(page: Client) -> None:
    page.post("/staff/settings/", data=PROFILE)
    before = entry().number
    page.post("/staff/settings/", data=PROFILE)
    assert entry().number == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "A dealership needs a name"),
        ({"name": "x" * 121}, "That is too long"),
        ({"email": "no address"}, "This e-mail address has a typing error"),
        ({"time_zone": "Helsinki"}, "There is no such time zone"),
        ({"time_zone": "../../etc/passwd"}, "There is no such time zone"),
        ({"currency": "EURO"}, "There is no such currency"),
        ({"country": "XX"}, "Not a valid choice"),
        ({"language": "xx"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    page: Client, here: Dealership, typed: dict[str, str], said: str
) -> None:
    response = page.post("/staff/settings/", data=PROFILE | typed)
    assert response.status_code == 422
    assert said in response.text
    assert 'value="Quay 1"' in response.text  # what was typed is still there
    assert session.get_one(Dealership, here.id).street != "Quay 1"


def test_a_dealership_s_settings_are_its_own(page: Client, there: Dealership) -> None:
    page.post("/staff/settings/", data=PROFILE)
    assert session.get_one(Dealership, there.id).name == "B Motors"


def test_hours_and_days_that_differ_are_kept_as_typed(page: Client, here: Dealership) -> None:
    days = {"d0-date": "2030-12-24", "d0-hours": "10–13", "d1-date": "2030-12-25", "d1-hours": "", "d2-date": ""}
    week = {"day0": "9–12, 13–18", "day4": "22-24", "day5": "10.00-15.30"}
    assert page.post("/staff/settings/hours", data=week | days | {"d2-hours": ""}).status_code == 303
    row = session.get_one(Dealership, here.id)
    assert row.opening_hours == {
        "0": [["09:00", "12:00"], ["13:00", "18:00"]],
        "4": [["22:00", "24:00"]],
        "5": [["10:00", "15:30"]],
    }
    assert row.special_days == {"2030-12-24": [["10:00", "13:00"]], "2030-12-25": []}
    shown = page.get("/staff/settings/hours").text
    assert 'value="9:00–12:00, 13:00–18:00"' in shown
    assert 'value="2030-12-25"' in shown


def test_a_day_whose_date_is_emptied_is_gone_and_the_past_stays(page: Client, here: Dealership) -> None:
    keep: dict[str, Any] = {"2020-12-24": []}
    page.post("/staff/settings/hours", data={"d0-date": "2020-12-24", "d0-hours": ""})
    page.post("/staff/settings/hours", data={"d0-date": "2030-12-24", "d0-hours": ""})
    assert session.get_one(Dealership, here.id).special_days == keep | {"2030-12-24": []}
    page.post("/staff/settings/hours", data={"d0-date": "", "d0-hours": ""})
    assert session.get_one(Dealership, here.id).special_days == keep


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day0": "nine to five"}, "Write hours such as"),
        ({"day0": "9-25"}, "Write hours such as"),
        ({"day0": "18-9"}, "Write hours such as"),
        ({"day0": "9-12, 11-18"}, "Write hours such as"),
        ({"d0-date": "24.12.", "d0-hours": ""}, "Not a valid date"),
        ({"d0-date": "", "d0-hours": "10-13"}, "Say which day"),
        ({"d0-date": "2030-12-24", "d0-hours": "x"}, "Write hours such as"),
        ({"d0-date": "2030-12-24", "d0-hours": "", "d1-date": "2030-12-24", "d1-hours": ""}, "stands here twice"),
    ],
)
def test_hours_that_are_none_are_refused(page: Client, here: Dealership, typed: dict[str, str], said: str) -> None:
    before = session.get_one(Dealership, here.id).opening_hours
    response = page.post("/staff/settings/hours", data=typed)
    assert response.status_code == 422
    assert said in response.text
    assert session.get_one(Dealership, here.id).opening_hours == before


def test_a_holiday_shuts_the_storefront_at_once(
    page: Client, client: Client, monday_noon: time_machine.Traveller
) -> None:
    week = {f"day{day}": "10–18" for day in range(5)}
    page.post("/staff/settings/hours", data=week)
    assert "Open until 18:00" in client.get("/contact").text
    page.post("/staff/settings/hours", data=week | {"d0-date": "2026-11-23", "d0-hours": ""})
    assert "Opens Tue 10:00" in client.get("/contact").text
    assert "Opens Tue 10:00" in client.get("/").text


def test_pages_change_by_themselves_when_a_short_day_ends(
    page: Client, client: Client, monday_noon: time_machine.Traveller
) -> None:
    week = {f"day{day}": "10–18" for day in range(5)}
    page.post("/staff/settings/hours", data=week | {"d0-date": "2026-11-23", "d0-hours": "10–13"})
    assert "Open until 13:00" in client.get("/").text
    monday_noon.move_to(datetime(2026, 11, 23, 11, 0, 1, tzinfo=UTC))
    assert "Opens Tue 10:00" in client.get("/").text


def test_new_targets_set_running_clocks_anew(
    page: Client, here: Dealership, monday_noon: time_machine.Traveller
) -> None:
    lead = ask()
    assert page.post("/staff/settings/answers", data=ANSWERS).status_code == 303
    assert dealerships.get_profile(here.id).targets == {"answer": 20, "give_back": 30, "tell": 40}
    assert session.get_one(Lead, lead.id).answer_due_at == MONDAY_NOON.replace(minute=20)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"answer": ""}, "Give whole minutes"),
        ({"answer": "0"}, "Give whole minutes"),
        ({"answer": "1441"}, "Give whole minutes"),
        ({"tell": "soon"}, "Not a valid integer"),
        ({"give_back": "20"}, "This comes later than the step before it"),
        ({"tell": "30"}, "This comes later than the step before it"),
    ],
)
def test_targets_that_make_no_ladder_are_refused(page: Client, typed: dict[str, str], said: str) -> None:
    response = page.post("/staff/settings/answers", data=ANSWERS | typed)
    assert response.status_code == 422
    assert said in response.text
