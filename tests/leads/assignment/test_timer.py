"""A lead on which nothing happens in time goes back and on to the next, so often and no oftener."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import queries, service
from kroi.leads.assignment import service as assignment
from kroi.leads.assignment.models import HandOver, Round, RoundLead
from kroi.leads.assignment.rules.reasons import How
from kroi.leads.events import LeadReturned, LeadStranded
from kroi.leads.rules import CallOutcome, LeadStatus
from tests.leads.assignment.rounds import MONDAY, hands, holder, inquire, join, later, start_round
from tests.support.makers import make_user

pytestmark = pytest.mark.usefixtures("noon")


def test_what_lies_still_goes_on_to_the_next_and_says_why(two: tuple[User, User]) -> None:
    ana, bea = two
    lead = inquire()
    later(29)
    assert holder(lead) == ana.id
    later(30)
    assert holder(lead) == bea.id
    _first, back, on = (line.facts for line in hands(lead.id))
    assert back == {"before": ana.id, "after": None, "how": "taken_back", "code": "silent", "minutes": 30}
    assert (on["how"], on["hand"], on["passed"]) == ("round", 2, [[ana.id, "had_it"]])
    later(30)
    assert holder(lead) == bea.id, "the clock of the second hand began when it got it"


@pytest.mark.parametrize(
    "work",
    [
        lambda lead: service.log_call(lead, CallOutcome.NO_ANSWER),
        lambda lead: service.log_call(lead, CallOutcome.REACHED),
        lambda lead: service.change_status(lead, LeadStatus.CONTACTED),
    ],
)
def test_what_is_worked_stays(two: tuple[User, User], work: object) -> None:
    lead = inquire()
    with audit.acting_as(two[0].id), transaction():
        work(queries.lock(lead.id))  # type: ignore[operator]
    later(31)
    assert holder(lead) == two[0].id and len(hands(lead.id)) == 1
    assert session.scalars(select(RoundLead.due_at)).one() is None


def test_a_note_or_a_plan_reaches_nobody(two: tuple[User, User]) -> None:
    lead = inquire()
    with audit.acting_as(two[0].id), transaction():
        service.add_note(queries.lock(lead.id), "Looks nice")
        service.add_task(queries.lock(lead.id), "Call", clock.now())
    later(31)
    assert holder(lead) == two[1].id


def test_only_business_minutes_count(two: tuple[User, User], noon: time_machine.Traveller) -> None:
    noon.move_to(MONDAY.replace(hour=15, minute=50))  # ten minutes before closing
    lead = inquire()
    later(60)
    assert holder(lead) == two[0].id
    later(15 * 60 + 29)
    assert holder(lead) == two[0].id
    later(15 * 60 + 30)
    assert holder(lead) == two[1].id


def test_after_so_many_hands_it_waits_in_the_pool_and_a_manager_is_told(ana: User, told: list[LeadStranded]) -> None:
    people = [ana, make_user("Bea Boman"), make_user("Cid Carp"), make_user("Dan Dahl")]
    start_round(most_hands=2)
    for each in people:
        join(each)
    lead = inquire()
    with time_machine.travel(clock.now() + timedelta(minutes=30), tick=False):
        assignment.keep_going()
        later(30)
    assert holder(lead) is None
    assert [line.facts.get("code") for line in hands(lead.id)] == ["next", "silent", "next", "silent", "too_often"]
    assert told == [LeadStranded(lead.id, "too_often")]
    later(600)
    assert holder(lead) is None and len(hands(lead.id)) == 5


def test_alone_on_shift_nobody_gets_it_again_at_once(ana: User) -> None:
    start_round()
    join(ana)
    lead = inquire()
    later(30)
    assert holder(lead) is None and hands(lead.id)[-1].facts["code"] == "nobody_else"
    join(make_user("Bea Boman"))
    later(31)
    assert holder(lead) is not None


def test_the_ladder_gives_back_and_the_round_gives_on(two: tuple[User, User]) -> None:
    ana, bea = two
    lead = inquire()
    with transaction():
        locked = queries.lock(lead.id)
        service.assign(locked, None, why="overdue")
        events.publish(LeadReturned(lead.id, "overdue"))
    assert holder(lead) == bea.id
    assert [line.facts["how"] for line in hands(lead.id)] == ["round", "taken_back", "round"]


def test_a_hand_that_takes_or_gives_ends_the_timer(two: tuple[User, User], boris: User) -> None:
    lead = inquire()
    with audit.acting_as(boris.id), transaction():
        service.assign(queries.lock(lead.id), boris, "I know her")
    later(500)
    assert holder(lead) == boris.id
    assert [each.how for each in session.scalars(select(HandOver).order_by(HandOver.id))] == [How.ROUND, How.CLAIMED]


def test_what_is_given_back_by_hand_waits_in_the_pool(two: tuple[User, User]) -> None:
    lead = inquire()
    with audit.acting_as(two[0].id), transaction():
        service.assign(queries.lock(lead.id), None)
    later(500)
    assert holder(lead) is None and hands(lead.id)[-1].facts["how"] == "given_back"


def test_who_claims_what_waits_has_it(two: tuple[User, User], noon: time_machine.Traveller) -> None:
    noon.move_to(MONDAY.replace(hour=20))
    lead = inquire()
    with audit.acting_as(two[1].id), transaction():
        service.claim(queries.lock(lead.id), two[1])
    later(12 * 60)
    assert holder(lead) == two[1].id and hands(lead.id)[-1].facts["how"] == "claimed"


def test_switched_off_it_leaves_leads_where_they_are(two: tuple[User, User]) -> None:
    lead = inquire()
    with transaction():
        session.scalars(select(Round)).one().is_on = False
    later(500)
    assert holder(lead) == two[0].id
