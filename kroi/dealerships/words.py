"""What pages say of their dealership: open or not, and how soon it answers, in words."""

import math
from dataclasses import replace
from datetime import datetime

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import ngettext

from kroi.core import clock
from kroi.dealerships import rules
from kroi.dealerships.rules import Opening, Profile
from kroi.web import filters, place

_LONGEST_PROMISE = 4 * 3600  # seconds; a slower house keeps quiet
_WEEK = 7  # days after which a weekday's name would mislead
_said: dict[tuple[int, str], tuple[Profile, datetime, datetime, Profile]] = {}  # by dealership and language


def on_page(profile: Profile) -> Profile:
    """The profile as templates see it, with today's opening in words; the same object until the words change."""
    key, now = (profile.id, place.current().language), clock.now()
    known = _said.get(key)
    if known is not None and known[0] is profile and known[1] <= now < known[2]:
        return known[3]
    here = clock.local(now, profile.zone)
    found = rules.opening(profile, here)
    opening, promised = opening_in_words(found, here), promise(profile.usual_answer)
    made = replace(profile, opening=opening, promise=promised, is_open=found.is_open)
    _said[key] = profile, now, rules.changes_at(profile, here), made
    return made


def promise(usual_seconds: int | None) -> str:
    """What we may tell shoppers: `We usually answer in 23 minutes`; empty when nobody can say, or it takes long."""
    if usual_seconds is None or usual_seconds > _LONGEST_PROMISE:
        return ""
    minutes = max(math.ceil(usual_seconds / 60), 1)
    if minutes <= 60:
        return str(ngettext("We usually answer in %(num)s minute", "We usually answer in %(num)s minutes", minutes))
    hours = math.ceil(minutes / 60)
    return str(ngettext("We usually answer in %(num)s hour", "We usually answer in %(num)s hours", hours))


def opening_in_words(found: Opening, here: datetime) -> str:
    """Open until when, or from when; empty when it opens on no day that we can see. `here` is the local time."""
    if found.until:
        return str(_("Open until %(time)s", time=filters.wall_time(found.until)))
    if found.next_open is None:
        return ""
    hour = filters.wall_time(found.next_open.time())
    if found.next_open.date() == here.date():
        return str(_("Opens at %(time)s", time=hour))
    if (found.next_open.date() - here.date()).days >= _WEEK:
        return str(_("Opens %(day)s %(time)s", day=filters.day(found.next_open.date()), time=hour))
    weekday = format_skeleton("EEE", found.next_open, locale=place.current().language)
    return str(_("Opens %(day)s %(time)s", day=weekday, time=hour))
