"""The demo's visitors: thirty days of page loads with the shape that weekdays, news and new cars give them."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from kroi.analytics.counting import service as counting
from kroi.analytics.counting.rules import Tally
from kroi.analytics.rules import PageKind
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.model import session
from kroi.operations.demo.rules import Calendar

DAYS = 30
_WEEK = (1.05, 0.95, 0.9, 0.95, 1.0, 1.15, 1.3)  # Monday to Sunday: people look at cars on Sundays
_NEWS = {13: 1.7, 12: 1.3}  # days ago: a newsletter went out
_PAGES = {PageKind.HOME: 0.55, PageKind.LISTING: 1.5, PageKind.CAR: 2.2, PageKind.ASK: 0.06, PageKind.CONTACT: 0.08}


def count(calendar: Calendar) -> None:
    """Write the visits down, in the transaction of the caller; the last day is as old as the day is."""
    chance = random.Random(30)
    cars = session.scalars(select(Car).where(Car.listed_at.is_not(None))).all()
    for days_ago in range(DAYS - 1, -1, -1):
        day = calendar.day(-days_ago)
        visitors = 60 * _WEEK[day.weekday()] * _NEWS.get(days_ago, 1.0) * (1.3 - 0.01 * days_ago)
        visitors *= chance.uniform(0.88, 1.12) * (_so_far(calendar) if days_ago == 0 else 1.0)
        with clock.at(calendar.now - timedelta(days=days_ago)):
            counting.add(day, _tally(max(3, round(visitors)), days_ago, _wanted(cars, calendar, days_ago), chance))


def _so_far(calendar: Calendar) -> float:
    """How much of today is over."""
    local = clock.local(calendar.now, calendar.zone)
    return max(0.1, (local.hour * 60 + local.minute) / 1440)


def _wanted(cars: Sequence[Car], calendar: Calendar, days_ago: int) -> dict[str, float]:
    """How much each car that was on sale on a day is looked at: new, featured and photographed ones more."""
    end = calendar.now - timedelta(days=days_ago)
    found = {}
    for car in cars:
        if car.listed_at is None or car.listed_at > end or car.status is CarStatus.WITHDRAWN:
            continue
        if car.sold_at and car.sold_at < end:
            continue
        age = (end - car.listed_at).days
        found[car.slug] = (1 + 4 / (1 + age / 3)) * (1.8 if car.featured else 1) * (1 if car.photo_count else 0.4)
    return found


def _tally(visitors: int, days_ago: int, wanted: dict[str, float], chance: random.Random) -> Tally:
    pages = Counter({kind: max(1, round(visitors * each * chance.uniform(0.9, 1.1))) for kind, each in _PAGES.items()})
    slugs = Counter(chance.choices(list(wanted), list(wanted.values()), k=pages[PageKind.CAR]))
    return Tally(pages=pages, slugs=slugs, visitors={(f"demo {days_ago}", str(each)) for each in range(visitors)})
