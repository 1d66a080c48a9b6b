"""Cars and pages of the list as plain values, ready for JSON: euros, km, kW, UTC, whole addresses, words of addresses.

Only what the shop's pages show: no cost, no VIN, no plate, nothing of the staff.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from kroi.catalogue.models import Car
from kroi.catalogue.photos import rules as photos_rules
from kroi.catalogue.places import queries as places
from kroi.catalogue.places.rules import Spot
from kroi.catalogue.queries import CarCard, Picture
from kroi.catalogue.rules import ON_SALE, CarStatus, addresses
from kroi.catalogue.rules.filters import FACETS, OURS, SPANS, CarFilter
from kroi.catalogue.understanding.service import Found
from kroi.core import money
from kroi.web import place
from kroi.web.urls import public_url, url_for

Json = dict[str, Any]

_LARGE, _SMALL = photos_rules.WIDTHS[-1], photos_rules.WIDTHS[0]


def page(searched: Found, base: str) -> Json:
    """One page of the list; `base` is the address that its next page continues from."""
    found = searched.page
    cars, media, spots = public_url(url_for("catalogue.browse")), public_url("/media/"), _spots(found.cards)
    return {
        "total": found.total,
        "filters": filters(found.filter),
        "relaxed": filters(searched.left_out),
        "corrected": searched.corrected or None,
        "sort": found.sort,
        "counts": {name: dict(zip(*found.counts.facets[name], strict=True)) for name in FACETS},
        "names": {name: {one.value: one.label for one in found.counts.options(name)} for name in OURS},
        "cars": [_card(card, cars, media, spots.get(card.id)) for card in found.cards],
        "next": base + addresses.query(found.filter, found.sort, found.next) if found.next else None,
    }


def filters(wanted: CarFilter) -> Json:
    """What is asked for, by the names of the parameters; what asks for nothing is left out."""
    said: Json = {"q": wanted.q} if wanted.q else {}
    for name in FACETS:
        choice = wanted.choice(name)
        said |= {name: choice.any_of} if choice.any_of else {}
        said |= {f"not_{name}": choice.none_of} if choice.none_of else {}
    for name, ends in SPANS.items():
        span = wanted.span(name)
        pairs = zip(ends, (span.low, span.high), strict=True)
        said |= {end: value for end, value in pairs if end and value is not None}
    return said


def car(found: Car, pictures: Iterable[Picture]) -> Json:
    """One car, with all that its page says."""
    media, first = public_url("/media/"), found.first_registration
    return {
        **_facts(found, public_url(url_for("catalogue.browse")), _spots([found]).get(found.id)),
        "photos": [_photo(picture, media) for picture in pictures],
        "stock_number": found.stock_number,
        "condition": found.condition,
        "first_registered": f"{first.year:04}-{first.month:02}" if first else None,
        "power_kw": found.power_kw,
        "displacement_ccm": found.displacement_ccm,
        "doors": found.doors,
        "seats": found.seats,
        "owners": found.owners,
        "co2_g_km": found.co2_g_km,
        "consumption_dl_100km": found.consumption_dl_100km,
        "vat": found.vat,
        "description": found.paragraphs,
        "features": found.features,
        "specifications": [{"label": a, "value": b} for a, b in found.specifications if a and b],
        "sold_at": _moment(found.sold_at),
    }


def _spots(found: Sequence[Car | CarCard]) -> dict[int, Spot]:
    """Where each of these cars stands, by its id; nothing while there is only one place."""
    spots, ids = places.get_spots(), [one.id for one in found]
    at = places.find_location_ids(ids) if spots else {}
    return {car_id: spots.at(at.get(car_id)) for car_id in ids} if spots else {}


def _card(card: CarCard, cars: str, media: str, spot: Spot | None) -> Json:
    return {**_facts(card, cars, spot), "photo": _photo(card.cover, media) if card.cover else None}


def _facts(found: Car | CarCard, cars: str, spot: Spot | None) -> Json:
    return {
        "slug": found.slug,
        "url": cars + found.slug,
        "status": _status(found.status),
        "make": found.make,
        "model": found.model,
        "trim": found.trim,
        "price": _price(found),
        "model_year": found.model_year,
        "mileage_km": found.mileage_km,
        "body": found.body,
        "fuel": found.fuel,
        "transmission": found.transmission,
        "drive": found.drive,
        "colour": found.colour,
        "location": {"code": spot.code, "name": spot.name} if spot else None,
        "arriving": found.arriving,
        "arriving_on": _day(found.arriving_on),
        "listed_at": _moment(found.listed_at),
    }


def _status(status: CarStatus) -> CarStatus:
    """Whether a sold car was fetched already is the house's own business."""
    return status if status in ON_SALE else CarStatus.SOLD


def _price(found: Car | CarCard) -> Json:
    asked = money.whole(found.price_cents) if found.price_cents and found.status in ON_SALE else None
    return {"amount": asked, "currency": place.current().currency}


def _photo(picture: Picture, media: str) -> Json:
    width, height = photos_rules.fitted(picture.width, picture.height, _LARGE)
    return {
        "url": media + photos_rules.file_name(picture.digest, _LARGE, "jpg"),
        "width": width,
        "height": height,
        "thumbnail": media + photos_rules.file_name(picture.digest, _SMALL, "jpg"),
        "alt": picture.alt,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None
