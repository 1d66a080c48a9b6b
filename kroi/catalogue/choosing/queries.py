"""Reads of the cars that an address names; former addresses lead to the car, too."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

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
    """One statement, and a second only when a car has moved or is not ours."""
    if not slugs:
        return []
    asked = select(Car.slug.label("asked"), *columns).where(Car.slug.in_(slugs))
    found = {row.asked: row for row in session.execute(asked)}
    if missing := [slug for slug in slugs if slug not in found]:
        moved = select(OldSlug.slug.label("asked"), *columns).join(Car, Car.id == OldSlug.car_id)
        found |= {row.asked: row for row in session.execute(moved.where(OldSlug.slug.in_(missing)))}
    return [found[slug] for slug in slugs if slug in found]


def _is_public(one: Car | CarCard) -> bool:
    return one.status is not CarStatus.DRAFT and not moves.page_is_gone(one.status, one.sold_at, clock.now())
