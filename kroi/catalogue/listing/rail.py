"""The filters beside the list as HTML: each piece is a template's, rendered once, and numbers are filled in."""

import math

from flask_babel import gettext as _
from markupsafe import escape

from kroi.catalogue.listing import shown
from kroi.catalogue.listing.histograms import Bars
from kroi.catalogue.listing.queries import Page
from kroi.catalogue.listing.shown import Group, Range
from kroi.catalogue.rules.filters import Span
from kroi.web.skeletons import Skeleton, fill, hole, made_anew, of_macro

_ORDER = (
    *("make", "price", "monthly", "mileage", "drive", "location", "model", "body"),
    *("fuel", "transmission", "year", "power", "colour", "status"),
)
_PIECES = "components/filters.html"
_HEIGHT = 64  # of the bars, in pixels
_TALLEST = 0.9  # of it
_rects: dict[tuple[int, int, int, bool], str] = {}


def rail(page: Page, base: str) -> str:
    """The whole form."""
    groups, ranges = {group.name: group for group in shown.groups(page)}, shown.ranges(page)
    fields = [_range(ranges[name]) if name in ranges else _group(groups.get(name)) for name in _ORDER]
    excluded = "".join([_excluded(group) for group in groups.values() if group.excluded])
    words = {"q": escape(page.filter.q), "fields": "\n".join(fields), "excluded": excluded}
    return fill("catalogue/filters.html", words, base=base)


def _group(group: Group | None) -> str:
    if group is None:
        return ""
    is_open = group.folded and bool(group.chosen)
    frame = of_macro(_PIECES, "filter_group", group.title, group.name, hole("checks"), group.folded, is_open)
    html = frame.fill({"checks": group.boxes.rows(group.common, group.counts, group.chosen)})
    if not group.rarer:
        return html
    more = of_macro(_PIECES, "rarer", str(_("More makes")), group.name, hole("checks"))
    return html + more.fill({"checks": group.boxes.rows(group.rarer, group.counts, group.chosen)})


def _excluded(group: Group) -> str:
    return "".join(of_macro(_PIECES, "excluded", group.name, value).parts[0] for value in group.excluded)


def _range(one: Range) -> str:
    low, high = ("" if end is None else str(end) for end in (one.chosen.low, one.chosen.high))
    if one.low_name and one.high_name:
        bars = hole("bars") if one.bars.counts else ""
        frame = of_macro(
            *(_PIECES, "number_range", one.title, one.low_name, one.high_name, one.low, one.high),
            *(hole("low"), hole("high"), one.unit, one.step, bars, one.folded or not bars, bool(one.chosen)),
        )
        return frame.fill({"low": low, "high": high, "bars": _bars(one.bars, one.chosen) if bars else ""})
    name, chosen = (one.low_name, low) if one.low_name else (one.high_name, high)
    frame = of_macro(
        _PIECES, "number_end", one.title, one.name, name, bool(one.low_name), hole("chosen"), one.unit, bool(one.chosen)
    )
    return frame.fill({"chosen": chosen})


def _bars(bars: Bars, chosen: Span) -> str:
    counts, number, end = bars.counts, len(bars.counts), bars.high - bars.low
    low = max((chosen.low or 0) - bars.low, 0)
    high = end if chosen.high is None else min(max(chosen.high - bars.low, 0), end)
    top, step = max(*counts, 1), end / number
    rects = [
        _bar(at, number, math.ceil(_HEIGHT * _TALLEST * count / top), step * (at + 1) > low and step * at < high)
        for at, count in enumerate(counts)
        if count
    ]
    start, reach = round(100 * low / end, 2), round(100 * max(high - low, 0) / end, 2)
    return _frame().fill({"bars": "".join(rects), "start": str(start), "reach": str(reach)})


def _bar(at: int, number: int, tall: int, inside: bool) -> str:
    key = (at, number, tall, inside)
    return _rects.get(key) or _rects.setdefault(key, made_anew(_PIECES, "bar", *key, _HEIGHT))


def _frame() -> Skeleton:
    return of_macro(_PIECES, "bar_frame", hole("bars"), hole("start"), hole("reach"), _HEIGHT)
