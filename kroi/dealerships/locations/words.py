"""What a place is on a page: where it is, whether it is open, its week, and the next days that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from flask_babel import gettext as _

from kroi.core import clock
from kroi.dealerships import rules
from kroi.dealerships import words as dealerships
from kroi.dealerships.rules import Profile, hours
from kroi.dealerships.rules.hours import WEEKDAYS, Calendar
from kroi.dealerships.rules.places import Place
from kroi.web import filters, place

_MAP = "https://www.openstreetmap.org/search?query="


@dataclass(frozen=True)
class Card:
    """One place. `opening` is empty when nobody can say; `special` are days that differ, soonest first."""

    place: Place
    map: str
    opening: str
    is_open: bool
    week: Sequence[tuple[str, str]]
    special: Sequence[tuple[str, str]]


def cards(profile: Profile) -> list[Card]:
    """Every place of a dealership as it is now, the main one first."""
    ids = [None, *(each.id for each in profile.locations)]
    return [_card(profile.place_at(each), profile.calendar_at(each)) for each in ids]


def _card(where: Place, calendar: Calendar) -> Card:
    here = clock.local(clock.now(), calendar.zone)
    found, coming = rules.opening_of(calendar, here), hours.coming(calendar, here.date())
    return Card(
        where,
        _MAP + quote(where.address) if where.street else "",
        dealerships.opening_in_words(found, here) if calendar.ever_opens else "",
        found.is_open,
        week(calendar) if calendar.ever_opens else (),
        [(_day(day, calendar.zone), spans(hours.in_times(open_at))) for day, open_at in coming],
    )


def week(calendar: Calendar) -> list[tuple[str, str]]:
    """Each weekday with its opening hours in words."""
    names = get_day_names("wide", "stand-alone", locale=place.current().language)
    return [(str(names[day]), spans(hours.in_times(calendar.week[day]))) for day in WEEKDAYS]


def spans(intervals: Sequence[tuple[time, time]]) -> str:
    """Opening hours of one day in words."""
    said = [f"{filters.wall_time(start)}–{filters.wall_time(end)}" for start, end in intervals]
    return ", ".join(said) or str(_("closed"))


def _day(day: date, zone: str) -> str:
    return filters.long_day(datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)))
