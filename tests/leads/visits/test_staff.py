"""Visits for staff: confirmed, moved, cancelled, closed; who confirms one has answered."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.catalogue.models import Car
from kroi.db.model import session
from kroi.leads import queries
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from tests.leads.asking import only_lead
from tests.leads.visits.asking import at, book, page_of, visits
from tests.support.client import Client
from tests.support.makers import make_car, make_lead, make_user
from tests.support.queries import counted_queries

pytestmark = pytest.mark.usefixtures("tuesday")

SignIn = Callable[[User], Client]


@pytest.fixture
def visit(client: Client) -> Appointment:
    """Anna has booked a car for eleven."""
    book(client, make_car().slug, "24 11:00")
    return visits()[0]


def do(desk: Client, visit: Appointment, what: str, **more: str) -> int:
    path = f"/staff/leads/{visit.lead_id}/visits/{visit.id}"
    return desk.post(path, data={"do": what, **more}).status_code


def test_confirming_answers_the_shopper_and_makes_it_an_appointment(desk: Client, visit: Appointment) -> None:
    assert only_lead().first_answer_at is None
    assert do(desk, visit, "confirm") == do(desk, visit, "confirm") == 303
    lead = only_lead()
    assert (visits()[0].confirmed_at, lead.status) == (lead.first_answer_at, LeadStatus.APPOINTMENT)
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == lead.id)).all()
    assert actions.count("visit.confirmed") == 1


def test_cancelling_answers_nobody_and_frees_the_time(desk: Client, client: Client, visit: Appointment) -> None:
    assert do(desk, visit, "cancel") == do(desk, visit, "cancel") == 303
    assert (visits()[0].status, only_lead().first_answer_at) == (VisitStatus.CANCELLED, None)
    slug = session.get_one(Car, visit.car_id).slug
    assert book(client, slug, "24 11:00", name="Bea", email="bea@example.com", phone="").status_code == 303


def test_moving_keeps_what_was_and_stands(desk: Client, visit: Appointment) -> None:
    assert do(desk, visit, "move", at="2026-11-25T09:30") == 303
    old, new = visits()
    assert (old.status, new.status, new.starts_at) == (VisitStatus.MOVED, VisitStatus.BOOKED, at("25 09:30"))
    assert new.confirmed_at is not None and new.by_id is not None
    page = desk.get(f"/staff/leads/{visit.lead_id}/visits/").text
    assert "Wednesday 25 November 09:30" in page and "Tuesday 24 November" not in page


@pytest.mark.parametrize("when", ["", "soon", "2026-11-20T10:00", "9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_time_that_makes_no_sense_is_said_in_words(desk: Client, visit: Appointment, when: str) -> None:
    assert do(desk, visit, "move", at=when) == 422
    assert [each.status for each in visits()] == [VisitStatus.BOOKED]


def test_nobody_is_moved_onto_somebody_else(desk: Client, client: Client, visit: Appointment) -> None:
    slug = session.get_one(Car, visit.car_id).slug
    book(client, slug, "24 14:00", name="Bea", email="bea@example.com", phone="")
    assert do(desk, visit, "move", at="2026-11-24T14:30") == 409
    assert [each.status for each in visits()] == [VisitStatus.BOOKED, VisitStatus.BOOKED]


def test_a_visit_is_over_only_when_its_time_has_come(desk: Client, visit: Appointment) -> None:
    assert do(desk, visit, "done") == 409
    with time_machine.travel("2026-11-24T12:00:00+02:00", tick=False):
        assert do(desk, visit, "no_show") == 303
        assert do(desk, visit, "done") == 409
    assert visits()[0].status is VisitStatus.NO_SHOW


def test_what_nobody_can_do_is_refused(desk: Client, visit: Appointment) -> None:
    assert do(desk, visit, "explode") == 422
    assert desk.post(f"/staff/leads/{visit.lead_id}/visits/{visit.id + 9}", data={"do": "cancel"}).status_code == 404
    other = make_lead()
    assert desk.post(f"/staff/leads/{other.id}/visits/{visit.id}", data={"do": "cancel"}).status_code == 404


def test_one_of_us_agrees_on_a_time_by_phone_outside_opening_hours_too(desk: Client) -> None:
    lead = make_lead(car=make_car())
    assert desk.post(f"/staff/leads/{lead.id}/visits/", data={"at": "2026-11-24T19:15"}).status_code == 303
    (made,) = visits()
    assert (made.starts_at, made.lead_id) == (at("24 19:15"), lead.id)
    assert queries.get(lead.id).first_answer_at is not None


def test_a_lead_of_somebody_else_is_read_and_not_changed(signed_in: SignIn, ana: User, visit: Appointment) -> None:
    lead = session.get_one(Lead, visit.lead_id)
    other = make_user("Other Hand")
    theirs = make_lead(assignee_id=ana.id)
    client = signed_in(other)
    assert client.post(f"/staff/leads/{theirs.id}/visits/", data={"at": "2026-11-24T19:15"}).status_code == 403
    assert client.get(f"/staff/leads/{lead.id}/visits/").status_code == 200


def test_today_and_the_list_say_who_comes(desk: Client, visit: Appointment) -> None:
    for path in ("/staff/", "/staff/visits/", f"/staff/leads/{visit.lead_id}"):
        with counted_queries() as asked:
            page = desk.get(path).text
        assert "To be confirmed" in page and "Väänänen" in page and len(asked) <= 10


def test_sales_see_their_own_visitors_and_the_free_ones(signed_in: SignIn, ana: User, boris: User) -> None:
    lead = make_lead("Boris Guest", assignee_id=boris.id, car=make_car())
    assert signed_in(boris).post(f"/staff/leads/{lead.id}/visits/", data={"at": "2026-11-24T12:00"}).status_code == 303
    assert "Boris Guest" in signed_in(boris).get("/staff/visits/").text
    assert "Boris Guest" not in signed_in(ana).get("/staff/visits/").text


def test_the_calendar_file_is_one_that_calendars_read(desk: Client, visit: Appointment) -> None:
    response = desk.get(f"/staff/leads/{visit.lead_id}/visits/{visit.id}.ics")
    lines = response.text.split("\r\n")
    assert response.content_type == "text/calendar; charset=utf-8" and lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20261124T090000Z" in lines and "DTEND:20261124T094500Z" in lines and "STATUS:CONFIRMED" in lines
    assert all(len(line.encode()) <= 75 for line in lines) and "Väänänen" not in response.text


def test_a_new_link_kills_the_old_one(desk: Client, client: Client, visit: Appointment) -> None:
    old = page_of(only_lead())
    page = desk.post(f"/staff/leads/{visit.lead_id}/own-page").text
    assert client.get(old).status_code == 404
    assert page_of(only_lead()) in page and client.get(page_of(only_lead())).status_code == 200
