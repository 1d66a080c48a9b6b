"""The demo's story as it is written down: cars, shoppers, staff, and when things happened, counted back from now."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kroi.catalogue.rules import Body, CarStatus, Colour, Drive, Fuel, Transmission, Vat
from kroi.catalogue.rules.facts import Facts
from kroi.catalogue.worth.rules import Listing
from kroi.leads.rules import InquiryDraft, Interest, Source
from kroi.leads.rules.campaigns import Campaign

FOLDER = Path(__file__).parent
PICTURES = FOLDER / "pictures"
MARKET = "market.json"
PROFILE: Mapping[str, Any] = {
    "name": "Halyard Motors",
    "phone": "+353 20 910 0100",  # from the range that Ireland keeps for fiction
    "email": "hello@halyardmotors.example",
    "street": "4 Saltmarsh Road",
    "postal_code": "H00 KM24",
    "city": "Port Kilmara",
    "country": "IE",
    "time_zone": "Europe/Dublin",
    "language": "en",
    "languages": ["en", "fi", "sv"],
    "currency": "EUR",
    "opening_hours": {str(day): [["09:00", "18:00"]] for day in range(5)} | {"5": [["10:00", "16:00"]]},
}
STAFF = (  # key, name, role
    ("maeve", "Maeve Darcy", "owner"),
    ("tom", "Tom Keane", "manager"),
    ("aoife", "Aoife Brennan", "sales"),
    ("conor", "Conor Nally", "sales"),
)
BUYER = "tom"  # who puts cars on sale
VIEWS = {"front": "from the front", "rear": "from behind", "side": "from the side"}
_CHOICES = {"body": Body, "fuel": Fuel, "transmission": Transmission, "drive": Drive, "colour": Colour, "vat": Vat}
_AS_THEY_ARE = (
    *("make", "model", "trim", "model_year", "mileage_km", "power_kw", "displacement_ccm", "doors", "seats", "owners"),
    *("vin", "co2_g_km", "consumption_dl_100km"),
)


@dataclass(frozen=True)
class Calendar:
    """Moments counted back from `now` (aware), in the time zone `zone` (IANA); none of them is still to come."""

    now: datetime
    zone: str

    def on(self, days_ago: int, clock_time: time) -> datetime:
        """The moment of a day."""
        day = self.now.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=days_ago)
        return self._past(datetime.combine(day, clock_time, ZoneInfo(self.zone)))

    def ago(self, minutes: float) -> datetime:
        """So many minutes ago."""
        return self._past(self.now - timedelta(minutes=minutes))

    def hour(self, hours_ahead: int) -> datetime:
        """The full hour so many hours from now."""
        return self.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours_ahead)

    def day(self, days_ahead: int) -> date:
        """The calendar day so many days from now."""
        return self.now.astimezone(ZoneInfo(self.zone)).date() + timedelta(days=days_ahead)

    def _past(self, moment: datetime) -> datetime:
        return min(moment, self.now - timedelta(seconds=1))


@dataclass(frozen=True)
class DemoCar:
    """A car and its way through the house. Prices are pairs of days ago and whole euros, the oldest first."""

    key: str
    place: int
    """Its place among all cars, the newest first."""
    told: Mapping[str, Any]
    prices: tuple[tuple[int, int], ...]
    status: CarStatus
    days_listed: int
    days_reserved: int | None
    reserved_for_days: int
    days_sold: int | None
    pictures: tuple[str, ...]

    def facts(self, calendar: Calendar) -> Facts:
        """What staff wrote down about it."""
        told, arriving = self.told, self.told.get("arriving_in_days")
        plain: dict[str, Any] = {name: told.get(name) for name in _AS_THEY_ARE}
        choices: dict[str, Any] = {name: kind(told[name]) for name, kind in _CHOICES.items()}
        return Facts(
            **plain,
            **choices,
            first_registration=date.fromisoformat(told["first_registration"]),
            cost_cents=told["cost"] * 100,
            acquired_on=calendar.day(-self.days_listed - 5 - self.place % 9),
            featured=told.get("featured", False),
            arriving=arriving is not None,
            arriving_on=None if arriving is None else calendar.day(arriving),
            paragraphs=tuple(told["paragraphs"]),
            features=tuple(told["features"]),
            specifications=tuple((label, value) for label, value in told["specifications"]),
        )

    def listed(self, calendar: Calendar) -> datetime:
        """When it came on sale: the newest car last, also among those of one day."""
        if self.days_listed == 0:
            return calendar.ago(20 * (self.place + 1))
        return calendar.on(self.days_listed, time(8 - self.place // 60, 59 - self.place % 60))

    def alt(self, picture: str) -> str:
        """What the picture `estate-grey-front` shows, in words."""
        view = next(view for view in VIEWS if f"-{view}" in picture)
        return f"{self.told['colour'].capitalize()} {self.told['make']} {self.told['model']}, {VIEWS[view]}"


@dataclass(frozen=True)
class DemoLead:
    """What somebody asked, when, and what staff did: minutes after it, who, what, and what it takes."""

    days: int
    minutes: float
    time: time | None
    draft: InquiryDraft
    car: str | None
    source: Source
    campaign: Campaign
    seconds: int
    by: str | None
    assignee: str | None
    then: tuple[tuple[Any, ...], ...]

    def received(self, calendar: Calendar, car: DemoCar | None) -> datetime:
        """The moment it came; at night, what is counted in minutes may be before `car` stood there."""
        moment = calendar.on(self.days, self.time) if self.time else calendar.ago(self.minutes)
        return max(moment, car.listed(calendar)) if car else moment


def cars() -> list[DemoCar]:
    """The stock, the newest car first."""
    return [
        DemoCar(
            key=told["key"],
            place=place,
            told=told,
            prices=tuple((days, euros) for days, euros in told["prices"]),
            status=CarStatus(told["status"]),
            days_listed=told["days_listed"],
            days_reserved=told.get("days_reserved"),
            reserved_for_days=told.get("reserved_for_days", 0),
            days_sold=told.get("days_sold"),
            pictures=tuple(told["pictures"]),
        )
        for place, told in enumerate(_read("stock.json"))
    ]


def market() -> list[Listing]:
    """What others ask for cars like some of ours; all of it is invented."""
    return [
        Listing(each["make"], each["model"], year, km, euros * 100, Fuel(each["fuel"]), Body(each["body"]))
        for each in _read(MARKET)
        for year, km, euros in each["offers"]
    ]


def leads() -> list[DemoLead]:
    """What shoppers asked in the last thirty days, the oldest first."""
    return [
        DemoLead(
            days=told.get("days", 0),
            minutes=told.get("minutes", 0),
            time=time.fromisoformat(told["time"]) if "time" in told else None,
            draft=InquiryDraft(
                name=told["name"],
                email=told.get("email"),
                phone=told.get("phone"),
                message=told["message"],
                interest=Interest(told["interest"]),
            ),
            car=told.get("car"),
            source=Source(told["source"]),
            campaign=_campaign(told.get("campaign"), told.get("referrer")),
            seconds=told.get("seconds", 0),
            by=told.get("by"),
            assignee=told.get("assignee"),
            then=tuple(tuple(step) for step in told.get("then", ())),
        )
        for told in _read("inquiries.json")
    ]


def _campaign(words: list[str] | None, referrer: str | None) -> Campaign:
    source, medium, name = words or (None, None, None)
    return Campaign(source, medium, name, referrer)


def _read(name: str) -> Iterator[dict[str, Any]]:
    yield from json.loads((FOLDER / name).read_text(encoding="utf-8"))
