"""A mail may wait for its time: it leaves then, and only then is an answer; until then it is taken back or hurried."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from kroi.accounts.models import AuditEntry, User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules import hours
from kroi.leads.assignment import queries as rounds
from kroi.leads.mail.models import Mail
from kroi.leads.mail.rules import later
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.own_page import conversation
from kroi.leads.rules import LeadStatus
from kroi.notifications.delivery import service as delivery
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Notice, Outbox, OutboxKind
from kroi.notifications.rules import CLAIM
from tests.leads.mail.rows import arrive, letter
from tests.leads.visits.asking import opens
from tests.notifications.conftest import mail_folder, post
from tests.support.client import Client
from tests.support.makers import make_lead, make_user
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

__all__ = ["mail_folder", "post"]
SignIn = Callable[[User], Client]
HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 24, 19, 30, tzinfo=HELSINKI)  # a Tuesday evening; we open at ten
MORNING = datetime(2026, 11, 25, 8, tzinfo=HELSINKI)
TYPED = {"subject": "The A4", "text": "Come and see it.", "draft": "0123456789ab"}
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def _evening(here: Dealership) -> Iterator[None]:
    opens(here)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead(ana: User) -> Lead:
    return make_lead(email="wilma@example.test", assignee_id=ana.id)


def plan(desk: Client, lead: Lead, do: str = "later:2026-11-25T06:00Z", **more: str) -> int:
    """Write a mail for tomorrow at eight, or for then."""
    return desk.post(f"{page_of(lead)}/mail", data=TYPED | {"do": do} | more).status_code


def change(desk: Client, mail: Mail, do: str) -> int:
    return desk.post(f"/staff/leads/{mail.lead_id}/mail/{mail.id}", data={"do": do}).status_code


def only_mail() -> Mail:
    session.expire_all()
    return session.query(Mail).one()


def message() -> Outbox:
    session.expire_all()
    return session.query(Outbox).filter(Outbox.kind == OutboxKind.ANSWER).one()


def found(lead: Lead) -> Lead:
    session.expire_all()
    return session.get_one(Lead, inspect(lead).identity)


def page_of(lead: Lead) -> str:
    (number,) = inspect(lead).identity or (0,)
    return f"/staff/leads/{number}"


def kinds() -> list[ActivityKind]:
    return [line.kind for line in session.query(Activity).filter(Activity.facts["mail"].as_integer().is_not(None))]


def test_it_waits_is_shown_as_waiting_and_answers_nobody_yet(desk: Client, lead: Lead) -> None:
    assert plan(desk, lead) == 303
    assert message().due_at == only_mail().leaves_at == MORNING
    assert found(lead).first_answer_at is None and conversation.list_said(found(lead))[1:] == []
    with counted_queries() as asked:
        page = desk.get(page_of(lead)).text
    assert "waits, leaves on 25 Nov 08:00" in page and len(asked) <= 10
    assert "Send now" in page and "Cancel this e-mail" in page and "wrote an e-mail for later" in page
    assert rounds.was_worked(found(lead), NOW.astimezone(UTC) - timedelta(days=1)) is False


def test_it_leaves_in_time_once_and_stops_the_clock_then(desk: Client, lead: Lead, post: Post) -> None:
    plan(desk, lead)
    assert plan(desk, lead) == 303 and only_mail().sent_at is None
    delivery.sweep(post)
    assert only_mail().sent_at is None and found(lead).first_answer_at is None
    with time_machine.travel(MORNING + timedelta(seconds=5), tick=False):
        delivery.sweep(post)
        delivery.sweep(post)
        assert found(lead).first_answer_at == only_mail().sent_at == clock.now()
        assert kinds() == [ActivityKind.MAIL] and rounds.was_worked(found(lead), clock.now())
        assert [said.at for said in conversation.list_said(found(lead))][-1] == clock.now()
        page = desk.get(page_of(lead)).text
    assert "Send now" not in page and "wrote an e-mail for later" not in page
    actions = [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert [each for each in actions if each.startswith("lead.mail")] == ["lead.mail_planned", "lead.mailed"]


def test_what_was_taken_back_never_leaves(desk: Client, lead: Lead, post: Post) -> None:
    plan(desk, lead)
    assert change(desk, only_mail(), "cancel") == change(desk, only_mail(), "cancel") == 303
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        delivery.sweep(post)
        assert only_mail().sent_at is None and message().sent_at is None and found(lead).first_answer_at is None
    assert "it was cancelled" in desk.get(page_of(lead)).text
    assert change(desk, only_mail(), "now") == 409 and session.query(Notice).count() == 0


def test_what_is_hurried_leaves_at_once_and_is_the_answer(desk: Client, lead: Lead, post: Post) -> None:
    plan(desk, lead)
    assert change(desk, only_mail(), "now") == 303
    assert found(lead).first_answer_at == NOW and message().due_at == NOW
    delivery.sweep(post)
    assert only_mail().sent_at == NOW
    assert change(desk, only_mail(), "now") == change(desk, only_mail(), "cancel") == 409


def test_what_is_just_leaving_is_neither_taken_back_nor_hurried(desk: Client, lead: Lead) -> None:
    plan(desk, lead)
    with transaction():
        message().claimed_until = clock.now() + CLAIM
    assert change(desk, only_mail(), "cancel") == change(desk, only_mail(), "now") == 409
    assert only_mail().failed_at is None and found(lead).first_answer_at is None


def test_who_wrote_again_meanwhile_still_waits_after_it_left(desk: Client, lead: Lead, post: Post) -> None:
    plan(desk, lead)
    ours = only_mail().message_id
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        arrive(letter(In_Reply_To=ours))
        waits_since = clock.now()
    with time_machine.travel(MORNING, tick=False):
        delivery.sweep(post)
    assert found(lead).answer_waiting_at == waits_since


def test_whom_it_answers_waits_no_more_once_it_left(desk: Client, lead: Lead, post: Post) -> None:
    with transaction():
        found(lead).answer_waiting_at = clock.now() - timedelta(hours=1)
    plan(desk, lead)
    assert found(lead).answer_waiting_at is not None
    with time_machine.travel(MORNING, tick=False):
        delivery.sweep(post)
    assert found(lead).answer_waiting_at is None


def test_nothing_leaves_for_what_turned_out_to_be_spam(desk: Client, lead: Lead, post: Post) -> None:
    plan(desk, lead)
    with transaction():
        found(lead).status = LeadStatus.SPAM
    with time_machine.travel(MORNING, tick=False):
        delivery.sweep(post)
    assert only_mail().sent_at is None
    assert "the lead was spam by then" in desk.get(page_of(lead)).text


def test_the_buttons_offer_tomorrow_and_the_next_opening(desk: Client, lead: Lead) -> None:
    page = desk.get(page_of(lead)).text
    assert 'value="later:2026-11-25T06:00Z"' in page and "Tomorrow 08:00" in page
    assert 'value="later:2026-11-25T08:00Z"' in page and "When we open: Wednesday 25 November 10:00" in page
    assert page.index('value="send"') < page.index('value="later:'), "Ctrl+Enter sends now"


def test_a_time_of_ones_own_is_on_the_dealerships_wall(desk: Client, lead: Lead) -> None:
    assert plan(desk, lead, "later", leaves="2026-11-30T15:30") == 303
    assert only_mail().leaves_at == datetime(2026, 11, 30, 13, 30, tzinfo=UTC)


BAD = [
    ("later", "", "Give a date and a time."),
    ("later", "soon", "Not a valid datetime value."),
    ("later", "2026-11-24T19:30", "Give a time that is still to come"),
    ("later", "2028-01-01T10:00", "at most a year ahead"),
    ("later", "0001-01-01T00:00", "Give a time that is still to come"),
    ("later", "9999-12-31T23:59", "at most a year ahead"),
    ("later", "2027-03-28T03:30", "The clocks are put forward that night"),
    ("later:2026-11-23T06:00Z", "", "Give a time that is still to come"),
    ("later:9999-99-99T99:99Z", "", "Give a time that is still to come"),
    ("later:<script>", "", "Give a time that is still to come"),
]


@pytest.mark.parametrize(("do", "leaves", "said"), BAD)
def test_a_time_that_makes_no_sense_is_said_and_nothing_is_lost(
    desk: Client, lead: Lead, do: str, leaves: str, said: str
) -> None:
    answer = desk.post(f"{page_of(lead)}/mail", data=TYPED | {"do": do, "leaves": leaves})
    assert answer.status_code == 422 and said in answer.text and "Come and see it." in answer.text
    assert session.query(Mail).count() == 0


def test_nonsense_and_strangers_are_refused(desk: Client, lead: Lead, signed_in: SignIn) -> None:
    plan(desk, lead)
    mail = only_mail()
    assert change(desk, mail, "explode") == 422
    other = make_lead()
    assert desk.post(f"/staff/leads/{other.id}/mail/{mail.id}", data={"do": "cancel"}).status_code == 404
    assert change(signed_in(make_user("Other Hand")), mail, "cancel") == 403
    assert message().dead_at is None


def test_htmx_gets_the_lead_alone(desk: Client, lead: Lead) -> None:
    plan(desk, lead)
    path = f"{page_of(lead)}/mail/{only_mail().id}"
    answer = desk.post(path, data={"do": "cancel"}, headers=FRAGMENT)
    assert answer.status_code == 200 and answer.text.lstrip().startswith('<div id="_lead"')


def wall(shown: str) -> datetime:
    """What a clock on the wall shows, in no zone."""
    return datetime.fromisoformat(shown)


WALLS = st.datetimes(wall("2020-01-01T00:00"), wall("2035-01-01T00:00"))


@given(WALLS, st.sampled_from(["Europe/Helsinki", "Europe/London"]))
def test_a_time_on_the_wall_is_that_time_or_none(local: datetime, zone: str) -> None:
    local = local.replace(microsecond=0)
    moment = later.on_wall(local, zone)
    shown = moment and moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    assert shown == local or (moment is None and local.month == 3)


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    assert later.on_wall(wall("2026-10-25T03:30"), "Europe/Helsinki") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [("24 09:59", "24 10:00"), ("24 10:00", "25 10:00"), ("27 12:00", "30 10:00"), ("28 00:00", "30 10:00")],
)
def test_the_next_opening_leaves_out_the_one_that_is_on(now: str, opens_at: str) -> None:
    calendar = hours.calendar("Europe/Helsinki", {str(day): [["10:00", "18:00"]] for day in range(5)})
    moments = [datetime.fromisoformat(f"2026-11-{each}").replace(tzinfo=HELSINKI) for each in (now, opens_at)]
    assert later.next_opening(calendar, moments[0]) == moments[1]


def test_a_house_that_is_always_open_opens_never() -> None:
    calendar = hours.calendar("Europe/Helsinki", {str(day): [["00:00", "24:00"]] for day in range(7)})
    assert later.next_opening(calendar, NOW) is None
