"""Pages about the cars that an address names: the same for everybody, since the lists live in the visitor's browser."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from kroi.catalogue.choosing import queries, rules, shown
from kroi.catalogue.detail import queries as detail
from kroi.catalogue.models import Car
from kroi.catalogue.queries import Picture, picture
from kroi.web import pages
from kroi.web.htmx import show
from kroi.web.urls import public_url, url_for

shop = Blueprint("choosing", __name__)


@dataclass(frozen=True)
class Column:
    """A car at the head of a comparison. `without` is the address of the comparison without it."""

    car: Car
    cover: Picture | None
    sold: bool
    without: str


@shop.get("/favourites")
@pages.kept(reads=rules.canonical)
def favourites() -> Response:
    """The cars that somebody likes; without any named, the page whose script asks for those of this browser."""
    asked = rules.slugs(request.args.getlist("car"))
    cards = queries.list_cards(asked)
    if len(cards) == len(asked):  # of the others nobody knows when they come back
        pages.keep(one.id for one in cards)
    link = url_for(".favourites", car=[one.slug for one in cards])
    return show(
        "catalogue/favourites.html",
        fragment="catalogue/_favourites.html",
        cards=cards,
        asked=bool(asked),
        gone=max(0, len(asked) - len(cards)),
        link=link,
        most=rules.SIDE_BY_SIDE,
        canonical=public_url(link),
    )


@shop.get("/recent")
def recent() -> Response:
    """The cars that somebody looked at last."""
    asked = rules.slugs(request.args.getlist("car"))
    return show("catalogue/recent.html", fragment="catalogue/_recent.html", cards=queries.list_cards(asked))


@shop.get("/compare")
@pages.kept(reads=rules.canonical)
def compare() -> Response:
    """Two to four cars side by side; with fewer, how to get there."""
    asked = rules.slugs(request.args.getlist("car"))
    found = queries.list_cars(asked)
    cars = found[: rules.SIDE_BY_SIDE]
    if 1 < len(found) == len(asked):
        pages.keep(car.id for car in found)
    return show(
        "catalogue/compare.html",
        columns=[_column(car, cars) for car in cars],
        facts=shown.facts(cars) if len(cars) > 1 else [],
        features=shown.features(cars) if len(cars) > 1 else [],
        left_out=len(found) - len(cars),
        most=rules.SIDE_BY_SIDE,
        related=detail.list_related(cars[0]) if len(cars) == 1 else [],
        canonical=public_url(url_for(".compare", car=[car.slug for car in cars])),
    )


def _column(car: Car, cars: list[Car]) -> Column:
    others = [other.slug for other in cars if other is not car]
    return Column(car, picture(car.cover), rules.is_sold(car.status), url_for(".compare", car=others))
