"""Where managers change a price and nothing else, with what it was and what the law makes of it."""

from flask import Blueprint, Response, flash
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.catalogue import service
from kroi.catalogue.editor.forms import PriceForm
from kroi.catalogue.models import Car
from kroi.catalogue.pricing import queries
from kroi.catalogue.rules import prices
from kroi.catalogue.stock import queries as stock
from kroi.db.transaction import transaction
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("price_staff", __name__, url_prefix="/staff/cars")


@staff.get("/<int:car_id>/price", endpoint="form")
@allow(Permission.EDIT_CARS)
def ask(car_id: int) -> Response:
    """The price now, what it was, and a field for another."""
    return _page(stock.get(car_id))


@staff.post("/<int:car_id>/price")
@allow(Permission.EDIT_CARS)
def change(car_id: int) -> Response:
    """Another price, unless somebody changed it since the form was opened."""
    form = PriceForm.submitted()
    if not form.validate():
        return _page(stock.get(car_id), form, status=422)
    with transaction():
        car = stock.lock(car_id)
        overtaken = form.was.data not in ("", None, str(car.price_cents))
        if not overtaken:
            service.put_price(car, form.price.data or 0)
    if overtaken:
        return _page(car, form, status=409, overtaken=True)
    flash(_("The price was changed."))
    return see(url_for("catalogue_staff.edit", car_id=car_id))


def _page(car: Car, form: PriceForm | None = None, *, status: int = 200, overtaken: bool = False) -> Response:
    form = form or PriceForm(data={"price": car.price_cents or None})
    form.was.data = str(car.price_cents)
    return show(
        "catalogue/staff/price.html",
        status=status,
        car=car,
        form=form,
        overtaken=overtaken,
        ledger=queries.read(car),
        window=prices.WINDOW.days,
        shown_for=prices.SHOWN_FOR.days,
    )
