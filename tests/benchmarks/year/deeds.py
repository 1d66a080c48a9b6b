"""What follows a lead: who gets it, calls, notes, mails, visits, tasks, moves, and who is told."""

from datetime import timedelta
from typing import Any

from kroi.leads.assignment.models import HandOver, RoundLead
from kroi.leads.assignment.rules.reasons import Code, How
from kroi.leads.mail.models import Direction, Mail
from kroi.leads.models import ActivityKind, Task
from kroi.leads.own_page.models import OwnPage
from kroi.leads.rules import CallOutcome, CallTime, Interest, LeadStatus
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import LENGTH, VisitStatus
from kroi.leads.wishes.models import WishRow
from kroi.notifications.models import Notice, Outbox, OutboxKind
from kroi.notifications.rules import KEPT, NoticeKind
from tests.benchmarks.year.stories import MESSAGES, Story

_DAY = timedelta(days=1)


def tell(story: Story, held: set[tuple[int, object]]) -> None:
    """The whole story of a lead. `held` are the times at which cars are driven already."""
    story.ask()
    _follow(story, held)
    story.row["updated_at"] = story.at


def _follow(story: Story, held: set[tuple[int, object]]) -> None:
    _wish(story)
    if story.status is LeadStatus.SPAM:
        return
    _page(story)
    _told(story)
    if story.assignee:
        _handed(story)
    if story.answered:
        _answered(story)
        _moved(story, held)
    if story.assignee and story.random.random() < 0.4:
        _task(story)


def _page(story: Story) -> None:
    digest = f"{story.random.getrandbits(128):032x}"
    story.rows.add(OwnPage, lead_id=story.lead_id, salt=digest[:16], digest=digest, expires_at=story.at + 90 * _DAY)


def _wish(story: Story) -> None:
    if story.interest is Interest.QUESTION:
        return
    of = story.interest
    story.rows.add(
        WishRow, lead_id=story.lead_id, said=f"{story.number:064x}", slot_at=None,
        make="Volvo" if of is Interest.TRADE_IN else "", model="V60" if of is Interest.TRADE_IN else "",
        year=2014 if of is Interest.TRADE_IN else None, mileage_km=None, plate="", condition=None,
        down_cents=5_000_00 if of is Interest.FINANCE else None, months=48 if of is Interest.FINANCE else None,
        call_time=CallTime.AFTERNOON if of is Interest.CALL_BACK else None,
        looking_for="A small estate car" if of is Interest.NOTIFY else "", most_cents=None,
    )  # fmt: skip


def _told(story: Story) -> None:
    """Mails of the last month, and notices."""
    heard = [*story.house.managers, *([story.assignee] if story.assignee else [])]
    recent = story.house.now - story.at < KEPT
    if recent and story.who.email:
        _mailed(story, OutboxKind.RECEIPT, None)
    for user_id in heard:
        if recent:
            _mailed(story, OutboxKind.NEW_LEAD, user_id)
        unread = story.house.now - story.at < _DAY
        story.rows.add(
            Notice, user_id=user_id, kind=NoticeKind.NEW_LEAD, lead_id=story.lead_id, at=story.at,
            read_at=None if unread else story.at + _DAY, facts={},
        )  # fmt: skip


def _mailed(story: Story, kind: OutboxKind, user_id: int | None) -> None:
    dead = story.random.random() < 0.005
    story.rows.add(
        Outbox, kind=kind, lead_id=story.lead_id, user_id=user_id, created_at=story.at, due_at=story.at,
        attempts=14 if dead else 1, sent_at=None if dead else story.at, dead_at=story.at if dead else None,
        last_error="refused" if dead else None,
    )  # fmt: skip


def _handed(story: Story) -> None:
    how, code = (How.ROUND, Code.NEXT) if story.random.random() < 0.8 else (How.CLAIMED, None)
    said: dict[str, Any] = {"before": None, "after": story.assignee, "how": how.value}
    said |= {"code": code.value} if code else {}
    by = None if how is How.ROUND else story.assignee
    story.happened(ActivityKind.ASSIGNMENT, said, by)
    story.audited("lead.assigned", said, by)
    story.rows.add(HandOver, lead_id=story.lead_id, at=story.at, how=how, code=code, before_id=None,
                   after_id=story.assignee)  # fmt: skip
    waits = how is How.ROUND and story.answered is None
    story.rows.add(
        RoundLead, lead_id=story.lead_id, hands=1, holder_id=story.assignee if waits else None, given_at=story.at,
        due_at=story.house.now + _DAY if waits else None, waits_since=None,
    )  # fmt: skip


def _answered(story: Story) -> None:
    """A call, a mail, or both; now and then a note."""
    assert story.answered is not None
    story.at = story.answered
    if story.random.random() < 0.6 or not story.who.email:
        outcome = story.random.choice((CallOutcome.REACHED, CallOutcome.REACHED, CallOutcome.LEFT_MESSAGE))
        story.audited("lead.called", {"outcome": outcome.value}, story.assignee)
        story.happened(ActivityKind.CALL, {"outcome": outcome.value}, story.assignee)
    else:
        _mail(story, Direction.OUT)
        if story.random.random() < 0.5:
            story.later(20)
            _mail(story, Direction.IN)
    if story.random.random() < 0.3:
        story.later(30)
        story.audited("lead.noted", {}, story.assignee)
        story.happened(ActivityKind.NOTE, {}, story.assignee, "Wants to think it over until the weekend.")


def _mail(story: Story, way: Direction) -> None:
    out = way is Direction.OUT
    key = story.rows.add(
        Mail, lead_id=story.lead_id, direction=way, at=story.at, by_id=story.assignee if out else None,
        address=story.who.email, subject=f"Your question [{story.reference}]",
        text=story.random.choice(MESSAGES) or "Yes",
        whole=None, message_id=f"<{story.lead_id}.{way.value}.{story.at:%d%H%M%S%f}@house.example>", answers=None,
        sent_at=story.at if out else None, failed_at=None, failure=None,
    )  # fmt: skip
    story.happened(ActivityKind.MAIL, {"mail": key, "direction": way.value}, story.assignee if out else None)
    if out:
        story.audited("lead.mailed", {"mail": key}, story.assignee)


def _moved(story: Story, held: set[tuple[int, object]]) -> None:
    way = story.way()
    for before, after in zip(way, way[1:], strict=False):
        story.later(30)
        facts = {"before": before.value, "after": after.value}
        story.happened(ActivityKind.STATUS, facts, story.assignee)
        story.audited("lead.moved", facts, story.assignee)
        if after is LeadStatus.APPOINTMENT and story.car:
            _visit(story, held)


def _visit(story: Story, held: set[tuple[int, object]]) -> None:
    assert story.car
    day = (story.at + timedelta(days=story.random.randrange(1, 6))).replace(minute=0, second=0, microsecond=0)
    starts = day.replace(hour=story.random.randrange(8, 16))
    if (story.car[0], starts) in held:
        return
    held.add((story.car[0], starts))
    came = VisitStatus.DONE if story.random.random() < 0.85 else VisitStatus.NO_SHOW
    story.rows.add(
        Appointment, lead_id=story.lead_id, car_id=story.car[0], starts_at=starts, ends_at=starts + LENGTH,
        status=VisitStatus.BOOKED if starts > story.house.now else came, by_id=story.assignee, confirmed_at=story.at,
        created_at=story.at, updated_at=story.at,
    )  # fmt: skip


def _task(story: Story) -> None:
    due = story.at + timedelta(hours=story.random.randrange(2, 80))
    is_open = story.status not in (LeadStatus.WON, LeadStatus.LOST)
    done = None if is_open else due
    key = story.rows.add(
        Task, lead_id=story.lead_id, text="Ring back", due_at=due, created_at=story.at, by_id=story.assignee,
        done_at=done, done_by_id=story.assignee if done else None,
    )  # fmt: skip
    facts = {"task": key, "due": due.isoformat()}
    story.happened(ActivityKind.TASK, facts | {"done": False}, story.assignee)
    story.audited("task.added", facts, story.assignee)
