"""Visitors of a year as counts per day: pages, cars, people, and how quick the pages were; and the round's days."""

from datetime import date, timedelta
from random import Random

from kroi.analytics.models import DailyCarViews, DailyPageViews, DailyVisitors
from kroi.analytics.rules import PageKind
from kroi.analytics.vitals.models import DailyVitals
from kroi.analytics.vitals.rules import SCALES
from kroi.leads.assignment.models import RoundDay
from tests.benchmarks.year.rows import Rows
from tests.benchmarks.year.stories import House

DAYS = 365
_SHARES = {  # of all views, in percent
    PageKind.CAR: 60, PageKind.LISTING: 24, PageKind.HOME: 10, PageKind.ASK: 3, PageKind.CONTACT: 2,
    PageKind.OTHER: 1,
}  # fmt: skip
_VIEWS_OF_ONE = 7
_MEASURED = (PageKind.HOME, PageKind.LISTING, PageKind.CAR)


def add(rows: Rows, random: Random, house: House, views: int) -> None:
    """So many views, spread over a year that ends yesterday."""
    for back in range(DAYS, 0, -1):
        day = (house.now - timedelta(days=back)).date()
        today = round(views / DAYS * random.uniform(0.7, 1.3))
        for kind, share in _SHARES.items():
            rows.add(DailyPageViews, day=day, kind=kind, views=today * share // 100)
        rows.add(DailyVisitors, day=day, visitors=today // _VIEWS_OF_ONE)
        _cars(rows, random, house, day, today * _SHARES[PageKind.CAR] // 100)
        _vitals(rows, random, day, today)
        _round(rows, random, house, day)


def _cars(rows: Rows, random: Random, house: House, day: date, views: int) -> None:
    """Cars that were on sale that day share the views, some much more than others."""
    there = [car_id for car_id, _cents, listed in house.cars if listed and listed.date() <= day]
    weights = [random.paretovariate(1.5) for _ in there]
    whole = sum(weights)
    for car_id, weight in zip(there, weights, strict=True):
        if count := round(views * weight / whole):
            rows.add(DailyCarViews, day=day, car_id=car_id, views=count)


def _vitals(rows: Rows, random: Random, day: date, views: int) -> None:
    for kind in _MEASURED:
        for metric, scale in SCALES.items():
            for bucket in range(1, 8):
                spread = bucket * max(scale.good // scale.step // 5, 1)
                rows.add(DailyVitals, day=day, kind=kind, metric=metric, bucket=spread,
                         visits=random.randrange(views // 400 + 2))  # fmt: skip


def _round(rows: Rows, random: Random, house: House, day: date) -> None:
    for user_id in house.sellers:
        rows.add(RoundDay, user_id=user_id, day=day, given=len(house.sellers) * 10, off_shift=random.randrange(40),
                 away=0, full=random.randrange(10), language=random.randrange(10), had_it=0, later=80)  # fmt: skip
