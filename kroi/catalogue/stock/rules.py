"""What staff may ask of the stock list, and what a car lacks."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self

from kroi.catalogue.rules import ON_SALE, SOLD, CarStatus

PER_PAGE = 25
_PLACE = re.compile(  # cents or a moment of UTC, and an id: no more digits than the columns hold
    r"(?:(?P<cents>[0-9]{1,19})|(?P<moment>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}\+00:00))~(?P<id>[0-9]{1,18})"
)
TOO_LONG = 90  # days on sale from which somebody should do something
MOST_SHOWN = 2  # faults in a row of the list


QUIET = 30  # days without an inquiry from which a car on sale is said to be quiet


@dataclass(frozen=True)
class Interest:
    """What shoppers made of a car: views of its page in seven days, inquiries ever, and when the last one came."""

    views: int = 0
    inquiries: int = 0
    last_at: datetime | None = None

    def is_quiet(self, since: datetime, now: datetime) -> bool:
        """Has nobody asked for so long, though it has been on sale `since` then?"""
        return (now - max(since, self.last_at or since)).days >= QUIET


class Tab(enum.StrEnum):
    """One view of the stock."""

    ON_SALE = "on_sale"
    RESERVED = "reserved"
    DRAFT = "draft"
    SOLD = "sold"
    WITHDRAWN = "withdrawn"


STATUSES: dict[Tab, tuple[CarStatus, ...]] = {
    Tab.ON_SALE: ON_SALE,
    Tab.RESERVED: (CarStatus.RESERVED,),
    Tab.DRAFT: (CarStatus.DRAFT,),
    Tab.SOLD: SOLD,
    Tab.WITHDRAWN: (CarStatus.WITHDRAWN,),
}


class Order(enum.StrEnum):
    """The order of the list, by its name in addresses."""

    LONGEST = "days"
    NEWEST = "-days"
    CHEAPEST = "price"
    DEAREST = "-price"

    @property
    def falls(self) -> bool:
        """From large to small?"""
        return self in (Order.NEWEST, Order.DEAREST)

    @property
    def by_price(self) -> bool:
        """By price, or else by the day the car came?"""
        return self in (Order.CHEAPEST, Order.DEAREST)


class Fault(enum.StrEnum):
    """Something that a car on offer should have and has not."""

    PHOTOS = "photos"
    PRICE = "price"
    VIN = "vin"
    MILEAGE = "mileage"
    YEAR = "year"


class Offered(Protocol):
    """What faults are looked for in."""

    @property
    def photo_count(self) -> int:
        """How many photos it has."""

    @property
    def price_cents(self) -> int:
        """0 on request."""

    @property
    def vin(self) -> str | None:
        """Its number by the maker."""

    @property
    def mileage_km(self) -> int | None:
        """How far it went."""

    @property
    def model_year(self) -> int | None:
        """When it was made."""


def faults(car: Offered) -> tuple[Fault, ...]:
    """What the car lacks, the worst first."""
    lacks = {
        Fault.PHOTOS: not car.photo_count,
        Fault.PRICE: not car.price_cents,
        Fault.VIN: not car.vin,
        Fault.MILEAGE: car.mileage_km is None,
        Fault.YEAR: car.model_year is None,
    }
    return tuple(fault for fault, lacking in lacks.items() if lacking)


def _is_moment(said: str) -> bool:
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins or ends: a value of its order, and the car's id."""

    value: str
    car_id: int

    @classmethod
    def read(cls, said: str, order: Order) -> Self | None:
        """The place that an address names, or `None` if it names none in this order."""
        found = _PLACE.fullmatch(said)
        value = found["cents" if order.by_price else "moment"] if found else None
        if found is None or value is None:
            return None
        fits = int(value) < 2**63 if order.by_price else _is_moment(value)
        return cls(value, int(found["id"])) if fits else None

    def __str__(self) -> str:
        return f"{self.value}~{self.car_id}"


@dataclass(frozen=True)
class StockFilter:
    """What of the stock to show; `after` and `before` are where the neighbouring pages end."""

    tab: Tab = Tab.ON_SALE
    words: str = ""
    faulty: bool = False
    order: Order = Order.LONGEST
    after: Place | None = None
    before: Place | None = None

    @classmethod
    def from_address(cls, args: Mapping[str, str]) -> Self:
        """The filter that an address says; what it does not understand is ignored."""
        order = Order(args["sort"]) if args.get("sort") in list(Order) else Order.LONGEST
        tab = Tab(args["status"]) if args.get("status") in list(Tab) else Tab.ON_SALE
        return cls(
            tab=tab,
            words=args.get("q", "").replace("\x00", "").strip()[:100],
            faulty=bool(args.get("faults")),
            order=order,
            after=Place.read(args.get("after", ""), order),
            before=Place.read(args.get("before", ""), order),
        )

    def address(self, **changes: object) -> dict[str, str]:
        """The parameters of this filter with `changes`, from its first page on unless they say a place."""
        asked = replace(self, **{"after": None, "before": None, **changes})  # type: ignore[arg-type]  # by field
        said = {
            "status": "" if asked.tab is Tab.ON_SALE else asked.tab.value,
            "q": asked.words,
            "faults": "1" if asked.faulty else "",
            "sort": "" if asked.order is Order.LONGEST else asked.order.value,
            "after": str(asked.after or ""),
            "before": str(asked.before or ""),
        }
        return {name: value for name, value in said.items() if value}
