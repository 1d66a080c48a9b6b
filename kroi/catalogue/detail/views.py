"""The car behind the slug of an address: every page of a car finds, forwards and refuses by the same rule."""

from flask import abort, redirect

from kroi.catalogue import queries
from kroi.catalogue.models import Car
from kroi.catalogue.rules import moves
from kroi.web import pages
from kroi.web.urls import url_for


def get_shown(slug: str, *, moved_by: int = 301) -> Car:
    """The car that `.show` of this blueprint is asked for.

    A former slug ends the request with a redirect (of status `moved_by`) to the slug of today; raises NotFound or Gone
    for a car without a public page.
    """
    car = queries.find_by_slug(slug)
    if car is None and (moved := queries.find_moved(slug)):
        abort(redirect(url_for(".show", slug=moved), code=moved_by))
    car = queries.refuse_hidden(car)
    if car.sold_at:
        pages.until(car.sold_at + moves.SOLD_PAGE_STAYS)
    return car
