"""Reads for the Today page. `whose` is a user's id for their own figures (and the free leads), or `None` for all."""

from dataclasses import dataclass, replace
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
from kroi.leads.models import Activity, ActivityKind, Lead, Person, Task
from kroi.leads.privacy import queries as erasures
from kroi.leads.privacy.models import ErasedLead
from kroi.leads.rules import OPEN, LeadStatus


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
    is_open, real = Lead.status.in_(OPEN), Lead.status != LeadStatus.SPAM
    won = and_(Lead.status == LeadStatus.WON, _was_won_since(month_start))
    counts = session.execute(
        select(
            func.count().filter(and_(is_open, Lead.first_answer_at.is_(None))),
            func.count().filter(and_(real, Lead.received_at >= day_start)),
            func.count().filter(is_open),
            func.count().filter(won if whose is None else and_(won, Lead.assignee_id == whose)),
            func.count().filter(and_(is_open, Lead.first_answer_at.is_(None), Lead.answer_due_at <= clock.now())),
        ).where(_reachable(whose))
    ).one()
    found = Figures(*counts)
    gone_today, gone_won, wanted = session.execute(_erased_figures(whose, day_start, month_start)).one()
    return replace(found, new_today=found.new_today + gone_today, won=found.won + gone_won, erasures=wanted)


def _erased_figures(whose: int | None, day_start: datetime, month_start: datetime) -> Select[int, int, int]:
    """Of leads that are gone: how many came today, and were won since the month began; and who wants to be erased."""
    won = and_(ErasedLead.status == LeadStatus.WON, ErasedLead.won_at >= month_start)
    return select(
        func.count().filter(ErasedLead.received_at >= day_start),
        func.count().filter(won if whose is None else and_(won, ErasedLead.assignee_id == whose)),
        erasures.counting_wanted().scalar_subquery(),
    ).where(ErasedLead.status != LeadStatus.SPAM, _reachable(whose, ErasedLead))


def list_calls(whose: int | None) -> list[Lead]:
    """Open leads, who to call first first, with person and car."""
    query = (
        select(Lead)
        .where(Lead.status.in_(OPEN), _reachable(whose))
        .options(joinedload(Lead.person), joinedload(Lead.car))
        .order_by(_clock(), URGENCY, Lead.id)
        .limit(rules.CALLS)
    )
    return list(session.scalars(query))


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
    query = select(Lead.received_at, Lead.source, Lead.status).where(
        Lead.received_at >= since, Lead.status != LeadStatus.SPAM, _reachable(whose)
    )
    gone = select(ErasedLead.received_at, ErasedLead.source, ErasedLead.status).where(
        ErasedLead.received_at >= since, ErasedLead.status != LeadStatus.SPAM, _reachable(whose, ErasedLead)
    )
    found = session.execute(union_all(query, gone)).all()
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
    query = (
        select(Car.id, Car.make, Car.model, views)
        .join(Car, Car.id == DailyCarViews.car_id)
        .where(DailyCarViews.day >= rules.last_days(today)[0])
        .group_by(Car.id, Car.make, Car.model)
        .order_by(views.desc(), Car.id)
        .limit(most)
    )
    rows = [(car_id, f"{make} {model}", int(count)) for car_id, make, model, count in session.execute(query)]
    top = max((count for *_, count in rows), default=1)
    return [Looks(car_id, title, count, count / top) for car_id, title, count in rows]


def _clock() -> ColumnElement[int]:
    """Whose answer is late, then whose time runs out, then everybody else."""
    waits = and_(Lead.first_answer_at.is_(None), Lead.answer_due_at.is_not(None))
    late = and_(waits, Lead.answer_due_at <= clock.now())
    return case((late, 0), (and_(waits, Lead.clock_step > 0), 1), else_=2)


def _was_won_since(start: datetime) -> ColumnElement[bool]:
    """By the lead's history: the row itself changes later too, when it is given to somebody else."""
    return exists().where(
        Activity.lead_id == Lead.id,
        Activity.kind == ActivityKind.STATUS,
        Activity.facts["after"].as_string() == LeadStatus.WON.value,
        Activity.at >= start,
    )


def _reachable(whose: int | None, of: type[Lead] | type[ErasedLead] = Lead) -> ColumnElement[bool]:
    if whose is None:
        return true()
    return or_(of.assignee_id == whose, of.assignee_id.is_(None))
