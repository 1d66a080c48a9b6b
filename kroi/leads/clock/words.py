"""What the response clock says: on the clock itself, and in a lead's history."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.core import clock
from kroi.dealerships.rules.hours import Calendar
from kroi.leads.clock import queries, rules
from kroi.leads.clock.rules import Face, State, Step
from kroi.leads.models import Lead
from kroi.web import filters, place

STEPS = {
    Step.WARN.name.lower(): _l("nobody has answered yet, and the time runs out"),
    Step.RETURN.name.lower(): _l("nobody answered in time"),
    Step.TELL.name.lower(): _l("still no answer; the managers were told"),
}
_WEEK = 7


@dataclass(frozen=True)
class Shown:
    """A clock as a page shows it: its state, how full its track is (0 to 1), seconds so far, and words."""

    state: State
    share: float
    elapsed: int
    words: str
    sentence: str

    @property
    def counts(self) -> bool:
        """Does somebody still wait?"""
        return self.state is not State.ANSWERED


def clocked(facts: Mapping[str, Any]) -> str:
    """What a step of the ladder says in a lead's history."""
    return str(STEPS.get(str(facts.get("step")), "–"))


def shown(lead: Lead, calendar: Calendar, target_seconds: int, now: datetime) -> Shown | None:
    """A lead's clock at this moment; `None` where nobody waits for an answer."""
    face = rules.face(
        calendar,
        lead.received_at,
        now,
        due=lead.answer_due_at if lead.first_answer_at is None else None,
        target=target_seconds,
        answered=lead.answered_seconds,
    )
    if face is None:
        return None
    return Shown(face.state, face.share, rules.elapsed(face, target_seconds), _words(face), _sentence(face))


def clocks(leads: Sequence[Lead]) -> dict[int, Shown | None]:
    """The clocks of these leads by id; asks the database nothing."""
    now, target = clock.now(), queries.targets().seconds_to_answer
    found = {at: queries.calendar_at(at) for at in {lead.location_id for lead in leads}}
    return {lead.id: shown(lead, found[lead.location_id], target, now) for lead in leads}


def _words(face: Face) -> str:
    if face.state is State.WAITS and face.starts is not None:
        return _starts(face.starts)
    took = span(face.seconds)
    if face.state is State.ANSWERED:
        return str(_("answered in %(span)s", span=took))
    if face.state is State.LATE:
        return str(_("%(span)s late", span=took))
    return str(_("%(span)s left", span=took))


def _sentence(face: Face) -> str:
    if face.state is State.WAITS and face.starts is not None:
        return str(_("The clock %(starts)s.", starts=_starts(face.starts)))
    took = span(face.seconds)
    if face.state is State.ANSWERED:
        return str(_("Answered in %(span)s.", span=took))
    if face.state is State.LATE:
        return str(_("The answer is %(span)s late.", span=took))
    return str(_("%(span)s are left to answer.", span=took))


def span(seconds: int) -> str:
    """A length of opening time: `9 min`, `1 h 25 min`, `12 h`."""
    minutes = math.ceil(seconds / 60)
    return filters.duration(minutes if minutes < 600 else minutes - minutes % 60)


def _starts(moment: datetime) -> str:
    here = place.current()
    local, today = clock.local(moment, here.zone), clock.today(here.zone)
    hour = filters.wall_time(local.time())
    if local.date() == today:
        return str(_("starts %(time)s", time=hour))
    if (local.date() - today).days >= _WEEK:
        return str(_("starts %(day)s %(time)s", day=filters.day(local), time=hour))
    weekday = format_skeleton("EEE", local, locale=here.language)
    return str(_("starts %(day)s %(time)s", day=weekday, time=hour))
