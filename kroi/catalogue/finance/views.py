"""The calculator of one car, for its page or as a page of its own."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from kroi.catalogue import queries, words
from kroi.catalogue.detail.views import get_shown
from kroi.catalogue.finance import forms, shown
from kroi.core.errors import NotFound
from kroi.web.htmx import show as show_page
from kroi.web.urls import url_for

shop = Blueprint("finance", __name__)
shop.add_app_template_filter(shown.figure, "car_monthly")


@shop.get("/cars/<slug>/finance")
def show(slug: str) -> Response:
    """What the car costs a month with this down payment, over so many months."""
    car = get_shown(slug, moved_by=303)
    calculator = shown.calculator(car, down=forms.down(), months=forms.months())
    if calculator is None:
        raise NotFound(_("There is no finance estimate for this car."))
    return show_page(
        "catalogue/finance.html",
        fragment="catalogue/_finance.html",
        calculator=calculator,
        car=car,
        strip={
            "name": car.title,
            "href": url_for("catalogue.show", slug=car.slug),
            "price": words.price(car.price_cents),
            "line": words.line(car),
            "photo": queries.picture(car.cover),
        },
    )
