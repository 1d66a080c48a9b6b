"""Reads of the counts: per day, and per car."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from kroi.analytics import rules
from kroi.analytics.models import DailyCarViews, DailyPageViews, DailyVisitors, VisitorMark
from kroi.analytics.rules import PageKind
from kroi.catalogue.stock.rules import Interest
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.web import place

_WEEK = timedelta(days=6)  # and today


@dataclass(frozen=True)
class Day:
    """One day's totals: page loads of every kind, how many of them were of cars, and visitors."""

    day: date
    pages: int
    cars: int
    visitors: int


def list_days(since: date, until: date) -> list[Day]:
    """Totals of every day from `since` to `until`, both included; zeros where nobody came."""
    pages, cars = _page_views(since, until)
    visitors = _visitors(since, until)
    return [Day(day, pages[day], cars[day], visitors[day]) for day in rules.days(since, until)]


def views_by_car(since: date, until: date, *, most: int | None = None) -> dict[int, int]:
    """Views of each car (by id) that was looked at in these days, most looked at first."""
    views = func.sum(DailyCarViews.views)
    query = (
        select(DailyCarViews.car_id, views)
        .where(DailyCarViews.day.between(since, until))
        .group_by(DailyCarViews.car_id)
        .order_by(views.desc(), DailyCarViews.car_id)
        .limit(most)
    )
    return {car_id: int(count) for car_id, count in session.execute(query)}


def count_car_views(car_id: int, since: date, until: date) -> int:
    """Views of one car in these days."""
    query = select(func.sum(DailyCarViews.views)).where(
        DailyCarViews.car_id == car_id, DailyCarViews.day.between(since, until)
    )
    return int(session.scalar(query) or 0)


def interest_in(car_ids: Sequence[int]) -> dict[int, Interest]:
    """What shoppers made of these cars (ids), spam left out: two queries. Cars that nobody cared for are left out."""
    today = clock.today(place.current().zone)
    viewed = select(DailyCarViews.car_id, func.sum(DailyCarViews.views)).where(
        DailyCarViews.car_id.in_(car_ids), DailyCarViews.day.between(today - _WEEK, today)
    )
    views = {row[0]: int(row[1]) for row in session.execute(viewed.group_by(DailyCarViews.car_id))}
    asked = select(Lead.car_id, func.count(), func.max(Lead.received_at)).where(
        Lead.car_id.in_(car_ids), Lead.status != LeadStatus.SPAM
    )
    leads = {row[0] or 0: (row[1], row[2]) for row in session.execute(asked.group_by(Lead.car_id))}
    return {each: Interest(views.get(each, 0), *leads.get(each, (0, None))) for each in {*views, *leads}}


def _page_views(since: date, until: date) -> tuple[dict[date, int], dict[date, int]]:
    pages: dict[date, int] = defaultdict(int)
    cars: dict[date, int] = defaultdict(int)
    query = select(DailyPageViews.day, DailyPageViews.kind, DailyPageViews.views)
    for day, kind, views in session.execute(query.where(DailyPageViews.day.between(since, until))):
        pages[day] += views
        if kind is PageKind.CAR:
            cars[day] += views
    return pages, cars


def _visitors(since: date, until: date) -> dict[date, int]:
    """Those counted for good, and those of a day that is not rolled up yet."""
    found: dict[date, int] = defaultdict(int)
    over = select(DailyVisitors.day, DailyVisitors.visitors).where(DailyVisitors.day.between(since, until))
    running = (
        select(VisitorMark.day, func.count()).where(VisitorMark.day.between(since, until)).group_by(VisitorMark.day)
    )
    for query in (over, running):
        for day, visitors in session.execute(query):
            found[day] += visitors
    return found
