"""The list as HTML: pieces that are ready are joined, and only what is new is rendered."""

from collections.abc import Hashable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import escape

from kroi.catalogue import words
from kroi.catalogue.cards import kept as cards
from kroi.catalogue.listing import shown
from kroi.catalogue.listing.notices import Notice
from kroi.catalogue.listing.queries import Page
from kroi.catalogue.listing.rail import rail
from kroi.catalogue.listing.shown import Link
from kroi.core import text
from kroi.web import filters, place
from kroi.web.skeletons import fill, hole, made_anew, of_macro

_LONGEST_TITLE = 40


@dataclass(frozen=True)
class Addresses:
    """Of the list without filters, of this page and, where there are any, of those before and after."""

    base: str
    here: str
    previous: str = ""
    next: str = ""


def whole(page: Page, at: Addresses, *, described: str, under: Hashable, notice: Notice | None = None) -> str:
    """The page, `described` for search engines. `under`: what the layout shows of the dealership."""
    chips = shown.chips(page, at.base)
    chosen = text.shorten(", ".join(chip.text for chip in chips), _LONGEST_TITLE)
    # In words, so that the titles of one choice differ from language to language.
    count = f" ({ngettext('%(num)s car', '%(num)s cars', page.total)})" if page.total else ""
    about = ngettext("%(num)s used car", "%(num)s used cars", page.total)
    holes = _listing(page, at, chips, notice) | {
        "title": escape((chosen or _("All cars")) + count),
        "about": escape(f"{about}: {chosen}" if chosen else about),
        "query": escape(at.here.removeprefix(at.base)),
        "described": described,
    }
    return fill("catalogue/browse.html", holes, under=under, base=at.base, sort=page.sort, sorts=_sorts())


def fragment(page: Page, at: Addresses, *, notice: Notice | None = None) -> str:
    """Only what changes when a filter does."""
    holes = _listing(page, at, shown.chips(page, at.base), notice)
    return fill("catalogue/_listing.html", holes, base=at.base, sort=page.sort, sorts=_sorts())


def _listing(page: Page, at: Addresses, chips: list[Link], notice: Notice | None) -> dict[str, str]:
    total = ngettext("%(num)s car", "%(num)s cars", page.total)
    return {
        "rail": rail(page, at.base),
        "notice": escape(notice.sentence) if notice else "",
        "exactly": escape(notice.href) if notice else "",
        "chips": _chips(chips, at.base),
        "cards": cards.several(page.cards),
        "relaxed": "" if page.cards else _relaxed(page, at.base),
        "near": cards.several(shown.near_cards(page), level=3),
        "near_words": escape(_near_words(page)),
        "total": filters.number(page.total),
        "show": escape(ngettext("Show %(num)s car", "Show %(num)s cars", page.total)),
        "filters": str(len(chips) or ""),
        "span": escape(f"{filters.number(page.first)}–{filters.number(page.last)} / {total}"),
        "previous": escape(at.previous),
        "next": escape(at.next),
    }


def _chips(chips: list[Link], base: str) -> str:
    if not chips:
        return ""
    row = of_macro("components/chip.html", "row", hole("text"), hole("href"))
    rows = [row.fill({"text": escape(chip.text), "href": escape(chip.href)}) for chip in chips]
    return of_macro("components/chip.html", "chip_row", hole("rows"), base).fill({"rows": "\n  ".join(rows)})


def _relaxed(page: Page, base: str) -> str:
    rows = shown.relaxed(page, base) if page.filter.active() else []
    return made_anew("components/filters.html", "relax_list", rows) if rows else ""


def _near_words(page: Page) -> str:
    if not page.near:
        return ""
    return str(_("Closest to what you asked for") if page.near[0].misses else _("Newest"))


def _sorts() -> tuple[tuple[str, str], ...]:
    return words.sorts(place.current().language)
