"""Reads of the round: its settings, how everybody in it stands, and which leads it waits for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from kroi.accounts.models import Role, User
from kroi.core import clock
from kroi.core.errors import NotFound
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules import Profile
from kroi.dealerships.rules.hours import Calendar
from kroi.leads.assignment.models import Absence, HandOver, Round, RoundLead, RoundMember
from kroi.leads.assignment.rules import shifts
from kroi.leads.assignment.rules.shifts import Presence
from kroi.leads.clock.rules import calendar_or_usual
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import OPEN, LeadStatus

CAP = 30  # open leads of somebody about whom nothing else was said
_TO_THEM = [kind for kind in ActivityKind if kind.value in {"call", "mail", "status", "visit"}]


@dataclass(frozen=True)
class Standing:
    """Somebody on the staff and how they stand in the round right now. `row` is what is stored of it, if anything."""

    user: User
    takes_part: bool
    cap: int
    languages: tuple[str, ...]
    own_hours: bool
    hours: dict[str, list[list[str]]]
    calendar: Calendar
    presence: Presence
    open_leads: int
    unanswered: int
    owed: int
    last_turn: int
    absences: Sequence[Absence] = ()
    row: RoundMember | None = field(default=None, repr=False)

    def away(self) -> list[shifts.Absence]:
        """When they are away, for the rules."""
        return [shifts.Absence(each.starts_at, each.ends_at) for each in self.absences]


def house_calendar() -> Calendar:
    """When the dealership is open, which is when most people work."""
    return calendar_or_usual(dealerships.get_profile(current_dealership_id()).calendar)


def find_round() -> Round | None:
    """The dealership's round, if anybody has set it up."""
    return session.scalar(select(Round))


def lock_round() -> Round | None:
    """The same, with nobody else choosing until the transaction ends. Whoever locks a lead, too, locks that first."""
    dialects.lock_named(session, f"round {current_dealership_id()}")
    return session.scalar(select(Round).execution_options(populate_existing=True))


def list_standings(user_id: int | None = None) -> list[Standing]:
    """How everybody who is switched on stands, by name; or only this person."""
    query = (
        select(User, RoundMember)
        .outerjoin(RoundMember, RoundMember.user_id == User.id)
        .where(User.active)
        .order_by(User.name, User.id)
    )
    if user_id is not None:
        query = query.where(User.id == user_id)
    rows = session.execute(query.execution_options(populate_existing=True)).all()
    away, hands, house = _absences(), _open_leads(), house_calendar()
    profile = dealerships.get_profile(current_dealership_id())
    return [_standing(user, row, away[user.id], hands.get(user.id, (0, 0)), house, profile) for user, row in rows]


def get_standing(user_id: int) -> Standing:
    """How one person stands; raises NotFound."""
    for found in list_standings(user_id):
        return found
    raise NotFound(_("There is no such person here."))


def find_who_knows(lead: Lead) -> int | None:
    """Who worked the last lead of the same person."""
    earlier = (
        select(Lead.assignee_id)
        .where(Lead.person_id == lead.person_id, Lead.id != lead.id, Lead.assignee_id.is_not(None))
        .where(Lead.status != LeadStatus.SPAM)
        .order_by(Lead.received_at.desc(), Lead.id.desc())
    )
    return session.scalar(earlier.limit(1))


def list_holders(lead_id: int) -> list[int]:
    """Who has had this lead, the last one last; somebody who had it twice stands twice."""
    query = select(HandOver.after_id).where(HandOver.lead_id == lead_id, HandOver.after_id.is_not(None))
    return [each for each in session.scalars(query.order_by(HandOver.id)) if each is not None]


def find_state(lead_id: int) -> RoundLead | None:
    """How a lead stands in the round, as it is now."""
    query = select(RoundLead).where(RoundLead.lead_id == lead_id)
    return session.scalar(query.execution_options(populate_existing=True))


def list_due(now: datetime, limit: int = 200) -> list[int]:
    """Leads (ids) about which nothing may have happened in time."""
    query = select(RoundLead.lead_id).where(RoundLead.due_at <= now).order_by(RoundLead.due_at)
    return list(session.scalars(query.limit(limit)))


def list_waiting(limit: int = 200) -> list[int]:
    """Leads (ids) that wait for somebody to be there, the longest wait first."""
    query = select(RoundLead.lead_id).where(RoundLead.waits_since.is_not(None))
    return list(session.scalars(query.order_by(RoundLead.waits_since, RoundLead.id).limit(limit)))


def count_waiting() -> int:
    """How many leads wait for somebody to be there."""
    return session.scalar(select(func.count()).select_from(RoundLead).where(RoundLead.waits_since.is_not(None))) or 0


def was_worked(lead: Lead, since: datetime) -> bool:
    """Has somebody called, written, or moved it since then? Notes and plans reach nobody."""
    if lead.first_answer_at is not None and lead.first_answer_at >= since:
        return True
    done = select(Activity.id).where(
        Activity.lead_id == lead.id,
        Activity.at >= since,
        Activity.by_id.is_not(None),
        Activity.kind.in_(_TO_THEM),
    )
    return session.scalar(done.limit(1)) is not None


def get_absence(user_id: int, absence_id: int) -> Absence:
    """One time somebody is away; raises NotFound."""
    found = session.scalar(select(Absence).where(Absence.id == absence_id, Absence.user_id == user_id))
    if found is None:
        raise NotFound(_("There is no such absence."))
    return found


def _standing(
    user: User,
    row: RoundMember | None,
    absences: Sequence[Absence],
    hands: tuple[int, int],
    house: Calendar,
    profile: Profile,
) -> Standing:
    own = row is not None and row.own_hours
    hours = shifts.own_calendar(house, row.hours) if row is not None and own else house
    away = [shifts.Absence(each.starts_at, each.ends_at) for each in absences]
    spoken = row.languages if row else [each for each in profile.languages if each in (profile.language, user.language)]
    return Standing(
        user=user,
        takes_part=row.takes_part if row else user.role is Role.SALES,
        cap=row.cap if row else CAP,
        languages=tuple(spoken),
        own_hours=own,
        hours=row.hours if row is not None and own else dict(profile.hours),
        calendar=hours,
        presence=shifts.presence(hours, away, clock.now()),
        open_leads=hands[0],
        unanswered=hands[1],
        owed=row.owed if row else 0,
        last_turn=row.last_turn if row else 0,
        absences=absences,
        row=row,
    )


def _absences() -> dict[int, list[Absence]]:
    """Who is away now or later, and when, by user."""
    found: dict[int, list[Absence]] = defaultdict(list)
    for each in session.scalars(select(Absence).where(Absence.ends_at > clock.now()).order_by(Absence.starts_at)):
        found[each.user_id].append(each)
    return found


def _open_leads() -> dict[int, tuple[int, int]]:
    """How many open leads everybody has, and how many of them have no answer yet."""
    unanswered = func.count().filter(Lead.first_answer_at.is_(None))
    query = select(Lead.assignee_id, func.count(), unanswered).where(
        Lead.status.in_(OPEN), Lead.assignee_id.is_not(None)
    )
    found = session.execute(query.group_by(Lead.assignee_id))
    return {user_id: (n, without) for user_id, n, without in found if user_id is not None}
