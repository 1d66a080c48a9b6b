"""The privacy page."""

from flask import Blueprint, Response

from kroi.web import pages
from kroi.web.htmx import show

shop = Blueprint("dealerships", __name__)


@shop.get("/privacy")
@pages.kept()
def privacy() -> Response:
    """What happens to what a shopper tells us."""
    pages.keep(car_ids=())
    return show("dealerships/privacy.html")
