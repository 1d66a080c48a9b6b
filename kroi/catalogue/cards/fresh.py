"""A card as HTML: the template's, rendered once for each shape that cards have, with a car's words in its holes."""

from functools import lru_cache
from typing import Any

from markupsafe import escape

from kroi.catalogue import words
from kroi.catalogue.detail import shown
from kroi.catalogue.finance import shown as finance
from kroi.catalogue.queries import CarCard, Picture
from kroi.catalogue.rules import SOLD
from kroi.web import filters, place
from kroi.web.skeletons import hole, of_macro
from kroi.web.urls import url_for

_FACTS = ("fact_a", "fact_b", "fact_c", "fact_d")
_size: Any = hole  # a picture's size is a number, except in a skeleton
_PHOTO = Picture(hole("digest"), _size("width"), _size("height"), "")


def card(car: CarCard, level: int, eager: bool | str, sizes: str) -> str:
    """The card. `eager`: "first" for the page's largest photo, True for the first row."""
    named: Any = car  # words take rows, too, which may be changed; a card may not
    sold, tag, photo = car.status in SOLD, words.tag(named), car.cover
    facts = dict(zip(_FACTS, map(escape, shown.four(car)), strict=False))
    struck = 0 if sold else words.struck(named)
    holes = facts | {
        "name": escape(car.title),
        "href": escape(_list(place.current()) + car.slug),  # a car's address is its slug below the list's
        "price": escape(tag.text if sold else words.price(car.price_cents)),
        "line": escape(words.line(named)),
        "struck": escape(filters.euros(struck)) if struck else "",
        "monthly": escape(finance.figure(car)),
        "tag": escape(tag.text),
    }
    if photo:
        holes |= {"digest": escape(photo.digest), "width": str(photo.width), "height": str(photo.height)}
    given = {name: hole(name) if holes[name] else "" for name in ("line", "struck", "monthly", "tag")}
    frame = of_macro(
        *("components/card.html", "card", hole("name"), hole("href"), hole("price"), tuple(map(hole, facts))),
        **given, photo=_PHOTO if photo else None, words=sold or not car.price_cents, sold=sold,
        tag_new=tag.new, eager=eager, level=level, sizes=sizes,
    )  # fmt: skip
    return frame.fill(holes)


@lru_cache(maxsize=64)
def _list(here: place.Place) -> str:
    return url_for("catalogue.browse")
