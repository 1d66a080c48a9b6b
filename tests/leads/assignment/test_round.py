"""The round gives new leads to whoever is next, and lets others wait; each change says why."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, Role, User
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.leads.assignment.models import Absence, RoundDay, RoundLead
from kroi.leads.events import LeadStranded
from kroi.leads.rules import LeadStatus
from tests.leads.asking import only_lead, send
from tests.leads.assignment.rounds import MONDAY, hands, holder, inquire, join, later, start_round
from tests.support.client import Client
from tests.support.makers import make_lead, make_user, stored

pytestmark = pytest.mark.usefixtures("noon")


def test_it_is_off_until_somebody_switches_it_on(ana: User) -> None:
    lead = inquire()
    assert lead.assignee_id is None and hands(lead.id) == []
    assert session.scalars(select(RoundLead)).all() == []


def test_a_shoppers_question_is_given_in_the_same_breath(client: Client, two: tuple[User, User]) -> None:
    send(client, "/contact")
    lead = only_lead()
    assert lead.assignee_id == two[0].id
    (line,) = hands(lead.id)
    assert line.by_id is None and line.facts == {
        "before": None, "after": two[0].id, "how": "round", "code": "next", "language": lead.language,
        "spoken": True, "owed": 0, "passed": [[two[1].id, "later"]], "hand": 1,
    }  # fmt: skip


def test_spam_is_nobodys_turn(client: Client, two: tuple[User, User]) -> None:
    send(client, "/contact", website="http://spam.test")
    assert only_lead().status is LeadStatus.SPAM and only_lead().assignee_id is None


def test_two_people_take_turns(two: tuple[User, User]) -> None:
    ana, bea = two
    assert [inquire().assignee_id for _ in range(4)] == [ana.id, bea.id, ana.id, bea.id]


def test_sales_take_part_in_the_houses_hours_without_a_word(ana: User, boris: User) -> None:
    start_round()
    assert [inquire().assignee_id for _ in range(2)] == [ana.id, ana.id]


def test_a_language_goes_to_who_speaks_it_or_says_that_nobody_does(ana: User) -> None:
    bea = make_user("Bea Boman")
    start_round()
    join(ana, languages=["fi"]), join(bea, languages=["fi", "sv"])
    assert [inquire(language="sv").assignee_id for _ in range(2)] == [bea.id, bea.id]
    lead = inquire(language="en")
    assert lead.assignee_id == ana.id and hands(lead.id)[-1].facts["spoken"] is False


def test_nobody_is_filled_over_the_cap(ana: User, told: list[LeadStranded]) -> None:
    start_round()
    join(ana, cap=2)
    given = [inquire().assignee_id for _ in range(3)]
    assert given == [ana.id, ana.id, None]
    assert [each.why for each in told] == ["all_full"]


def test_a_lead_waits_until_somebody_is_on_shift(two: tuple[User, User], noon: time_machine.Traveller) -> None:
    noon.move_to(MONDAY.replace(hour=20))
    lead = inquire()
    assert lead.assignee_id is None and hands(lead.id)[-1].facts["code"] == "nobody_on_shift"
    later(60)
    assert len(hands(lead.id)) == 1, "that it waits is said once"
    later(11 * 60)  # nine in the morning, in Helsinki
    assert holder(lead) == two[0].id


def test_who_is_away_gets_none_and_catches_up(two: tuple[User, User]) -> None:
    ana, bea = two
    away = stored(Absence(user_id=ana.id, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1)))
    assert [inquire().assignee_id for _ in range(2)] == [bea.id, bea.id]
    with transaction():
        away.ends_at = MONDAY
    lead = inquire()
    assert lead.assignee_id == ana.id and hands(lead.id)[-1].facts["code"] == "catch_up"


def test_a_returning_person_goes_to_whoever_knows_them(two: tuple[User, User]) -> None:
    ana, bea = two
    first = make_lead("Regular", email="regular@example.com", assignee_id=bea.id)
    again = inquire("Regular", email="regular@example.com", message="And the red one?")
    assert again.person_id == first.person_id and again.assignee_id == bea.id
    (line,) = hands(again.id)
    assert (line.facts["how"], line.facts["code"]) == ("known", "knows")
    with transaction():
        bea.active = False
    assert inquire("Regular", email="regular@example.com", message="Or blue?").assignee_id == ana.id


def test_who_knows_them_is_waited_for_a_little_but_not_a_day(ana: User, noon: time_machine.Traveller) -> None:
    bea = make_user("Bea Boman")
    start_round()
    join(ana), join(bea, own_hours=True, hours={"0": [["13:30", "18:00"]]})
    make_lead("Regular", email="regular@example.com", assignee_id=bea.id)
    assert inquire("Regular", email="regular@example.com", message="Red?").assignee_id == bea.id
    state = session.scalars(select(RoundLead)).one()
    assert state.due_at == datetime(2026, 11, 23, 12, tzinfo=UTC), "half an hour from when they begin"
    noon.move_to(MONDAY.replace(hour=8))
    assert inquire("Regular", email="regular@example.com", message="Blue?").assignee_id == ana.id


def test_each_persons_day_is_counted(two: tuple[User, User]) -> None:
    ana, bea = two
    cid = make_user("Cid Carp", Role.SALES)
    join(cid, own_hours=True)
    for _ in range(3):
        inquire()
    days = {day.user_id: day for day in session.scalars(select(RoundDay))}
    assert (days[ana.id].given, days[ana.id].later, days[bea.id].given, days[bea.id].later) == (2, 1, 1, 2)
    assert (days[cid.id].given, days[cid.id].off_shift) == (0, 3)


def test_the_audit_says_how_but_nothing_personal(two: tuple[User, User]) -> None:
    lead = inquire("Somebody Secret")
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None and (entry.action, entry.subject_id) == ("lead.assigned", lead.id)
    assert entry.details == {"before": None, "after": two[0].id, "how": "round", "code": "next"}


def test_on_a_day_on_which_the_house_is_closed_nobody_works(two: tuple[User, User]) -> None:
    join(make_user("Cid Carp"), own_hours=True, hours={"0": [["08:00", "20:00"]]})
    with transaction():
        dealerships.change_profile(current_dealership_id(), special_days={"2026-11-23": []})
    assert inquire().assignee_id is None
