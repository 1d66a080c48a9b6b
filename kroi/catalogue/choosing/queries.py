"""Reads of the cars that an address names; former addresses lead to the car, too."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, union_all

from kroi.catalogue.models import Car, OldSlug
from kroi.catalogue.queries import CARD_COLUMNS, CarCard, card
from kroi.catalogue.rules import CarStatus, moves
from kroi.core import clock
from kroi.db.model import session


def list_cards(slugs: Sequence[str]) -> list[CarCard]:
    """The cards of these cars in this order, each once; those without a public page are left out."""
    cards = [card(row) for row in _find(slugs, *CARD_COLUMNS)]
    return [one for one in {one.id: one for one in cards}.values() if _is_public(one)]


def list_cars(slugs: Sequence[str]) -> list[Car]:
    """The same as rows, for pages that need all that is known of a few cars."""
    cars: list[Car] = [row.Car for row in _find(slugs, Car)]
    return [one for one in {one.id: one for one in cars}.values() if _is_public(one)]


def _find(slugs: Sequence[str], *columns: Any) -> list[Row[Any]]:
    """One statement: two walks along the indexes of the addresses, the present and the former ones."""
    if not slugs:
        return []
    now = select(Car.slug.label("asked"), Car.id.label("car_id")).where(Car.slug.in_(slugs))
    before = select(OldSlug.slug.label("asked"), OldSlug.car_id.label("car_id")).where(OldSlug.slug.in_(slugs))
    named = union_all(*(select(part.subquery()) for part in (before, now))).subquery("named")
    rows = session.execute(select(named.c.asked, *columns).join(Car, Car.id == named.c.car_id))
    found = {row.asked: row for row in rows}
    return [found[slug] for slug in slugs if slug in found]


def _is_public(one: Car | CarCard) -> bool:
    return one.status is not CarStatus.DRAFT and not moves.page_is_gone(one.status, one.sold_at, clock.now())
