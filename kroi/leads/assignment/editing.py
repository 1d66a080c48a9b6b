"""What people change about the round: its numbers, who takes part and how, and when they are away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from kroi.accounts import audit
from kroi.core import clock
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.leads.assignment import queries
from kroi.leads.assignment.models import Absence, Round, RoundLead
from kroi.leads.assignment.service import stored_member

LONGEST_AWAY = timedelta(days=400)


@dataclass(frozen=True)
class RoundWanted:
    """The numbers of a round as somebody wants them; `minutes` are of opening time."""

    is_on: bool
    minutes: int
    most_hands: int
    most_turns: int
    most_unanswered: int | None = None


@dataclass(frozen=True)
class PartWanted:
    """Somebody's part in the round as it should be; `hours` as they are stored, `None` for those of the house."""

    takes_part: bool
    cap: int
    languages: list[str]
    hours: dict[str, list[list[str]]] | None


def change_round(wanted: RoundWanted) -> Round:
    """Set the round's numbers. Switched off, it looks after no lead any longer; each stays where it is."""
    found = queries.lock_round()
    if found is None:
        found = Round(turns=0)
        session.add(found)
    found.is_on, found.minutes = wanted.is_on, wanted.minutes
    found.most_hands, found.most_turns = wanted.most_hands, wanted.most_turns
    found.most_unanswered = wanted.most_unanswered
    if not wanted.is_on:
        session.execute(update(RoundLead).values(holder_id=None, due_at=None, waits_since=None))
    session.flush()
    audit.record("round.changed", "round", found.id, details=vars(wanted).copy())
    return found


def change_part(user_id: int, wanted: PartWanted) -> None:
    """Set how somebody takes part; raises NotFound."""
    queries.lock_round()
    standing = queries.get_standing(user_id)
    row = standing.row or stored_member(standing)
    row.takes_part, row.cap, row.languages = wanted.takes_part, wanted.cap, wanted.languages
    row.own_hours, row.hours = wanted.hours is not None, wanted.hours or {}
    audit.record("round.part_changed", "user", user_id, details=vars(wanted).copy())


def add_absence(user_id: int, start: datetime, end: datetime) -> Absence:
    """Somebody is away between two moments (aware); raises Invalid, and NotFound for nobody."""
    queries.get_standing(user_id)
    if end <= start:
        raise Invalid(_("The end comes before the beginning."))
    if end <= clock.now():
        raise Invalid(_("That is over already."))
    if end - start > LONGEST_AWAY:
        raise Invalid(_("That is longer than a year."))
    added = Absence(user_id=user_id, starts_at=start, ends_at=end)
    session.add(added)
    session.flush()
    audit.record("absence.added", "user", user_id, details=_told(added))
    return added


def remove_absence(user_id: int, absence_id: int) -> None:
    """Somebody is not away after all; raises NotFound."""
    found = queries.get_absence(user_id, absence_id)
    audit.record("absence.removed", "user", user_id, details=_told(found))
    session.execute(delete(Absence).where(Absence.id == found.id))


def leave_today(user_id: int) -> None:
    """Somebody is away for the rest of the day, by the dealership's clock; saying so twice changes nothing."""
    zone = dealerships.get_profile(current_dealership_id()).zone
    midnight = clock.start_of_day(clock.today(zone) + timedelta(days=1), zone)
    if not _now_away(user_id):
        add_absence(user_id, clock.now(), midnight)


def come_back(user_id: int) -> None:
    """Somebody who is away is there again."""
    for each in _now_away(user_id):
        each.ends_at = clock.now()
        audit.record("absence.ended", "user", user_id, details=_told(each))


def _now_away(user_id: int) -> list[Absence]:
    now = clock.now()
    query = select(Absence).where(Absence.user_id == user_id, Absence.starts_at <= now, Absence.ends_at > now)
    return list(session.scalars(query.with_for_update()))


def _told(absence: Absence) -> dict[str, object]:
    return {"absence": absence.id, "from": absence.starts_at.isoformat(), "to": absence.ends_at.isoformat()}
