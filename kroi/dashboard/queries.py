"""Reads for the Today page. `whose` is a user's id for their own figures (and the free leads), or `None` for all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true, union_all
from sqlalchemy.orm import joinedload

from kroi.analytics.models import DailyCarViews
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.dashboard import rules
from kroi.dashboard.rules import Fault, Slice
from kroi.db.model import session
from kroi.leads.inbox.queries import URGENCY
from kroi.leads.models import IS_OPEN, Activity, ActivityKind, Lead, Person, Task
from kroi.leads.privacy import queries as erasures
from kroi.leads.privacy.models import ErasedLead
from kroi.leads.rules import LeadStatus


@dataclass(frozen=True)
class Figures:
    """Open leads without an answer, those that came today, all open ones, and sales since the month began."""

    waiting: int
    new_today: int
    is_open: int
    won: int
    late: int = 0
    """Of those without an answer: how many should have had it by now."""
    erasures: int = 0
    """How many people asked to be erased and are not yet."""


@dataclass(frozen=True)
class LeadsOverTime:
    """Leads of the last days: per day, and by source with those won."""

    days: list[tuple[date, int]]
    sources: list[Slice]


@dataclass(frozen=True)
class DueTask:
    """Something to do by a time, about a lead of this person."""

    task: Task
    name: str


@dataclass(frozen=True)
class Doubt:
    """A car that needs a decision, why, and how many days it has been on sale."""

    car: Car
    fault: Fault
    days: int


@dataclass(frozen=True)
class Looks:
    """How often a car was looked at, and the share of the most looked-at one (0 to 1)."""

    car_id: int
    title: str
    views: int
    share: float


def figures(whose: int | None, *, day_start: datetime, month_start: datetime) -> Figures:
    """The four numbers on top. The starts are UTC moments."""
    waits, late = Lead.first_answer_at.is_(None), Lead.answer_due_at <= clock.now()
    asked = (  # each along an index of its own
        (IS_OPEN, waits),
        (Lead.received_at >= day_start, Lead.status != LeadStatus.SPAM),
        (IS_OPEN,),
        _won_since(month_start) if whose is None else (*_won_since(month_start), Lead.assignee_id == whose),
        (IS_OPEN, waits, late),
    )
    counting = (select(func.count()).select_from(Lead).where(*which, _reachable(whose)) for which in asked)
    counts = [*counting, *_of_erased(whose, day_start, month_start), erasures.counting_wanted()]
    found = session.execute(select(*(each.scalar_subquery() for each in counts))).one()
    waiting, new_today, is_open, won, late_ones, gone_today, gone_won, wanted = found
    return Figures(waiting, new_today + gone_today, is_open, won + gone_won, late_ones, wanted)


def _of_erased(whose: int | None, day_start: datetime, month_start: datetime) -> list[Select[int]]:
    """Of leads that are gone: how many came today, and how many were won since the month began."""
    counting = select(func.count()).select_from(ErasedLead).where(_reachable(whose, ErasedLead))
    won = counting.where(ErasedLead.status == LeadStatus.WON, ErasedLead.won_at >= month_start)
    return [
        counting.where(ErasedLead.received_at >= day_start, ErasedLead.status != LeadStatus.SPAM),
        won if whose is None else won.where(ErasedLead.assignee_id == whose),
    ]


def list_calls(whose: int | None) -> list[Lead]:
    """Open leads, who to call first first, with person and car."""
    order = (_clock(), URGENCY, Lead.id)
    first = select(Lead.id).where(IS_OPEN, _reachable(whose)).order_by(*order).limit(rules.CALLS).subquery()
    query = select(Lead).where(Lead.id.in_(select(first.c.id))).options(joinedload(Lead.person), joinedload(Lead.car))
    return list(session.scalars(query.order_by(*order)))


def list_due_tasks(whose: int | None, until: datetime) -> list[DueTask]:
    """Tasks to be done by `until`, the most overdue first."""
    query = (
        select(Task, Person.name)
        .join(Lead, Lead.id == Task.lead_id)
        .join(Person, Person.id == Lead.person_id)
        .where(Task.done_at.is_(None), Task.due_at < until, _reachable(whose))
        .order_by(Task.due_at, Task.id)
        .limit(rules.CALLS)
    )
    return [DueTask(task, name) for task, name in session.execute(query)]


def leads_over_time(whose: int | None, since: datetime, zone: str) -> LeadsOverTime:
    """Leads (spam left out) received since then."""
    held, gone = (
        select(of.received_at, of.source, of.status).where(
            of.received_at >= since, of.status != LeadStatus.SPAM, _reachable(whose, of)
        )
        for of in (Lead, ErasedLead)
    )
    found = session.execute(union_all(held, gone)).all()
    days = rules.per_day((clock.local(at, zone).date() for at, _source, _status in found), clock.today(zone))
    return LeadsOverTime(days, rules.slices((source.value, status is LeadStatus.WON) for _, source, status in found))


def list_doubts(now: datetime, most: int = 6) -> list[Doubt]:
    """Cars on sale that need a decision: those with nothing to show first, then those longest on sale."""
    long_ago = now - timedelta(days=rules.LONG_IN_STOCK)
    query = (
        select(Car)
        .where(
            Car.status == CarStatus.AVAILABLE,
            or_(Car.photo_count == 0, Car.price_cents == 0, Car.listed_at < long_ago),
        )
        .order_by(Car.photo_count != 0, Car.price_cents != 0, Car.listed_at, Car.id)
        .limit(most)
    )
    doubts = []
    for car in session.scalars(query):
        days = (now - car.listed_at).days if car.listed_at else 0
        found = rules.fault(car.photo_count, car.price_cents, days)
        doubts.append(Doubt(car, found or Fault.OLD, days))
    return doubts


def views_per_day(today: date) -> list[tuple[date, int]]:
    """Car views of each of the last days."""
    days = rules.last_days(today)
    query = (
        select(DailyCarViews.day, func.sum(DailyCarViews.views))
        .where(DailyCarViews.day >= days[0])
        .group_by(DailyCarViews.day)
    )
    counts = {day: int(views) for day, views in session.execute(query)}
    return [(day, counts.get(day, 0)) for day in days]


def list_most_looked_at(today: date, most: int = 8) -> list[Looks]:
    """The cars with most views in the last days."""
    views = func.sum(DailyCarViews.views)
    top = (
        select(DailyCarViews.car_id, views.label("views"))
        .where(DailyCarViews.day >= rules.last_days(today)[0])
        .group_by(DailyCarViews.car_id)
        .order_by(views.desc(), DailyCarViews.car_id)
        .limit(most)
        .subquery()
    )
    query = select(Car.id, Car.make, Car.model, top.c.views).join(top, top.c.car_id == Car.id)
    query = query.order_by(top.c.views.desc(), Car.id)
    rows = [(car_id, f"{make} {model}", int(count)) for car_id, make, model, count in session.execute(query)]
    most_views = max((count for *_, count in rows), default=1)
    return [Looks(car_id, title, count, count / most_views) for car_id, title, count in rows]


def _clock() -> ColumnElement[int]:
    """Whose answer is late, then whose time runs out, then everybody else."""
    waits = and_(Lead.first_answer_at.is_(None), Lead.answer_due_at.is_not(None))
    late = and_(waits, Lead.answer_due_at <= clock.now())
    return case((late, 0), (and_(waits, Lead.clock_step > 0), 1), else_=2)


def _won_since(start: datetime) -> tuple[ColumnElement[bool], ...]:
    """By the lead's history: the row itself changes later too, when it is given to somebody else, but not earlier."""
    happened = exists().where(
        Activity.lead_id == Lead.id,
        Activity.kind == ActivityKind.STATUS,
        Activity.facts["after"].as_string() == LeadStatus.WON.value,
        Activity.at >= start,
    )
    return Lead.status == LeadStatus.WON, Lead.updated_at >= start, happened


def _reachable(whose: int | None, of: type[Lead] | type[ErasedLead] = Lead) -> ColumnElement[bool]:
    if whose is None:
        return true()
    return or_(of.assignee_id == whose, of.assignee_id.is_(None))
