"""The demo's round: a manager switched it on some days ago, for the two who sell."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from kroi.core import clock
from kroi.leads import queries as leads
from kroi.leads.assignment import editing
from kroi.leads.assignment import queries as rounds
from kroi.leads.assignment import service as assignment
from kroi.leads.assignment.editing import PartWanted, RoundWanted
from kroi.operations.demo.rules import Calendar
from kroi.operations.demo.timeline import Step

_MANAGER = "tom"
_BEGAN = 9  # days ago
_WEEKDAYS = range(5)
_PARTS = {
    "aoife": PartWanted(True, 25, ["en", "sv"], None),
    "conor": PartWanted(True, 20, ["en", "fi"], {str(day): [["09:00", "17:00"]] for day in _WEEKDAYS}),
}
_HOLIDAY = ("conor", 12, 16)  # who, and from and until how many days from now


def steps(staff: dict[str, int], calendar: Calendar) -> Iterator[Step]:
    """What the manager did, and one time that the round took a lead back."""
    began = calendar.on(_BEGAN, time(8, 30))
    wanted = RoundWanted(is_on=True, minutes=120, most_hands=3, most_turns=3)
    yield Step(began, _MANAGER, partial(editing.change_round, wanted))
    for key, part in _PARTS.items():
        yield Step(began, _MANAGER, partial(editing.change_part, staff[key], part))
    key, first, last = _HOLIDAY
    nine = [datetime.combine(calendar.day(each), time(9), ZoneInfo(calendar.zone)) for each in (first, last)]
    yield Step(calendar.on(1, time(9, 5)), _MANAGER, partial(editing.add_absence, staff[key], *nine))
    yield Step(calendar.on(2, time(10)), None, _pass_on)


def _pass_on() -> None:
    for lead_id in rounds.list_due(clock.now()):
        assignment.pass_on(leads.lock(lead_id))
