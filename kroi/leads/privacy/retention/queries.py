"""What is over: leads nobody has been in touch about for long enough, their files, quotations in their mails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from kroi.core import clock
from kroi.db.model import session
from kroi.dealerships.rules import Profile
from kroi.dealerships.rules.retention import Terms, before
from kroi.leads.files.models import LeadFile
from kroi.leads.mail.models import Mail
from kroi.leads.models import Activity, ActivityKind, Lead, Task
from kroi.leads.rules import LeadStatus
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from kroi.leads.wishes.models import WishPhoto

_CONTACT = (
    ActivityKind.RECEIVED,
    ActivityKind.WRITTEN,
    ActivityKind.MAIL,
    ActivityKind.CALL,
    ActivityKind.VISIT,
    ActivityKind.NOTE,
)
"""What shows that somebody was in touch; beside these, a move that one of us made."""


@dataclass(frozen=True)
class Today:
    """A day at a dealership, and what its clocks say."""

    day: date
    zone: str
    terms: Terms
    now: datetime

    @classmethod
    def at(cls, profile: Profile, now: datetime | None = None, terms: Terms | None = None) -> "Today":
        """The day of this moment (else now) by these terms (else those of the dealership)."""
        now = now or clock.now()
        return cls(clock.local(now, profile.zone).date(), profile.zone, terms or profile.kept, now)

    def before(self, *, months: int = 0, days: int = 0) -> datetime:
        """What was last before this moment is over."""
        return before(self.day, self.zone, months=months, days=days)


def list_due(today: Today, limit: int) -> list[int]:
    """Leads (ids) whose time is over, the oldest first."""
    over = union_all(*_over(today)).subquery()
    return list(session.scalars(select(over.c.id).order_by(over.c.id).limit(limit)))


def count_people_due(today: Today) -> int:
    """How many people have leads whose time is over."""
    over = union_all(*_over(today)).subquery()
    return session.scalar(select(func.count(over.c.person_id.distinct()))) or 0


def list_files_due(today: Today, limit: int) -> list[LeadFile]:
    """Papers and pictures of leads that are over, and for which their time is over, too."""
    query = select(LeadFile).join(Lead, Lead.id == LeadFile.lead_id).where(_is_closed_since(today))
    return list(session.scalars(query.order_by(LeadFile.id).limit(limit)))


def list_photos_due(today: Today, limit: int) -> list[WishPhoto]:
    """The same for photos of people's own cars."""
    query = select(WishPhoto).join(Lead, Lead.id == WishPhoto.lead_id).where(_is_closed_since(today))
    return list(session.scalars(query.order_by(WishPhoto.id).limit(limit)))


def list_quotations_due(today: Today, limit: int) -> list[int]:
    """Mails (ids) whose quotations are kept for long enough."""
    over = Mail.at < today.before(months=today.terms.quotations)
    return list(session.scalars(select(Mail.id).where(Mail.whole.is_not(None), over).order_by(Mail.id).limit(limit)))


def _over(today: Today) -> Iterator[Select[int, int]]:
    """Leads and their people, clock by clock: each begins with its own few, and no lead has two."""
    for over in _clocks(today):
        yield select(Lead.id, Lead.person_id).where(over, ~_is_expected(today.now))


def _clocks(today: Today) -> Iterator[ColumnElement[bool]]:
    """One for each purpose. Somebody who wants offers is kept for the longer of two."""
    terms = today.terms
    spam = Lead.status == LeadStatus.SPAM
    won = Lead.status == LeadStatus.WON
    old = today.before(days=terms.spam_days)
    received = func.coalesce(Lead.received_at, old) < old  # no bare column: SQLite would begin with all that are older
    yield and_(spam, received, _is_silent_since(old))
    for these, months in ((won, terms.won), (and_(~won, ~spam), terms.unsold)):
        yield and_(these, ~Lead.marketing, _is_quiet_since(today.before(months=months)))
        longer = max(months, terms.marketing)
        yield and_(these, Lead.marketing, _is_quiet_since(today.before(months=longer)))


def _is_closed_since(today: Today) -> ColumnElement[bool]:
    closed = Lead.status.in_((LeadStatus.WON, LeadStatus.LOST, LeadStatus.SPAM))
    return and_(closed, _is_quiet_since(today.before(months=today.terms.files)), ~_is_expected(today.now))


def _is_quiet_since(moment: datetime) -> ColumnElement[bool]:
    return and_(Lead.received_at < moment, _is_silent_since(moment))


def _is_silent_since(moment: datetime) -> ColumnElement[bool]:
    """Did nothing come from the lead's person since, and did none of us turn to them, about this lead or another?

    What is spam begins no clock anew, but for the move that made it spam.
    """
    other = aliased(Lead)
    moved = and_(Activity.kind == ActivityKind.STATUS, Activity.by_id.is_not(None))
    itself = select(Activity.id).where(Activity.lead_id == Lead.id, moved, Activity.at >= moment)
    touching = Activity.at >= moment, or_(Activity.kind.in_(_CONTACT), moved)
    touched = select(other.id).where(*_same_person(other), _has(other, Activity, *touching))
    asked = select(other.id).where(*_same_person(other), other.received_at >= moment)
    since = (each.exists() for each in (itself, asked, touched))
    return ~or_(*since, _comes_since(moment))


def _comes_since(moment: datetime) -> ColumnElement[bool]:
    other = aliased(Lead)
    booked = and_(Appointment.status.in_((VisitStatus.BOOKED, VisitStatus.DONE)), Appointment.starts_at >= moment)
    return select(other.id).where(*_same_person(other), _has(other, Appointment, booked)).exists()


def _is_expected(now: datetime) -> ColumnElement[bool]:
    """Is something to be done about the person, or do they come, in times to come?"""
    other = aliased(Lead)
    to_do = _has(other, Task, Task.done_at.is_(None), Task.due_at >= now)
    task = select(other.id).where(*_same_person(other), to_do)
    return or_(task.exists(), _comes_since(now))


def _has(
    lead: type[Lead], of: type[Activity] | type[Appointment] | type[Task], *which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Hangs such a row on the lead? Asked lead by lead: of a join, SQLite would walk all rows for each person."""
    return select(of.id).where(of.lead_id == lead.id, *which).exists()


def _same_person(other: type[Lead]) -> Sequence[ColumnElement[bool]]:
    return (other.person_id == Lead.person_id, other.status != LeadStatus.SPAM)
