"""Reads of the reports: sums of the days' rows, and the stock as it stands."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any, TypeVar

from sqlalchemy import Row, func, select

from kroi.accounts.models import User
from kroi.analytics import queries as views
from kroi.analytics.models import DailyCarViews, DailyPageViews
from kroi.analytics.reports import rules
from kroi.analytics.reports.models import DailyLeads, Dimension, ReportMark
from kroi.analytics.reports.rules import COUNTS, Doubt, Outcome, Span, sum_up
from kroi.analytics.rules import PageKind
from kroi.analytics.vitals.models import DailyVitals
from kroi.analytics.vitals.rules import Metric
from kroi.catalogue.models import Car, PriceChange
from kroi.catalogue.rules import ON_SALE, SOLD
from kroi.core import clock
from kroi.db.model import session

SHOWN = 50  # rows of a report's longest table
_CARS_AT_ONCE = 500
_COUNTS = [getattr(DailyLeads, name) for name in COUNTS]
Name = TypeVar("Name", date, str)


def counted_until() -> datetime | None:
    """Up to when changes are counted, or `None` before the first time."""
    return session.scalar(select(ReportMark.counted_until))


class Book:
    """The days of a span and of the one before it, by source and by person, read at once."""

    def __init__(self, span: Span, *, own: int | None = None) -> None:
        """`own` is the id of the one person whose leads are read; `None`: everybody's."""
        self._span = span
        columns = [DailyLeads.day, DailyLeads.dimension, DailyLeads.key, *_COUNTS, DailyLeads.answer_minutes]
        query = select(*columns).where(DailyLeads.day.between(span.before().since, span.until))
        if own is None:
            query = query.where(DailyLeads.dimension.in_((Dimension.SOURCE, Dimension.PERSON)))
        else:
            query = query.where(DailyLeads.dimension == Dimension.PERSON, DailyLeads.key == str(own))
        self._rows = [(day, kind, key, _outcome(rest)) for day, kind, key, *rest in session.execute(query)]

    def total(self) -> Outcome:
        """What became of the leads that came in these days."""
        return sum_up(it for day, kind, _key, it in self._rows if kind is Dimension.PERSON and day >= self._span.since)

    def before(self) -> Outcome:
        """The same of the days before."""
        return sum_up(it for day, kind, _key, it in self._rows if kind is Dimension.PERSON and day < self._span.since)

    def per_day(self) -> dict[date, Outcome]:
        """The same by day, without the days on which nobody asked."""
        return self._by(Dimension.PERSON, lambda day, key: day)

    def by(self, dimension: Dimension) -> dict[str, Outcome]:
        """The same by source or person, those with the most leads first."""
        found = self._by(dimension, lambda day, key: key)
        return dict(sorted(found.items(), key=lambda each: (-each[1].leads, each[0])))

    def _by(self, dimension: Dimension, name: Callable[[date, str], Name]) -> dict[Name, Outcome]:
        found: dict[Name, list[Outcome]] = defaultdict(list)
        for day, kind, key, it in self._rows:
            if kind is dimension and day >= self._span.since:
                found[name(day, key)].append(it)
        return {each: sum_up(outcomes) for each, outcomes in found.items()}


def counts_by_car(span: Span, most: int) -> dict[str, Outcome]:
    """Counts (no minutes) of the cars that were asked about most; the database adds them up."""
    sums = [func.sum(column) for column in _COUNTS]
    query = (
        select(DailyLeads.key, *sums)
        .where(
            DailyLeads.day.between(span.since, span.until), DailyLeads.dimension == Dimension.CAR, DailyLeads.key != ""
        )
        .group_by(DailyLeads.key)
        .order_by(sums[0].desc(), DailyLeads.key)
        .limit(most)
    )
    return {row[0]: _counts(row) for row in session.execute(query)}


def names_of_staff() -> dict[str, str]:
    """What everybody who ever worked here is called, by id as text."""
    return {str(id_): name for id_, name in session.execute(select(User.id, User.name))}


def list_cars(keys: Iterable[str], span: Span) -> dict[str, tuple[Car, int]]:
    """Cars by id as text, and how often they were looked at in these days."""
    ids = [int(key) for key in keys]
    looks = (
        select(DailyCarViews.car_id, func.sum(DailyCarViews.views).label("views"))
        .where(DailyCarViews.car_id.in_(ids), DailyCarViews.day.between(span.since, span.until))
        .group_by(DailyCarViews.car_id)
        .subquery()
    )
    query = select(Car, func.coalesce(looks.c.views, 0)).outerjoin(looks, looks.c.car_id == Car.id)
    rows = session.execute(query.where(Car.id.in_(ids)))
    return {str(car.id): (car, int(count)) for car, count in rows}


def count_car_views(span: Span) -> int:
    """How often pages of cars were looked at in these days."""
    query = select(func.sum(DailyPageViews.views)).where(
        DailyPageViews.kind == PageKind.CAR, DailyPageViews.day.between(span.since, span.until)
    )
    return int(session.scalar(query) or 0)


def vitals(span: Span) -> dict[tuple[PageKind, Metric], dict[int, int]]:
    """Measured visits of these days: bucket to how many, by kind of page and metric."""
    query = (
        select(DailyVitals.kind, DailyVitals.metric, DailyVitals.bucket, func.sum(DailyVitals.visits))
        .where(DailyVitals.day.between(span.since, span.until))
        .group_by(DailyVitals.kind, DailyVitals.metric, DailyVitals.bucket)
    )
    found: dict[tuple[PageKind, Metric], dict[int, int]] = defaultdict(dict)
    for kind, metric, bucket, visits in session.execute(query):
        found[kind, metric][bucket] = int(visits)
    return dict(found)


@dataclass(frozen=True)
class Standing:
    """A car on sale: for how many days, what they cost (cents), views of thirty days, and what stands in its way."""

    car: Car
    days: int
    cost_cents: int | None
    views: int
    asked: Outcome
    doubt: Doubt | None


@dataclass(frozen=True)
class Stock:
    """The stock today. `cost_per_day_cents` is of those cars whose cost is known, `known` how many these are."""

    ages: list[tuple[int, int | None, int]]
    on_sale: int
    usual_days: int | None
    sold: int
    turns_hundredths: int | None
    cost_per_day_cents: int
    known: int


def stock(span: Span, zone: str) -> Stock:
    """How old the stock is, and how fast it turns over in `span`."""
    now = clock.now()
    rows = session.execute(select(Car.id, Car.listed_at, Car.cost_cents).where(Car.status.in_(ON_SALE))).all()
    days = [(now - listed_at).days if listed_at else 0 for _id, listed_at, _cost in rows]
    costs = [cost for _id, _listed_at, cost in rows if cost is not None]
    sold = _count_sold(span, zone)
    return Stock(
        ages=rules.ages(days),
        on_sale=len(rows),
        usual_days=median_low(days) if days else None,
        sold=sold,
        turns_hundredths=rules.turns_per_year(sold, len(rows), span.length),
        cost_per_day_cents=rules.cost_of_standing(sum(costs), 1) or 0,
        known=len(costs),
    )


def _count_sold(span: Span, zone: str) -> int:
    start, end = clock.start_of_day(span.since, zone), clock.start_of_day(span.until + timedelta(days=1), zone)
    gone = Car.status.in_(SOLD)
    query = select(func.count()).select_from(Car).where(gone, Car.sold_at >= start, Car.sold_at < end)
    return session.scalar(query) or 0


def standings(zone: str) -> Iterator[Standing]:
    """Every car on sale, those that have stood longest first, and why; some hundred are read at a time."""
    start = 0
    while some := list_standings(zone, start, _CARS_AT_ONCE):
        yield from some
        start += len(some)


def list_standings(zone: str, start: int, most: int) -> list[Standing]:
    """So many of them, the first `start` left out."""
    now, today = clock.now(), clock.today(zone)
    query = select(Car).where(Car.status.in_(ON_SALE), Car.listed_at.is_not(None)).order_by(Car.listed_at, Car.id)
    cars = list(session.scalars(query.offset(start).limit(most)))
    month = Span(today - timedelta(days=29), today)
    seen = Counter(views.views_by_car(month.since, month.until)) if cars else Counter()
    usual = median_low(sorted(seen.values())) if seen else 0
    asked = _asked(cars)
    priced = _priced_at(cars)
    return [_standing(car, now, seen[car.id], usual, asked.get(str(car.id), Outcome()), priced) for car in cars]


def _standing(car: Car, now: datetime, seen: int, usual: int, asked: Outcome, priced: dict[int, datetime]) -> Standing:
    assert car.listed_at is not None
    days = (now - car.listed_at).days
    found = rules.doubt(
        photos=car.photo_count,
        price_cents=car.price_cents,
        days=days,
        views=seen,
        usual_views=usual,
        asked=asked,
        days_at_price=(now - priced.get(car.id, car.listed_at)).days,
    )
    return Standing(car, days, rules.cost_of_standing(car.cost_cents, days), seen, asked, found)


def _asked(cars: list[Car]) -> dict[str, Outcome]:
    """All that was ever asked about these cars."""
    sums = [func.sum(column) for column in _COUNTS]
    query = (
        select(DailyLeads.key, *sums)
        .where(DailyLeads.dimension == Dimension.CAR, DailyLeads.key.in_([str(car.id) for car in cars]))
        .group_by(DailyLeads.key)
    )
    return {row[0]: _counts(row) for row in session.execute(query)}


def _priced_at(cars: list[Car]) -> dict[int, datetime]:
    """When each car got the price that it has."""
    query = (
        select(PriceChange.car_id, func.max(PriceChange.at))
        .where(PriceChange.car_id.in_([car.id for car in cars]))
        .group_by(PriceChange.car_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _counts(row: Row[Any]) -> Outcome:
    return _outcome([*map(int, row[1:]), {}])


def _outcome(row: Sequence[Any]) -> Outcome:
    """From the COUNTS, in their order, and the minutes."""
    leads, clocked, answered, in_time, visited, won, lost, minutes = row
    took = {int(each): many for each, many in minutes.items()}
    return Outcome(leads, clocked, answered, in_time, visited, won, lost, took)
