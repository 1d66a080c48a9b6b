"""What pages say of their dealership: open or not, in words."""

from dataclasses import replace
from datetime import datetime

from babel.dates import format_skeleton
from flask_babel import gettext as _

from kroi.core import clock
from kroi.dealerships import rules
from kroi.dealerships.rules import Opening, Profile
from kroi.web import filters, place

_said: dict[tuple[int, str], tuple[Profile, datetime, datetime, Profile]] = {}  # by dealership and language


def on_page(profile: Profile) -> Profile:
    """The profile as templates see it, with today's opening in words; the same object until the words change."""
    key, now = (profile.id, place.current().language), clock.now()
    known = _said.get(key)
    if known is not None and known[0] is profile and known[1] <= now < known[2]:
        return known[3]
    here = clock.local(now, profile.zone)
    found = rules.opening(profile, here)
    made = replace(profile, opening=_in_words(found, here), is_open=found.is_open)
    _said[key] = profile, now, rules.changes_at(profile, here), made
    return made


def _in_words(found: Opening, here: datetime) -> str:
    if found.until:
        return str(_("Open until %(time)s", time=filters.wall_time(found.until)))
    if found.next_open is None:
        return ""
    hour = filters.wall_time(found.next_open.time())
    if found.next_open.date() == here.date():
        return str(_("Opens at %(time)s", time=hour))
    weekday = format_skeleton("EEE", found.next_open, locale=place.current().language)
    return str(_("Opens %(day)s %(time)s", day=weekday, time=hour))
