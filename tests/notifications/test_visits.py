"""What shoppers hear of their visits: each change once, in their language, with a file; and a reminder before it."""

import email
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.catalogue.models import Car
from kroi.catalogue.places import service as places
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealership_queries
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus, LostReason
from kroi.leads.visits import rules as slots
from kroi.leads.visits.models import Appointment
from kroi.notifications import rules
from kroi.notifications.delivery import service
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Outbox, OutboxKind
from tests.leads.asking import only_lead
from tests.leads.visits.asking import at, book, page_of, visits
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = [pytest.mark.usefixtures("tuesday"), pytest.mark.slow]

SignIn = Callable[[User], Client]


@pytest.fixture
def visit(client: Client) -> Appointment:
    """Anna has booked a car for Thursday at eleven."""
    book(client, make_car(make="Audi", model="A4", trim="").slug, "26 11:00")
    return visits()[0]


def do(desk: Client, visit: Appointment, what: str, **more: str) -> int:
    path = f"/staff/leads/{visit.lead_id}/visits/{visit.id}"
    return desk.post(path, data={"do": what, **more}).status_code


def about_visits() -> list[str]:
    """What waits to be told of visits, reminders left out."""
    query = select(Outbox.event).where(Outbox.kind == OutboxKind.VISIT, Outbox.event != rules.REMINDER)
    return [str(each) for each in session.scalars(query.order_by(Outbox.id))]


def told(post: Post, folder: Path) -> list[EmailMessage]:
    """Send all that is due; the mails to Anna about her visits."""
    service.sweep(post)
    session.expire_all()
    paths = sorted(folder.glob("*.eml"), key=lambda path: int(path.stem.split("-")[1]))
    found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    return [mail for mail in found if isinstance(mail, EmailMessage) and list(mail.iter_attachments())]


def file_of(mail: EmailMessage) -> str:
    """The calendar file that hangs on a mail, its folded lines whole."""
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar" and part.get_filename() == "visit.ics"
    content = str(part.get_content()).replace("\r\n", "\n").replace("\n ", "")
    assert f"METHOD:{part.get_param('method')}\n" in content
    return content


def words_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def line(content: str, name: str) -> str:
    """What stands behind a name in a calendar file."""
    return next(each for each in content.splitlines() if each.startswith(name)).removeprefix(name)


def test_a_confirmed_visit_is_told_once_with_a_file_and_the_way_to_the_own_page(
    desk: Client, visit: Appointment, post: Post, mail_folder: Path
) -> None:
    assert do(desk, visit, "confirm") == do(desk, visit, "confirm") == 303
    page = page_of(only_lead())
    (mail,) = told(post, mail_folder)
    assert mail["Subject"] == "Your visit stands: Thursday 26 November 11:00"
    assert "Car: Audi A4" in words_of(mail) and page in words_of(mail)
    content = file_of(mail)
    assert "METHOD:REQUEST" in content and line(content, "DTSTART:") == "20261126T090000Z"
    assert line(content, "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:") == "mailto:" + str(only_lead().email)
    assert len(told(post, mail_folder)) == 1


def test_a_moved_visit_stays_the_same_one_in_their_calendar(
    desk: Client, visit: Appointment, post: Post, mail_folder: Path
) -> None:
    do(desk, visit, "confirm")
    told(post, mail_folder)
    do(desk, visits()[0], "move", at="2026-11-27T14:30")
    before, after = told(post, mail_folder)
    assert after["Subject"] == "New time for your visit: Friday 27 November 14:30"
    first, second = file_of(before), file_of(after)
    assert line(first, "UID:") == line(second, "UID:")
    assert (line(first, "SEQUENCE:"), line(second, "SEQUENCE:")) == ("0", "1")
    do(desk, visits()[1], "cancel")
    gone = file_of(told(post, mail_folder)[2])
    assert line(gone, "UID:") == line(first, "UID:") and line(gone, "SEQUENCE:") == "2"
    assert "METHOD:CANCEL" in gone and "STATUS:CANCELLED" in gone


def test_what_was_overtaken_before_it_left_is_not_told(
    desk: Client, visit: Appointment, post: Post, mail_folder: Path
) -> None:
    do(desk, visit, "confirm")
    do(desk, visit, "move", at="2026-11-27T14:30")
    do(desk, visits()[1], "cancel")
    (mail,) = told(post, mail_folder)
    assert mail["Subject"] == "Cancelled visit: Friday 27 November 14:30"


def test_a_visit_that_one_of_us_agrees_on_is_told(
    desk: Client, visit: Appointment, post: Post, mail_folder: Path
) -> None:
    assert desk.post(f"/staff/leads/{visit.lead_id}/visits/", data={"at": "2026-11-30T12:00"}).status_code == 303
    assert [str(mail["Subject"]) for mail in told(post, mail_folder)] == ["Your visit stands: Monday 30 November 12:00"]


def test_who_moves_or_cancels_on_their_own_page_has_it_in_writing(
    client: Client, visit: Appointment, post: Post, mail_folder: Path
) -> None:
    assert about_visits() == []
    page = page_of(only_lead())
    moved = {"do": "move", "slot": slots.write(at("27 12:00"))}
    assert client.post(f"{page}/visits/{visit.id}", data=moved).status_code == 303
    assert client.post(f"{page}/visits/{visit.id}", data=moved).status_code == 409
    now = visits()[1]
    for _twice in range(2):
        assert client.post(f"{page}/visits/{now.id}", data={"do": "cancel"}).status_code == 303
    assert about_visits() == ["moved", "cancelled"]
    (mail,) = told(post, mail_folder)
    assert mail["Subject"] == "Cancelled visit: Friday 27 November 12:00"


def test_a_letter_speaks_the_shoppers_language(
    here: Dealership, client: Client, desk: Client, post: Post, mail_folder: Path
) -> None:
    with transaction():
        dealerships.change_profile(here.id, languages=["en", "fi", "sv"])
    dealership_queries.forget_map()
    car = make_car()
    book(client, car.slug, "26 11:00")
    with transaction():
        session.get_one(Lead, only_lead().id).language = "fi"
    do(desk, visits()[0], "confirm")
    (mail,) = told(post, mail_folder)
    assert "Käyntisi on sovittu" in mail["Subject"] and "/fi/my/" in words_of(mail)
    assert "Koeajo" in line(file_of(mail), "SUMMARY:")


@pytest.mark.parametrize("status", [LeadStatus.SPAM])
def test_spam_hears_nothing(
    desk: Client, visit: Appointment, post: Post, mail_folder: Path, status: LeadStatus
) -> None:
    do(desk, visit, "confirm")
    with transaction():
        session.get_one(Lead, visit.lead_id).status = status
    do(desk, visit, "cancel")
    assert about_visits() == ["confirmed"] and told(post, mail_folder) == []


def test_a_visit_without_an_address_is_told_to_nobody(
    client: Client, desk: Client, post: Post, mail_folder: Path
) -> None:
    book(client, make_car().slug, "26 11:00", email="", phone="040 123 4567")
    do(desk, visits()[0], "confirm")
    assert told(post, mail_folder) == []


def test_another_dealerships_visit_says_nothing_here(
    visit: Appointment, there: Dealership, post: Post, mail_folder: Path
) -> None:
    with acting_for(there.id), transaction():
        session.add(Outbox(kind=OutboxKind.VISIT, event="confirmed", facts={"visit": visit.id}))
    assert told(post, mail_folder) == []


def due() -> list[Outbox]:
    """The reminders that wait."""
    query = select(Outbox).where(Outbox.event == rules.REMINDER, Outbox.sent_at.is_(None), Outbox.dead_at.is_(None))
    return list(session.scalars(query.order_by(Outbox.id)))


def test_it_comes_the_morning_before_and_once(visit: Appointment, post: Post, mail_folder: Path) -> None:
    assert [each.due_at for each in due()] == [at("25 10:00")]
    assert told(post, mail_folder) == []
    with time_machine.travel(at("25 10:00"), tick=False):
        (mail,) = told(post, mail_folder)
        assert "Thursday 26 November 11:00" in mail["Subject"]
        assert len(told(post, mail_folder)) == 1


def test_a_visit_tomorrow_morning_booked_after_that_hour_needs_none(client: Client) -> None:
    with time_machine.travel(at("24 13:00"), tick=False):
        book(client, make_car().slug, "25 11:00")
    assert due() == []


@pytest.mark.parametrize("what", ["cancel", "move"])
def test_one_that_was_cancelled_or_moved_is_not_reminded_of(
    desk: Client, visit: Appointment, post: Post, mail_folder: Path, what: str
) -> None:
    do(desk, visit, what, at="2026-11-30T11:00")
    before = len(told(post, mail_folder))
    with time_machine.travel(at("25 10:00"), tick=False):
        assert len(told(post, mail_folder)) == before == 1
    with time_machine.travel(at("29 10:00"), tick=False):
        assert len(told(post, mail_folder)) == (2 if what == "move" else 1)


def test_nobody_is_reminded_too_late_or_of_what_is_lost(visit: Appointment, post: Post, mail_folder: Path) -> None:
    with time_machine.travel(at("26 11:00"), tick=False):
        assert told(post, mail_folder) == []
    assert session.scalars(select(Outbox.last_error).where(Outbox.event == rules.REMINDER)).one()
    with transaction():
        lead = session.get_one(Lead, visit.lead_id)
        lead.status, lead.lost_reason = LeadStatus.LOST, LostReason.BOUGHT_ELSEWHERE
        session.add(Outbox(kind=OutboxKind.VISIT, lead_id=lead.id, event=rules.REMINDER, facts={"visit": visit.id}))
    assert told(post, mail_folder) == []


def test_the_morning_before_is_the_dealerships() -> None:
    starts_at = at("26 00:15")
    assert rules.remind_at(starts_at, "Europe/Helsinki", starts_at - timedelta(days=3)) == at("25 10:00")
    assert rules.remind_at(starts_at, "Europe/Helsinki", at("25 10:00")) is None


def test_the_car_of_a_visit_says_where_to_come(
    here: Dealership, desk: Client, visit: Appointment, post: Post, mail_folder: Path
) -> None:
    yard = {"id": 1, "name": "Yard", "street": "Harbour 1", "postal_code": "00100", "city": "Helsinki"}
    with transaction():
        dealerships.change_profile(here.id, locations=[yard], phone="+358 9 1234")
        places.stand([session.get_one(Car, visit.car_id).id], 1)
    dealership_queries.forget_map()
    do(desk, visit, "confirm")
    (mail,) = told(post, mail_folder)
    assert "Where: Yard, Harbour 1, 00100 Helsinki" in words_of(mail) and "+358 9 1234" in words_of(mail)
    assert line(file_of(mail), "LOCATION:") == "Yard\\, Harbour 1\\, 00100 Helsinki"
