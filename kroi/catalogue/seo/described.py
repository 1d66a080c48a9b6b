"""Our pages in the words of structured data."""

from collections.abc import Iterable, Sequence

from kroi.catalogue.listing.queries import Page
from kroi.catalogue.models import Car
from kroi.catalogue.queries import Picture
from kroi.catalogue.seo import rules
from kroi.catalogue.seo.rules import Described, Thing, Where
from kroi.core import clock
from kroi.core.text import shorten
from kroi.dealerships.rules import Profile
from kroi.web.urls import public_url, url_for

_MOST_WORDS = 500  # characters of a description
_PHOTO_WIDTH = 960
_PHOTOS = 6
_MOST_SPECIAL = 12  # days that differ

Trail = Sequence[tuple[str, str]]


def dealer(profile: Profile, *, whole: bool = False) -> Thing:
    """The dealership; `whole` with all its places. What it says of days that differ changes at midnight."""
    today = clock.today(profile.zone).isoformat()
    home = public_url(url_for("catalogue.home"))
    others = [_where(profile, each.id, today) for each in profile.locations] if whole else []
    return rules.dealer(home, profile.email, _where(profile, None, today), others)


def _where(profile: Profile, location_id: int | None, today: str) -> Where:
    place = profile.place_at(location_id)
    open_at = place if place.hours else profile.place_at(None)
    special = {day: found for day, found in open_at.special.items() if day >= today}
    soonest = dict(sorted(special.items())[:_MOST_SPECIAL])
    where = (place.name, place.phone, place.street, place.postal_code, place.city, profile.country)
    return Where(*where, week=open_at.hours, special=soonest)


def front(profile: Profile) -> str:
    """The front page."""
    return rules.script([dealer(profile, whole=True)])


def listing(page: Page, trail: Trail) -> str:
    """A page of the list."""
    base = public_url(url_for("catalogue.browse"))  # a car's address is its slug below the list's
    cars = [(car.title, base + car.slug) for car in page.cards]
    return rules.list_script(_trail(trail), cars, page.first, page.total)


def car_page(car: Car, photos: Iterable[Picture], trail: Trail, profile: Profile) -> str:
    """One car's page."""
    seller = dealer(profile)
    return rules.script([rules.car(_described(car, photos, profile.currency), seller), seller, _trail(trail)])


def _trail(trail: Trail) -> Thing:
    return rules.breadcrumbs((name, public_url(path)) for name, path in trail)


def _described(car: Car, photos: Iterable[Picture], currency: str) -> Described:
    address = public_url(url_for("catalogue.show", slug=car.slug))
    images = [public_url(f"/media/{photo.digest}-{_PHOTO_WIDTH}.jpg") for photo in photos]
    return Described(
        address=address,
        name=f"{car.title} {car.trim}".strip(),
        make=car.make,
        model=car.model,
        trim=car.trim,
        stock_number=car.stock_number,
        description=shorten(" ".join(car.paragraphs), _MOST_WORDS),
        photos=images[:_PHOTOS],
        price_cents=car.price_cents,
        currency=currency,
        status=car.status,
        arriving=car.arriving,
        condition=car.condition,
        body=car.body,
        model_year=car.model_year,
        first_registration=car.first_registration,
        mileage_km=car.mileage_km,
        fuel=car.fuel,
        transmission=car.transmission,
        drive=car.drive,
        power_kw=car.power_kw,
        colour=car.colour.value if car.colour else None,
        doors=car.doors,
        seats=car.seats,
        owners=car.owners,
        co2_g_km=car.co2_g_km,
    )
