"""Structured data in the words of schema.org. Distances are km (KMT), power is kW (KWT), money is as shown."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from kroi.catalogue.rules import Body, CarStatus, Condition, Drive, Fuel, Transmission

Thing = dict[str, object]

_SCHEMA = "https://schema.org"
_DRIVES = {
    Drive.FWD: "FrontWheelDriveConfiguration",
    Drive.RWD: "RearWheelDriveConfiguration",
    Drive.AWD: "AllWheelDriveConfiguration",
}
_AVAILABLE = {CarStatus.AVAILABLE: "InStock", CarStatus.RESERVED: "LimitedAvailability"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Described:
    """What structured data says of a car. `address` and `photos` are whole addresses; price in cents, 0 on request."""

    address: str
    name: str
    make: str
    model: str
    trim: str
    stock_number: str
    description: str
    photos: Sequence[str]
    price_cents: int
    currency: str
    status: CarStatus
    arriving: bool
    condition: Condition
    body: Body | None
    model_year: int | None
    first_registration: date | None
    mileage_km: int | None
    fuel: Fuel | None
    transmission: Transmission | None
    drive: Drive | None
    power_kw: int | None
    colour: str | None
    doors: int | None
    seats: int | None
    owners: int | None
    co2_g_km: int | None


def script(things: Iterable[Thing]) -> str:
    """JSON-LD that cannot end the script element it stands in, whatever a car's description says."""
    graph = {"@context": _SCHEMA, "@graph": [_known(thing) for thing in things]}
    return _safe(graph)


def _safe(thing: Mapping[str, object]) -> str:
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def car(one: Described, seller: Mapping[str, object]) -> Thing:
    """The car, with an offer unless it is sold or has no price."""
    return {
        "@type": "Car",
        "@id": one.address,
        "url": one.address,
        "name": one.name,
        "description": one.description or None,
        "image": list(one.photos) or None,
        "sku": one.stock_number,
        "brand": {"@type": "Brand", "name": one.make},
        "model": one.model,
        "vehicleConfiguration": one.trim or None,
        "vehicleModelDate": str(one.model_year) if one.model_year else None,
        "dateVehicleFirstRegistered": one.first_registration.isoformat() if one.first_registration else None,
        "itemCondition": f"{_SCHEMA}/{'NewCondition' if one.condition is Condition.NEW else 'UsedCondition'}",
        "mileageFromOdometer": _measure(one.mileage_km, "KMT"),
        "bodyType": one.body.value if one.body else None,
        "fuelType": one.fuel.value.replace("_", " ") if one.fuel else None,
        "vehicleTransmission": one.transmission.value if one.transmission else None,
        "driveWheelConfiguration": f"{_SCHEMA}/{_DRIVES[one.drive]}" if one.drive else None,
        "vehicleEngine": _engine(one),
        "color": one.colour,
        "numberOfDoors": one.doors,
        "vehicleSeatingCapacity": one.seats,
        "numberOfPreviousOwners": one.owners,
        "emissionsCO2": one.co2_g_km,
        "offers": _offer(one, seller),
    }


def _engine(one: Described) -> Thing | None:
    if one.power_kw is None:
        return None
    return {"@type": "EngineSpecification", "enginePower": _measure(one.power_kw, "KWT")}


def _offer(one: Described, seller: Mapping[str, object]) -> Thing | None:
    available = _AVAILABLE.get(one.status)
    if available is None or not one.price_cents:
        return None
    if one.arriving and one.status is CarStatus.AVAILABLE:
        available = "PreOrder"
    return {
        "@type": "Offer",
        "url": one.address,
        "price": str(Decimal(one.price_cents) / 100),
        "priceCurrency": one.currency,
        "availability": f"{_SCHEMA}/{available}",
        "seller": {"@id": seller["@id"]},
    }


def _measure(value: int | None, unit: str) -> Thing | None:
    return None if value is None else {"@type": "QuantitativeValue", "value": value, "unitCode": unit}


@dataclass(frozen=True)
class Where:
    """A place: its address, and when it is open. `special` are days that differ, by ISO date; none: it is closed."""

    name: str
    phone: str
    street: str
    postal_code: str
    city: str
    country: str
    week: Mapping[str, list[list[str]]]
    special: Mapping[str, list[list[str]]]


def dealer(home: str, email: str, where: Where, departments: Sequence[Where] = ()) -> Thing:
    """The dealership at its main place, and its other ones."""
    parts = [_place(home, f"place-{number}", each) for number, each in enumerate(departments, 2)]
    return _place(home, "dealer", where) | {"url": home, "email": email or None, "department": parts or None}


def _place(home: str, anchor: str, where: Where) -> Thing:
    return {
        "@type": "AutoDealer",
        "@id": f"{home}#{anchor}",
        "name": where.name,
        "telephone": where.phone or None,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": where.street or None,
            "postalCode": where.postal_code or None,
            "addressLocality": where.city or None,
            "addressCountry": where.country or None,
        },
        "openingHoursSpecification": [*_week(where.week), *_special(where.special)] or None,
    }


def _week(week: Mapping[str, list[list[str]]]) -> Iterator[Thing]:
    for day, intervals in sorted(week.items()):
        for opens, closes in intervals:
            yield _open({"dayOfWeek": _DAYS[int(day)]}, opens, closes)


def _special(days: Mapping[str, list[list[str]]]) -> Iterator[Thing]:
    """Days that differ; one that is closed all day is said to be open for no time."""
    for day, intervals in sorted(days.items()):
        for opens, closes in intervals or [["00:00", "00:00"]]:
            yield _open({"validFrom": day, "validThrough": day}, opens, closes)


def _open(when: Thing, opens: str, closes: str) -> Thing:
    end = "23:59" if closes == "24:00" else closes  # readers know no hour 24
    return {"@type": "OpeningHoursSpecification", **when, "opens": opens, "closes": end}


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> Thing:
    """The way to a page: names and whole addresses."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": address}
            for at, (name, address) in enumerate(trail, 1)
        ],
    }


def list_script(trail: Thing, addresses: Iterable[tuple[str, str]], first: int, total: int) -> str:
    """A page of the list: the way to it, and names and whole addresses; `first` counts from 1 over all pages."""
    items = ",".join(
        [f'{{"@type":"ListItem","position":{at},{_item(*address)}' for at, address in enumerate(addresses, first)]
    )
    listed = f'{{"@type":"ItemList","numberOfItems":{total},"itemListElement":[{items}]}}'
    return script([trail]).removesuffix("]}") + f",{listed}]}}"


@lru_cache(maxsize=20_000)
def _item(name: str, address: str) -> str:
    """The part of an item of a list that is the same at every place, with its closing brace."""
    return _safe({"name": name, "url": address})[1:]


def _known(thing: object) -> object:
    """The same without what is not known, all the way down."""
    if isinstance(thing, dict):
        return {name: _known(value) for name, value in thing.items() if value is not None}
    return [_known(each) for each in thing] if isinstance(thing, list) else thing
