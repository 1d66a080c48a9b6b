"""What the reports say: times, shares, changes, doubts."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from kroi.analytics.reports import rules
from kroi.analytics.reports.rules import Doubt
from kroi.analytics.rules import PageKind
from kroi.analytics.vitals import rules as vitals
from kroi.analytics.vitals.rules import Grade, Metric
from kroi.web import filters

SPANS = {7: _l("7 days"), 30: _l("30 days"), 90: _l("90 days"), 365: _l("A year")}
DOUBTS = {
    Doubt.NO_PHOTOS: _l("too few photos"),
    Doubt.NO_PRICE: _l("no price"),
    Doubt.UNSEEN: _l("looked at less than half as often as the others: change the first photo or the words"),
    Doubt.UNASKED: _l("often looked at, never asked about: the price?"),
    Doubt.UNANSWERED: _l("asked about, never answered"),
    Doubt.UNVISITED: _l("asked about, nobody came to see it"),
    Doubt.OLD_PRICE: _l("the price has stood for long"),
}


PAGES = {
    PageKind.HOME: _l("Front page"),
    PageKind.LISTING: _l("List of cars"),
    PageKind.CAR: _l("A car's page"),
    PageKind.ASK: _l("Ask form"),
    PageKind.THANKS: _l("Thank you"),
    PageKind.CONTACT: _l("Contact"),
    PageKind.PRIVACY: _l("Privacy"),
    PageKind.OTHER: _l("Other pages"),
}
METRICS = {
    Metric.LCP: _l("Largest paint"),
    Metric.INP: _l("Answer to a touch"),
    Metric.CLS: _l("Things that moved"),
}
GRADES = {Grade.GOOD: _l("good"), Grade.FAIR: _l("could be better"), Grade.POOR: _l("poor")}


@dataclass(frozen=True)
class Measure:
    """What three of four visits stayed within, in the metric's unit and in words, and of how many visits."""

    metric: Metric
    value: int
    text: str
    grade: Grade
    visits: int

    @classmethod
    def of(cls, metric: Metric, value: int, visits: int) -> "Measure":
        """The measure with its words."""
        return cls(metric, value, _measured(metric, value), vitals.grade(metric, value), visits)


def _measured(metric: Metric, value: int) -> str:
    if metric is Metric.CLS:
        return hundredths(value // 10)
    if value >= 1000:
        return f"{hundredths(value // 10)}\N{NO-BREAK SPACE}s"
    return f"{value}\N{NO-BREAK SPACE}ms"


def minutes(value: int | None) -> str:
    """A time of whole minutes: 23 min, 1 h 12 min, or a dash."""
    return "–" if value is None else filters.duration(value)


def between(low: int, high: int | None) -> str:
    """A bar of the distribution."""
    if high is None:
        return str(_("%(time)s or more", time=minutes(low)))
    if not low:
        return str(_("under %(time)s", time=minutes(high)))
    if high < 60 or low % 60 == high % 60 == 0:  # one unit says both
        return f"{low // 60 or low}–{minutes(high)}"
    return f"{minutes(low)}–{minutes(high)}"


def days_between(low: int, high: int | None) -> str:
    """A bar of the stock's age."""
    if high is None:
        return str(_("%(low)s days or more", low=low))
    return str(_("%(low)s–%(high)s days", low=low, high=high - 1))


def per_cent(value: int | None) -> str:
    """A share as its language writes it: `71%`, `71 %`, or a dash."""
    return "–" if value is None else filters.percent(Decimal(value) / 100)


def change(
    now: int | None, before: int | None, say: Callable[[int], str] = filters.number, *, better: int = 0
) -> tuple[str, str]:
    """How much a number moved, and its tone; `better` is 1 when more is better, -1 when less is, 0 when neither.

    `say` puts the distance between the two into words.
    """
    if now is None or before is None:
        return "", ""
    if now == before:
        return str(_("unchanged")), ""
    sign = "+" if now > before else "\N{MINUS SIGN}"
    return f"{sign}{say(abs(now - before))}", "good" if (now - before) * better > 0 else ""


def points(value: int) -> str:
    """A distance between two shares in per cent: `17 points`."""
    return f"{filters.number(value)}\N{NO-BREAK SPACE}{pgettext('per cent', 'points')}"


def figure(
    label: str,
    text: str,
    now: int | None,
    before: int | None,
    say: Callable[[int], str] = filters.number,
    *,
    better: int = 0,
) -> tuple[str, str, str, str]:
    """A number on top of a report, as the component wants it, with how much it moved."""
    return label, text, *change(now, before, say, better=better)


def about(cents: int | None) -> str:
    """An amount that is an estimate: whole euros, or a dash."""
    return "–" if cents is None else filters.euros((cents + 50) // 100 * 100)


def hundredths(value: int | None) -> str:
    """4.25 in the language being spoken, or a dash."""
    return "–" if value is None else f"{value // 100}{filters.decimal_mark()}{value % 100:02d}"


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent, with one decimal below ten: `1.8%`, `31%`, or a dash."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    if tenths >= 100 or not tenths:
        return per_cent(rules.percent(part, whole))
    return filters.percent(Decimal(tenths) / 1000, places=1)


def log_share(count: int, most: int) -> float:
    """The length (0 to 1) of a bar on a logarithmic scale, so that a few sales show beside thousands of looks."""
    return math.log1p(count) / math.log1p(most) if most else 0.0
