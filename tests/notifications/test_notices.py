"""Staff hear of what concerns them, in the way they chose, and by mail not in their quiet hours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import queries as leads
from kroi.leads import service as work
from kroi.leads.events import LeadReturned, ShopperActed, ShopperDid
from kroi.leads.models import Lead
from kroi.notifications import rules
from kroi.notifications import service as outbox
from kroi.notifications.delivery import service as delivery
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Notice, Outbox, OutboxKind
from kroi.notifications.notices import service
from kroi.notifications.rules import NoticeKind, Way
from tests.notifications.leads import ask
from tests.support.client import Client
from tests.support.makers import make_lead
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
WISHES = dict.fromkeys((kind.value for kind in NoticeKind), Way.BOTH.value)
HELSINKI = ZoneInfo("Europe/Helsinki")


def told(user: User) -> list[NoticeKind]:
    return [notice.kind for notice in session.query(Notice).filter_by(user_id=user.id).order_by(Notice.id)]


def mailed(user: User) -> list[str | None]:
    rows = session.query(Outbox).filter_by(user_id=user.id).order_by(Outbox.id)
    return [row.event for row in rows if row.kind in (OutboxKind.NOTICE, OutboxKind.NEW_LEAD)]


def publish(event: object) -> None:
    with transaction():
        events.publish(event)


@pytest.mark.parametrize(
    ("way", "portal", "mail"),
    [(Way.BOTH, 1, 1), (Way.EMAIL, 0, 1), (Way.PORTAL, 1, 0), (Way.NONE, 0, 0)],
)
def test_everybody_hears_in_the_way_they_chose(signed_in: SignIn, ana: User, way: Way, portal: int, mail: int) -> None:
    client = signed_in(ana)
    assert client.post("/staff/profile/notices", data=WISHES | {"new_lead": way.value}).status_code == 303
    ask(email=None)
    assert (len(told(ana)), len(mailed(ana))) == (portal, mail)


def test_without_a_word_one_hears_both_ways_and_of_others_leads_nothing(ana: User, boris: User) -> None:
    lead = make_lead(assignee_id=ana.id)
    publish(ShopperActed(lead.id, ShopperDid.WROTE))
    assert (told(ana), told(boris)) == ([NoticeKind.ANSWER], [])
    assert mailed(ana) == ["answer"]
    assert session.get_one(Lead, lead.id).answer_waiting_at is not None


def test_who_is_given_a_lead_hears_of_it_and_who_takes_one_knows(ana: User, boris: User) -> None:
    for actor in (boris, ana):
        lead_id = make_lead().id
        with audit.acting_as(actor.id), transaction():
            work.assign(leads.lock(lead_id), ana)
    assert told(ana) == [NoticeKind.ASSIGNED]


def test_a_returned_lead_is_told_to_managers(ana: User, boris: User) -> None:
    publish(LeadReturned(make_lead().id, "nothing_happened"))
    assert NoticeKind.RETURNED in told(boris) and NoticeKind.RETURNED not in told(ana)


def test_mails_wait_until_the_quiet_is_over_and_the_portal_does_not(signed_in: SignIn, ana: User, post: Post) -> None:
    quiet = WISHES | {"quiet_from": "20:00", "quiet_until": "07:30"}
    assert signed_in(ana).post("/staff/profile/notices", data=quiet).status_code == 303
    ana_id = ana.id
    with time_machine.travel(datetime(2026, 11, 21, 22, 0, tzinfo=HELSINKI), tick=True):
        ask(email=None)
        assert delivery.sweep(post) == 0
    session.expire_all()
    assert session.query(Notice).filter_by(user_id=ana_id).count() == 1
    (message,) = session.query(Outbox).filter_by(user_id=ana_id)
    assert message.due_at == datetime(2026, 11, 22, 7, 30, tzinfo=HELSINKI).astimezone(UTC)
    with time_machine.travel(datetime(2026, 11, 22, 7, 31, tzinfo=HELSINKI), tick=True):
        assert delivery.sweep(post) == 1


def test_a_shoppers_receipt_does_not_wait_for_our_quiet(signed_in: SignIn, ana: User, post: Post) -> None:
    signed_in(ana).post("/staff/profile/notices", data=WISHES | {"quiet_from": "00:00", "quiet_until": "23:59"})
    with time_machine.travel(datetime(2026, 11, 21, 12, 0, tzinfo=HELSINKI), tick=True):
        ask()
        assert delivery.sweep(post) == 1


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.times(), st.times())  # noqa: DTZ001
def test_quiet_ends_at_its_end_within_a_day(moment: datetime, start: object, end: object) -> None:
    begins, ends = f"{start:%H:%M}", f"{end:%H:%M}"
    found = rules.quiet_until(moment, begins, ends)
    if found is not None:
        assert moment < found <= moment + timedelta(days=1) and f"{found:%H:%M}" == ends
        assert rules.quiet_until(found, begins, ends) is None


@pytest.mark.parametrize(
    "bad", [{"quiet_from": "20:00"}, {"quiet_from": "25:00", "quiet_until": "07:00"}, {"answer": "pigeon"}]
)
def test_half_a_wish_is_refused(signed_in: SignIn, ana: User, bad: dict[str, str]) -> None:
    assert signed_in(ana).post("/staff/profile/notices", data=WISHES | bad).status_code == 422


def test_the_bell_counts_what_is_unread_and_reading_empties_it(signed_in: SignIn, ana: User, boris: User) -> None:
    client = signed_in(ana)
    lead_id = ask()
    assert "1 new notice" in client.get("/staff/").text
    page = client.get("/staff/notices/").text
    assert "New lead: Wilma Virta" in page
    (mine,) = session.query(Notice).filter_by(user_id=ana.id)
    (theirs,) = session.query(Notice).filter_by(user_id=boris.id)
    assert client.post("/staff/notices/", data={"notice": theirs.id}).status_code == 404
    assert client.post("/staff/notices/", data={"notice": "x"}).status_code == 404
    opened = client.post("/staff/notices/", data={"notice": mine.id})
    assert opened.headers["Location"].endswith(f"/staff/leads/{lead_id}")
    assert "new notice" not in client.get("/staff/").text
    ask()
    assert client.post("/staff/notices/").status_code == 303
    assert session.query(Notice).filter_by(user_id=ana.id, read_at=None).count() == 0
    assert session.query(Notice).filter_by(user_id=boris.id, read_at=None).count() == 2


def test_the_pages_take_ten_queries_or_fewer(signed_in: SignIn, olga: User) -> None:
    for _ in range(5):
        ask()
    client = signed_in(olga)
    for path in ("/staff/notices/", "/staff/profile/notices", "/staff/operations/messages/"):
        with counted_queries() as sent:
            client.get(path)
        assert len(sent) <= 10, (path, sent)


def test_notices_are_forgotten_after_three_months(ana: User) -> None:
    ask()
    with time_machine.travel(clock.now() + service.KEPT + timedelta(days=1), tick=True):
        outbox.forget_sent()
    assert told(ana) == []
