"""Taking addresses for cars, and changing one without losing the old."""

from collections.abc import Sequence
from itertools import count

from sqlalchemy import delete, select

from kroi.catalogue.models import Car, OldSlug
from kroi.catalogue.rules import slugs as rules
from kroi.db import bulk, dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id

_BATCH = 500  # addresses asked about in one query


def take(wanted: Sequence[str]) -> list[str]:
    """An address for each wanted one, in their order, that no car has or ever had: `audi-a4-7`, else `audi-a4-7-2`.

    In a transaction, whose cars get them; until it ends nobody else takes any.
    """
    dialects.lock_named(session, f"slugs {current_dealership_id()}")
    taken = _used(wanted)
    given = []
    for each in wanted:
        free = _free(each, taken)
        taken.add(free)
        given.append(free)
    return given


def follow(car: Car) -> None:
    """Give the car the address that its make, model and number ask for now; the one it had redirects."""
    base = rules.wanted(car.make, car.model, car.stock_number)
    if car.slug == base or car.slug.removeprefix(base + "-").isdigit():
        return
    before = car.slug
    session.execute(delete(OldSlug).where(OldSlug.car_id == car.id, OldSlug.slug == base))
    car.slug = take([base])[0]
    if car.listed_at is not None:  # otherwise nobody has seen the old one
        session.add(OldSlug(slug=before, car_id=car.id))


def _free(base: str, taken: set[str]) -> str:
    if base not in taken:
        return base
    numbered = (f"{base}-{number}" for number in count(2))
    return next(each for each in numbered if each not in taken and not _used([each]))


def _used(slugs: Sequence[str]) -> set[str]:
    """Those that a car has, or had before."""
    return {found for some in bulk.batches(slugs, _BATCH) for found in _among(some)}


def _among(some: Sequence[str]) -> set[str]:
    now = session.scalars(select(Car.slug).where(Car.slug.in_(some)))
    before = session.scalars(select(OldSlug.slug).where(OldSlug.slug.in_(some)))
    return {*now, *before}
