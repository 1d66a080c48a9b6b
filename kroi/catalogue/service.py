"""What a dealer does with cars: adding, editing, pricing, and moving them from draft to delivered.

Every verb writes the car's own history and the audit, tells who listens, and makes cached pages forget. Who may do it
is decided by the pages.
"""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from kroi.accounts import audit
from kroi.cache import forget
from kroi.catalogue import words
from kroi.catalogue.events import CarRelocated, CarsChanged
from kroi.catalogue.models import Car, CarEvent, CarEventKind, PriceChange
from kroi.catalogue.places import queries as places
from kroi.catalogue.places import service as standing
from kroi.catalogue.rules import CarStatus, moves, prices, search
from kroi.catalogue.rules import facts as facts_rules
from kroi.catalogue.rules import slugs as slug_rules
from kroi.catalogue.rules.facts import Facts
from kroi.catalogue.slugs import service as slugs
from kroi.catalogue.stock_numbers import service as stock_numbers
from kroi.core import clock, events
from kroi.core.errors import Conflict, Invalid
from kroi.core.text import slug
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.dealerships.quotas import service as quotas
from kroi.web import place

RESERVED_FOR = timedelta(days=7)
LONGEST_RESERVATION = timedelta(days=60)
IN_STOCK = (CarStatus.DRAFT, CarStatus.AVAILABLE, CarStatus.RESERVED)


def add(facts: Facts, price_cents: int = 0) -> Car:
    """A new car as a draft, with a stock number, an address and the first line of its price ledger."""
    number = str(stock_numbers.take()[0])
    check_room(1)
    [address] = slugs.take([slug_rules.wanted(facts.make, facts.model, number)])
    car = Car(stock_number=number, slug=address, status=CarStatus.DRAFT, price_cents=price_cents)
    _write(car, facts)
    session.add(car)
    session.flush()
    session.add(PriceChange(car_id=car.id, price_cents=price_cents, at=clock.now(), by_id=audit.actor_id()))
    _remember(car, CarEventKind.STATUS, None, CarStatus.DRAFT)
    _changed(car, "add car")
    return car


def check_room(more: int) -> None:
    """Is there room for so many more cars in stock? Raises Conflict."""
    if quotas.limits().cars is not None:
        quotas.check_cars((session.scalar(select(func.count()).where(Car.status.in_(IN_STOCK))) or 0) + more)


def facts_of(car: Car) -> Facts:
    """The car as the editor writes it down."""
    values = {name: getattr(car, name) for name in facts_rules.NAMES}
    values["paragraphs"], values["features"] = tuple(car.paragraphs), tuple(car.features)
    values["specifications"] = tuple((label, value) for label, value in car.specifications)
    return Facts(**values)


def version_of(car: Car) -> str:
    """A mark that changes when anybody edits or prices the car."""
    return facts_rules.version(facts_of(car), car.price_cents)


def edit(car: Car, facts: Facts) -> None:
    """Write down what staff know of the car; its address follows its name."""
    before = facts_of(car)
    changed = facts_rules.differences(before, facts)
    if not changed:
        return
    _write(car, facts)
    if {"make", "model"} & set(changed):
        slugs.follow(car)
    for name in changed:
        old, new = ("", "") if name in facts_rules.LONG else (getattr(before, name), getattr(facts, name))
        _remember(car, CarEventKind.EDITED, _said(old), _said(new), reason=name)
    _changed(car, "edit car", fields=list(changed))


def put_at(car: Car, location_id: int | None) -> None:
    """The car stands at another of our locations, `None` for the main one. Raises Invalid when there is none such."""
    before, profile = places.find_location_id(car.id), dealerships.get_profile(current_dealership_id())
    if location_id == before:
        return
    if location_id not in (None, *(each.id for each in profile.locations)):
        raise Invalid(_("There is no such location."))
    standing.move(car.id, location_id)
    old, new = (profile.place_at(each).name for each in (before, location_id))
    _remember(car, CarEventKind.EDITED, old, new, reason="location")
    _changed(car, "edit car", fields=["location"])
    events.publish(CarRelocated(car.id))


def put_price(car: Car, price_cents: int, *, at: datetime | None = None) -> None:
    """Ask another price, 0 for on request. The ledger keeps all of them; the struck price follows the law."""
    if not 0 <= price_cents <= prices.MOST_CENTS:
        raise Invalid(_("This price is not possible."))
    if price_cents == car.price_cents:
        return
    at, before = at or clock.now(), car.price_cents
    car.struck_cents = prices.struck_price(_ledger(car), price_cents, at, car.listed_at)
    car.struck_until = prices.struck_until(car.struck_cents, at)
    car.price_cents = price_cents
    session.add(PriceChange(car_id=car.id, price_cents=price_cents, at=at, by_id=audit.actor_id()))
    _changed(car, "price car", **{"from": before, "to": price_cents})


def change_status(car: Car, target: CarStatus, *, reason: str = "", until: date | None = None) -> None:
    """Move the car along, if it may go there; `until` is the last day of a reservation, a week from now if not said."""
    before, today = car.status, clock.today(place.current().zone)
    if not moves.may_move(before, target):
        raise Conflict(_("A car cannot go from %(old)s to %(new)s.", old=_lower(before), new=_lower(target)))
    if moves.needs_reason(before, target) and not reason:
        raise Invalid(_("Say why the sale fell through."))
    if target is CarStatus.AVAILABLE and not (car.make and car.model):
        raise Invalid(_("Before it goes on sale the car needs a make and a model."))
    if target is CarStatus.RESERVED:
        until = until or reservation_ends(today)
        if not today <= until <= today + LONGEST_RESERVATION:
            raise Invalid(_("A reservation ends between today and 60 days from now."))
    if target in IN_STOCK and before not in IN_STOCK:
        check_room(1)
    _move(car, target, clock.now(), until)
    _remember(car, CarEventKind.STATUS, before, target, reason=reason[:500] or None)
    _changed(car, "move car", **{"from": before.value, "to": target.value})


def reservation_ends(today: date) -> date:
    """The last day of a reservation that begins today, unless somebody says another."""
    return today + RESERVED_FOR


def end_reservations(today: date) -> int:
    """Offer every car again whose reservation ended before `today`; answers how many."""
    over = select(Car).where(Car.status == CarStatus.RESERVED, Car.reserved_until < today).with_for_update()
    cars = session.scalars(over.order_by(Car.id)).all()
    for car in cars:
        change_status(car, CarStatus.AVAILABLE, reason=_("the reservation ended"))
    return len(cars)


def _move(car: Car, target: CarStatus, now: datetime, until: date | None) -> None:
    """The status, and the moments that go with it."""
    car.status = target
    car.reserved_until = until if target is CarStatus.RESERVED else None
    if target is CarStatus.AVAILABLE:
        car.listed_at = car.listed_at or now
        car.sold_at = None
    elif target is CarStatus.SOLD:
        car.sold_at = now
    car.withdrawn_at = now if target is CarStatus.WITHDRAWN else None


def _write(car: Car, facts: Facts) -> None:
    """The facts as columns, and what is made from them."""
    for name in facts_rules.NAMES:
        setattr(car, name, getattr(facts, name))
    car.paragraphs, car.features = list(facts.paragraphs), list(facts.features)
    car.specifications = [list(pair) for pair in facts.specifications]
    car.make_slug, car.model_slug = slug(facts.make), slug(facts.model)
    car.search_text = search.search_text(
        make=facts.make,
        model=facts.model,
        trim=facts.trim,
        stock_number=car.stock_number,
        model_year=facts.model_year,
        body=facts.body,
        fuel=facts.fuel,
        transmission=facts.transmission,
        drive=facts.drive,
        colour=facts.colour,
        features=facts.features,
        paragraphs=facts.paragraphs,
    )


def _ledger(car: Car) -> list[prices.Step]:
    steps = select(PriceChange.at, PriceChange.price_cents).where(PriceChange.car_id == car.id)
    return [(at, cents) for at, cents in session.execute(steps.order_by(PriceChange.at, PriceChange.id))]


def _remember(
    car: Car, kind: CarEventKind, before: str | None, after: str | None, *, reason: str | None = None
) -> None:
    """One line of the car's history."""
    session.add(
        CarEvent(
            car_id=car.id,
            kind=kind,
            before=before,
            after=after,
            at=clock.now(),
            by_id=audit.actor_id(),
            reason=reason,
        )
    )


def _changed(car: Car, action: str, **details: object) -> None:
    session.flush()
    audit.record(action, "car", car.id, details=details)
    forget("cars")
    events.publish(CarsChanged((car.id,)))


def _said(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _lower(status: CarStatus) -> str:
    return words.word(status).lower()
