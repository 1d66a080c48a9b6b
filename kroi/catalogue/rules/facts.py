"""What staff write down about a car in the editor: all of it but its price, status, photos and numbers."""

import hashlib
from dataclasses import dataclass, fields
from datetime import date

from kroi.catalogue.rules.values import Body, Colour, Condition, Drive, Fuel, Transmission, Vat


@dataclass(frozen=True)
class Facts:
    """The facts of one car. Unknown is `None`; km, kW, ccm, cents, dl per 100 km; specifications are pairs."""

    make: str
    model: str
    trim: str = ""
    body: Body | None = None
    model_year: int | None = None
    first_registration: date | None = None
    vat: Vat | None = None
    cost_cents: int | None = None
    acquired_on: date | None = None
    mileage_km: int | None = None
    fuel: Fuel | None = None
    transmission: Transmission | None = None
    drive: Drive | None = None
    power_kw: int | None = None
    displacement_ccm: int | None = None
    colour: Colour | None = None
    doors: int | None = None
    seats: int | None = None
    owners: int | None = None
    vin: str | None = None
    plate: str | None = None
    co2_g_km: int | None = None
    consumption_dl_100km: int | None = None
    condition: Condition = Condition.USED
    category: str | None = None
    featured: bool = False
    arriving: bool = False
    arriving_on: date | None = None
    paragraphs: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    specifications: tuple[tuple[str, str], ...] = ()


NAMES = tuple(field.name for field in fields(Facts))
LONG = frozenset({"paragraphs", "features", "specifications"})  # too long for a line of history


def version(facts: Facts, price_cents: int) -> str:
    """A mark of how the car stood when somebody began to edit it."""
    return hashlib.sha256(repr((facts, price_cents)).encode()).hexdigest()[:16]


def differences(before: Facts, after: Facts) -> tuple[str, ...]:
    """The names of the facts that are not the same."""
    return tuple(name for name in NAMES if getattr(before, name) != getattr(after, name))
