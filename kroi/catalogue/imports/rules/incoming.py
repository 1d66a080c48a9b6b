"""What a row of a file comes to: a car as Kroi would store it, or the sentence why not."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from kroi.catalogue.imports.rules.tables import Picture
from kroi.catalogue.rules import Body, CarStatus, Colour, Condition, Drive, Fuel, Transmission, Vat

_NOT_FACTS = frozenset(("photos", "stock_number", "source_id"))


@dataclass(frozen=True, kw_only=True)
class IncomingCar:
    """A car as its row describes it: km, kW, ccm, cents of the dealership's money. `None` is not said."""

    make: str
    model: str
    trim: str | None = None
    body: Body | None = None
    model_year: int | None = None
    first_registration: date | None = None
    price_cents: int | None = None
    cost_cents: int | None = None
    vat: Vat | None = None
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
    condition: Condition | None = None
    status: CarStatus | None = None
    arriving: bool | None = None
    category: str | None = None
    featured: bool | None = None
    paragraphs: tuple[str, ...] | None = None
    features: tuple[str, ...] | None = None
    specifications: tuple[tuple[str, str], ...] | None = None
    acquired_on: date | None = None
    location: str | None = None
    """The name of the place where it stands, of a dealership that has several."""
    stock_number: str | None = None
    source_id: str | None = None
    photos: tuple[Picture, ...] = ()

    def facts(self) -> dict[str, Any]:
        """What the row says about the car, by the name of its column in the stock."""
        values = ((each, getattr(self, each)) for each in _FACTS)
        return {name: value for name, value in values if value is not None}


_FACTS = tuple(each.name for each in fields(IncomingCar) if each.name not in _NOT_FACTS)


@dataclass(frozen=True)
class Row:
    """One row of the file, counted from 1 below the header: the car that it is, and why it may not enter."""

    number: int
    car: IncomingCar | None
    """Also of some refused rows: the file still holds the car."""
    refusal: str | None
    notes: tuple[str, ...]
    fingerprint: str
