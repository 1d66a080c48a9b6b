"""Today: who to call first and why, what came in, what needs a decision, and the last thirty days."""

from datetime import date, datetime, timedelta

from flask import Blueprint, Response, g
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.audit import watch
from kroi.accounts.kept.access import kept
from kroi.core import clock
from kroi.dashboard import queries, rules
from kroi.dashboard.rules import Fault
from kroi.leads import words
from kroi.leads.clock import words as response_words
from kroi.leads.live import versions
from kroi.leads.rules import Source
from kroi.leads.visits import queries as visits
from kroi.leads.visits import words as visit_words
from kroi.operations.health import service as health
from kroi.web import filters
from kroi.web.htmx import show
from kroi.web.settings import settings

staff = Blueprint("dashboard_staff", __name__, url_prefix="/staff")


@staff.get("/")
@allow(Permission.USE_PORTAL)
@kept
def today() -> Response:
    """The page that staff open first; sales see their own figures and the free leads."""
    now, zone = clock.now(), g.profile.zone
    day = clock.today(zone)
    whose = None if may(me(), Permission.READ_REPORTS) else me().id
    since = clock.start_of_day(rules.last_days(day)[0], zone)
    calls, usual = queries.list_calls(whose), g.profile.usual_answer
    over_time = queries.leads_over_time(whose, since, zone)
    views = queries.views_per_day(day)
    return show(
        "dashboard/today.html",
        day=filters.long_day(now),
        figures=queries.figures(
            whose,
            day_start=clock.start_of_day(day, zone),
            month_start=clock.start_of_day(day.replace(day=1), zone),
        ),
        median=response_words.span(usual) if usual is not None else "",
        calls=calls,
        clocks=response_words.clocks(calls),
        tasks=queries.list_due_tasks(whose, clock.start_of_day(day + timedelta(days=1), zone)),
        visits=visits.list_between(*_today(day, zone), whose),
        visit_words=visit_words,
        doubts=queries.list_doubts(now),
        leads_by_day=_bars(over_time.days),
        leads_total=sum(count for _day, count in over_time.days),
        sources=over_time.sources,
        views_by_day=_bars(views),
        views_total=sum(count for _day, count in views),
        most_looked_at=queries.list_most_looked_at(day),
        words=words,
        live_version=versions.current(),
        source_name=lambda key: words.SOURCES[Source(key)],
        fault_name=_fault_name,
        tampered=watch.trouble() if may(me(), Permission.READ_AUDIT) else None,
        backups=health.backup_trouble(settings()) if may(me(), Permission.OPERATE) else None,
    )


@staff.get("/keyboard")
@allow(Permission.USE_PORTAL)
def keyboard() -> Response:
    """Which key does what: a page, and the list that "?" shows."""
    return show("dashboard/keyboard.html", fragment="dashboard/_keyboard.html")


def _today(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a day begins and ends."""
    return clock.start_of_day(day, zone), clock.start_of_day(day + timedelta(days=1), zone)


def _bars(days: list[tuple[date, int]]) -> list[tuple[str, int, str]]:
    """Rows of a chart: the day and the number in words."""
    return [(filters.day(day), count, filters.number(count)) for day, count in days]


def _fault_name(fault: Fault) -> str:
    names = {
        Fault.NO_PHOTO: _("no photo yet"),
        Fault.NO_PRICE: _("price missing"),
        Fault.OLD: _("long in stock: change the price or the first photo"),
    }
    return str(names[fault])
