"""The privacy page."""

from flask import Blueprint, Response

from kroi.web.htmx import show

shop = Blueprint("dealerships", __name__)


@shop.get("/privacy")
def privacy() -> Response:
    """What happens to what a shopper tells us."""
    return show("dealerships/privacy.html")
