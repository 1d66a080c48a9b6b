"""The reports: how soon we answer, what becomes of the questions, how the stock stands. Sales see their own figures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import from_replica, kept
from kroi.analytics.reports import queries, rules, words
from kroi.analytics.reports.models import Dimension
from kroi.analytics.reports.rules import Outcome, Span
from kroi.analytics.reports.words import Measure
from kroi.analytics.rules import PageKind
from kroi.analytics.vitals import rules as vitals
from kroi.analytics.vitals.rules import Metric
from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.leads.clock import rules as targets
from kroi.leads.rules import Source
from kroi.leads.words import SOURCES
from kroi.web import filters, place, sheets
from kroi.web.htmx import show
from kroi.web.urls import url_for

staff = Blueprint("reports_staff", __name__, url_prefix="/staff/reports")


@staff.get("/")
@allow(Permission.USE_PORTAL)
@kept
@from_replica
def answers() -> Response:
    """How soon people of ours answer, in opening time."""
    span = _span()
    book = _book(span)
    now = book.total()
    return show(
        "analytics/reports/answers.html",
        **_page(span),
        now=now,
        before=book.before(),
        target=_target(),
        bars=_bars(span, book.per_day()),
        distribution=rules.distribution(now.minutes),
        people=_people(book),
    )


@staff.get("/sales")
@allow(Permission.USE_PORTAL)
@kept
@from_replica
def sales() -> Response:
    """From a look at a car to its sale, by source, person and car."""
    span = _span()
    book = _book(span)
    everything = may(me(), Permission.READ_REPORTS)
    cars = queries.counts_by_car(span, queries.SHOWN) if everything else {}
    return show(
        "analytics/reports/sales.html",
        **_page(span),
        now=book.total(),
        before=book.before(),
        views=queries.count_car_views(span) if everything else None,
        sources=_sources(book) if everything else [],
        people=_people(book),
        cars=_cars(span, cars),
    )


@staff.get("/stock")
@allow(Permission.READ_REPORTS)
@kept
@from_replica
def stock() -> Response:
    """How old the stock is, what that costs, and why cars stand, fifty of them at a time."""
    span, zone, start = _span(), g.profile.zone, (_page_number() - 1) * queries.SHOWN
    found = queries.list_standings(zone, start, queries.SHOWN + 1)
    return show(
        "analytics/reports/stock.html",
        **_page(span),
        stock=queries.stock(span, zone),
        first=start + 1,
        standing=found[: queries.SHOWN],
        newer=_stock_page(span, _page_number() - 1) if start else "",
        older=_stock_page(span, _page_number() + 1) if len(found) > queries.SHOWN else "",
    )


@staff.get("/speed")
@allow(Permission.READ_REPORTS)
@kept
@from_replica
def speed() -> Response:
    """How quick the pages were for three of four real visits."""
    span = _span()
    now = queries.vitals(span)
    return show(
        "analytics/reports/speed.html",
        **_page(span),
        pages=[(words.PAGES[kind], _measures(kind, now)) for kind in words.PAGES if (kind, Metric.LCP) in now],
        now=_measures(None, now),
    )


@staff.get("/answers.csv")
@allow(Permission.USE_PORTAL)
def answers_sheet() -> Response:
    """The days of a report as a table for a spreadsheet."""
    span = _span()
    days = _book(span).per_day()
    return _sheet("answers", span, _("Day"), ((day.isoformat(), days.get(day, Outcome())) for day in span.each_day()))


@staff.get("/sales.csv")
@allow(Permission.READ_REPORTS)
def sales_sheet() -> Response:
    """The sources of a report as a table for a spreadsheet."""
    span = _span()
    return _sheet("sales", span, _("Source"), _sources(_book(span)))


@staff.get("/stock.csv")
@allow(Permission.READ_REPORTS)
def stock_sheet() -> Response:
    """All cars on sale, the longest standing first, as a table for a spreadsheet."""
    span = _span()
    head = [_("Car"), _("Days on sale"), _("Views, 30 days"), _("Leads"), _("Standing costs, cents"), _("Why")]
    rows = (
        [each.car.title, each.days, each.views, each.asked.leads, each.cost_cents, _doubt(each.doubt)]
        for each in queries.standings(g.profile.zone)
    )
    return _file("stock", span, head, rows)


def _span() -> Span:
    return rules.span(request.args, clock.today(g.profile.zone))


def _page_number() -> int:
    """Which page of a long table the address asks for, from 1; what is no number is the first."""
    asked = request.args.get("page", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _stock_page(span: Span, number: int) -> str:
    where = span.address() | ({"page": number} if number > 1 else {})
    return url_for("reports_staff.stock", language=None, **where)


def _book(span: Span) -> queries.Book:
    """Everybody's leads, or one's own for those who may not read all."""
    return queries.Book(span, own=None if may(me(), Permission.READ_REPORTS) else me().id)


def _target() -> int:
    """Minutes of opening time within which this dealership wants to answer."""
    return targets.targets(g.profile.targets).answer


def _page(span: Span) -> dict[str, Any]:
    return {"span": span, "words": words, "counted_until": queries.counted_until(), "doubt": _doubt}


def _bars(span: Span, days: dict[date, Outcome]) -> list[tuple[str, int, str]]:
    """Rows of the chart: the first day of each bar, the median of its answers, and that in words.

    One slow day must not flatten all others: bars end at four times the target.
    """
    bars = []
    for some in span.bars():
        median = rules.sum_up(days[day] for day in some if day in days).median
        bars.append((filters.day(some[0]), min(median or 0, 4 * _target()), words.minutes(median)))
    return bars


def _people(book: queries.Book) -> list[tuple[str, Outcome]]:
    names = queries.names_of_staff()
    found = book.by(Dimension.PERSON)
    return [(names.get(key, "–") if key else str(_("Nobody's")), outcome) for key, outcome in found.items()]


def _sources(book: queries.Book) -> list[tuple[str, Outcome]]:
    return [(str(SOURCES[Source(key)]), outcome) for key, outcome in book.by(Dimension.SOURCE).items()]


def _cars(span: Span, found: dict[str, Outcome]) -> list[tuple[Car, Outcome, int]]:
    """Cars asked about, with their counts and views."""
    cars = queries.list_cars(found, span)
    return [(cars[key][0], outcome, cars[key][1]) for key, outcome in found.items() if key in cars]


def _measures(kind: PageKind | None, found: dict[tuple[PageKind, Metric], dict[int, int]]) -> list[Measure]:
    """What three of four visits to pages of one kind (or all) stayed within, by metric."""
    measures = []
    for metric in Metric:
        counts: Counter[int] = Counter()
        for (of, what), buckets in found.items():
            counts.update(buckets if what is metric and kind in (None, of) else {})
        bucket = rules.percentile(counts, 75)
        if bucket is not None:
            measures.append(Measure.of(metric, vitals.value(metric, bucket), counts.total()))
    return measures


def _doubt(found: rules.Doubt | None) -> str:
    return str(words.DOUBTS[found]) if found else ""


def _sheet(name: str, span: Span, first: str, rows: Iterable[tuple[str, Outcome]]) -> Response:
    head = [
        first,
        _("Leads"),
        _("Wait for an answer"),
        _("Answered"),
        _("In time"),
        _("Median, minutes"),
        _("Visits"),
        _("Sales"),
        _("Lost"),
    ]
    return _file(name, span, head, _lines(rows))


def _lines(rows: Iterable[tuple[str, Outcome]]) -> Iterator[list[object]]:
    for label, it in rows:
        yield [label, it.leads, it.clocked, it.answered, it.in_time, it.median, it.visited, it.won, it.lost]


def _file(name: str, span: Span, head: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    body = b"".join(sheets.pieces(head, rows, place.current().language))
    response = Response(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={name}-{span.since}-{span.until}.csv"
    return response
