"""The privacy page, and what every page says about its dealership."""

from dataclasses import replace
from datetime import datetime

from babel.dates import format_skeleton
from flask import Blueprint, Response
from flask_babel import gettext as _

from kroi.core import clock
from kroi.dealerships import rules
from kroi.dealerships.rules import Opening, Profile
from kroi.web import filters, pages, place
from kroi.web.htmx import show

shop = Blueprint("dealerships", __name__)


@shop.get("/privacy")
@pages.kept()
def privacy() -> Response:
    """What happens to what a shopper tells us."""
    pages.keep(car_ids=())
    return show("dealerships/privacy.html")


def on_page(profile: Profile) -> Profile:
    """The profile as templates see it, with today's opening in words."""
    here = clock.local(clock.now(), profile.zone)
    found = rules.opening(profile, here)
    return replace(profile, opening=_in_words(found, here), is_open=found.is_open)


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
