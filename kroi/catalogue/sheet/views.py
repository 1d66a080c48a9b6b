"""The window sheet of a car."""

from flask import Blueprint, Response, make_response, redirect

from kroi.catalogue import queries
from kroi.catalogue.detail import shown as details
from kroi.catalogue.finance import shown as finance
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.sheet import shown
from kroi.core import clock
from kroi.web import pages
from kroi.web.htmx import show
from kroi.web.urls import public_url, url_for

shop = Blueprint("sheet", __name__)
_ROWS = 6  # facts, and as many features


@shop.get("/cars/<slug>/print", endpoint="show")
@pages.kept()
def show_sheet(slug: str) -> Response:
    """One page of A4: photo, price, facts, and a code that leads back to the car's page."""
    car = queries.find_by_slug(slug)
    if car is None and (moved := queries.find_moved(slug)):
        return make_response(redirect(url_for(".show", slug=moved), code=301))
    car = queries.refuse_hidden(car)
    pages.keep([car.id])
    return show(
        "catalogue/sheet.html",
        car=car,
        cover=queries.picture(car.cover),
        sold=car.status in (CarStatus.SOLD, CarStatus.DELIVERED),
        monthly=finance.figure(car),
        facts=details.facts(car),
        long_facts=details.long_facts(car)[:_ROWS],
        features=car.features[:_ROWS],
        printed=shown.whole_day(clock.now()),
        code=shown.code(public_url(url_for("catalogue.show", slug=car.slug))),
    )
