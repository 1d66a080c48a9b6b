"""The round's pages: how it stands, who takes part, who is away; who may change what, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from kroi.leads.assignment import queries
from kroi.leads.assignment.models import Absence, Round, RoundMember
from kroi.leads.assignment.rules.shifts import Presence
from tests.leads.assignment.rounds import MONDAY, inquire, join, open_house, start_round
from tests.support.client import Client
from tests.support.makers import make_user, stored
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
NUMBERS = {"is_on": "y", "minutes": "45", "most_hands": "4", "most_turns": "2"}
PART = {"takes_part": "y", "cap": "12", "languages": ["en"], "whose": "own", "day_0": "9-13, 14-18", "day_1": "9.30–17"}
pytestmark = [pytest.mark.usefixtures("noon"), pytest.mark.slow]


def test_the_overview_says_who_is_there_and_who_is_next(signed_in: SignIn, two: tuple[User, User]) -> None:
    stored(Absence(user_id=two[0].id, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1)))
    page = signed_in(two[1]).get("/staff/assignment/").text
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.index("Ana Aalto") < table.index("Away") < table.index("Bea Boman") < table.index("Next")


def test_it_says_what_waits(signed_in: SignIn, two: tuple[User, User], noon: time_machine.Traveller) -> None:
    noon.move_to(MONDAY.replace(hour=20))
    inquire(), inquire()
    assert "2 leads wait until somebody can have them." in signed_in(two[0]).get("/staff/assignment/").text


def test_a_manager_switches_it_on(signed_in: SignIn, boris: User) -> None:
    response = signed_in(boris).post("/staff/assignment/", data=NUMBERS)
    assert response.status_code == 303
    found = session.scalars(select(Round)).one()
    assert (found.is_on, found.minutes, found.most_hands, found.most_turns) == (True, 45, 4, 2)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None and entry.action == "round.changed" and entry.details["minutes"] == 45


@pytest.mark.parametrize(
    "wrong", [{"minutes": "4"}, {"minutes": ""}, {"minutes": "ten"}, {"most_hands": "0"}, {"most_turns": "99"}]
)
def test_numbers_that_make_no_sense_are_refused(signed_in: SignIn, boris: User, wrong: dict[str, str]) -> None:
    response = signed_in(boris).post("/staff/assignment/", data=NUMBERS | wrong)
    assert response.status_code == 422 and "Not saved yet." in response.text
    assert queries.find_round() is None


def test_a_part_is_kept_as_it_was_typed(signed_in: SignIn, boris: User, ana: User) -> None:
    open_house()
    client = signed_in(boris)
    assert client.post(f"/staff/assignment/people/{ana.id}", data=PART).status_code == 303
    row = session.scalars(select(RoundMember)).one()
    assert (row.user_id, row.takes_part, row.cap, row.languages, row.own_hours) == (ana.id, True, 12, ["en"], True)
    assert row.hours == {"0": [["09:00", "13:00"], ["14:00", "18:00"]], "1": [["09:30", "17:00"]]}
    page = client.get(f"/staff/assignment/people/{ana.id}").text
    assert 'value="9:00–13:00, 14:00–18:00"' in page and 'value="9:30–17:00"' in page
    assert client.post(f"/staff/assignment/people/{ana.id}", data=PART | {"whose": "house"}).status_code == 303
    session.expire_all()
    assert queries.get_standing(ana.id).presence is Presence.ON


@pytest.mark.parametrize(
    "wrong",
    [
        {"day_0": "nine to five"}, {"day_0": "17-9"}, {"day_0": "9-12, 11-13"}, {"day_0": "9-25"}, {"day_0": "9:99-17"},
        {"day_0": "1-2 3-4 5-6 7-8 9-10"}, {"cap": "0"}, {"cap": "-1"}, {"cap": "x"}, {"languages": ["tlh"]},
        {"whose": "mine"},
    ],
)  # fmt: skip
def test_a_part_that_makes_no_sense_is_refused(
    signed_in: SignIn, boris: User, ana: User, wrong: dict[str, object]
) -> None:
    response = signed_in(boris).post(f"/staff/assignment/people/{ana.id}", data=PART | wrong)
    assert response.status_code == 422 and "Not saved yet." in response.text
    assert session.scalars(select(RoundMember)).all() == []


def test_absences_are_planned_and_removed(signed_in: SignIn, boris: User, ana: User) -> None:
    client, address = signed_in(boris), f"/staff/assignment/people/{ana.id}/absences"
    typed = {"start": "2026-11-23T09:00", "end": "2026-11-27T18:00"}
    assert client.post(address, data=typed).status_code == 303
    away = session.scalars(select(Absence)).one()
    assert (away.starts_at, away.ends_at) == (
        datetime(2026, 11, 23, 7, tzinfo=UTC),
        datetime(2026, 11, 27, 16, tzinfo=UTC),
    ), "by the clock of the dealership"
    address += f"/{away.id}"
    assert address in client.get(f"/staff/assignment/people/{ana.id}").text
    assert client.post(address).status_code == 303
    assert session.scalars(select(Absence)).all() == []
    assert client.post(address).status_code == 404, "the page was old"


@pytest.mark.parametrize(
    "typed",
    [
        {"start": "2026-11-27T18:00", "end": "2026-11-23T09:00"},
        {"start": "2026-11-01T09:00", "end": "2026-11-02T09:00"},
        {"start": "2026-11-23T09:00", "end": "2029-11-23T09:00"},
        {"start": "", "end": "2026-11-27T18:00"},
        {"start": "0001-01-01T00:00", "end": "2026-11-27T18:00"},
        {"start": "soon", "end": "later"},
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(
    signed_in: SignIn, boris: User, ana: User, typed: dict[str, str]
) -> None:
    response = signed_in(boris).post(f"/staff/assignment/people/{ana.id}/absences", data=typed)
    assert response.status_code == 422
    assert session.scalars(select(Absence)).all() == []


def test_somebody_leaves_for_today_and_comes_back(signed_in: SignIn, two: tuple[User, User]) -> None:
    ana, _bea = two
    client = signed_in(ana)
    for _ in range(2):
        assert client.post("/staff/assignment/away", data={"do": "leave"}).status_code == 303
    away = session.scalars(select(Absence)).one()
    assert (away.user_id, away.ends_at) == (ana.id, datetime(2026, 11, 23, 22, tzinfo=UTC))
    assert queries.get_standing(ana.id).presence is Presence.AWAY
    assert "You are away" in client.get("/staff/assignment/").text
    client.post("/staff/assignment/away", data={"do": "return"})
    assert queries.get_standing(ana.id).presence is Presence.ON
    assert client.post("/staff/assignment/away", data={"do": "dance"}).status_code == 422


def test_sales_change_nothing_but_their_own_day(signed_in: SignIn, ana: User) -> None:
    start_round()
    client = signed_in(ana)
    page = client.get("/staff/assignment/").text
    assert "How it works here" not in page and "Away for the rest of today" in page
    assert client.post("/staff/assignment/", data=NUMBERS).status_code == 403
    assert client.get(f"/staff/assignment/people/{ana.id}").status_code == 403


def test_another_dealerships_people_do_not_exist(signed_in: SignIn, boris: User, there: Dealership, ana: User) -> None:
    with acting_for(there.id):
        theirs = make_user("Dora There").id
    client = signed_in(boris)
    assert client.get(f"/staff/assignment/people/{theirs}").status_code == 404
    assert client.post(f"/staff/assignment/people/{theirs}", data=PART).status_code == 404
    away = {"start": "2026-11-23T09:00", "end": "2026-11-27T18:00"}
    assert client.post(f"/staff/assignment/people/{theirs}/absences", data=away).status_code == 404
    mine = stored(Absence(user_id=ana.id, starts_at=clock.now(), ends_at=clock.now() + timedelta(days=1)))
    assert client.post(f"/staff/assignment/people/{theirs}/absences/{mine.id}").status_code == 404


def test_the_pages_take_few_queries(signed_in: SignIn, boris: User) -> None:
    start_round()
    for number in range(12):
        join(make_user(f"Person {number}"))
        inquire()
    client = signed_in(boris)
    for path in ("/staff/assignment/", f"/staff/assignment/people/{boris.id}", "/staff/assignment/fairness"):
        client.get(path)
        with counted_queries() as sent:
            client.get(path)
        assert len(sent) <= 10, f"{path}: {sent}"


def test_a_lead_says_in_words_why_it_is_somebodys(signed_in: SignIn, two: tuple[User, User]) -> None:
    ana, bea = two
    stored(Absence(user_id=bea.id, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1)))
    lead = inquire(language="sv")
    page = signed_in(ana).get(f"/staff/leads/{lead.id}").text
    assert "gave it to Ana Aalto, the only one who could take it. Not Bea Boman (away)." in page
