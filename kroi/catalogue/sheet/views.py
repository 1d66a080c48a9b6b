"""The window sheet of a car."""

from flask import Blueprint, Response

from kroi.catalogue import queries
from kroi.catalogue.detail import shown as details
from kroi.catalogue.detail.views import get_shown
from kroi.catalogue.finance import shown as finance
from kroi.catalogue.rules import SOLD
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
    car = get_shown(slug)
    pages.keep([car.id])
    return show(
        "catalogue/sheet.html",
        car=car,
        cover=queries.picture(car.cover),
        sold=car.status in SOLD,
        monthly=finance.figure(car),
        facts=details.facts(car),
        long_facts=details.long_facts(car)[:_ROWS],
        features=car.features[:_ROWS],
        printed=shown.whole_day(clock.now()),
        code=shown.code(public_url(url_for("catalogue.show", slug=car.slug))),
    )
