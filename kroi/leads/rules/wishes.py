"""What an inquiry asks for beyond its words: a time, an own car, a credit, a call, another car."""

import enum
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime


class Condition(enum.StrEnum):
    """How a shopper finds their own car."""

    LIKE_NEW = "like_new"
    GOOD = "good"
    WORN = "worn"
    BROKEN = "broken"


class CallTime(enum.StrEnum):
    """When somebody likes to be called."""

    SOON = "soon"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True)
class OwnPhoto:
    """A photo of the shopper's own car whose pictures lie in the private store; original size in pixels."""

    digest: str
    width: int
    height: int


@dataclass(frozen=True)
class OwnCar:
    """What a shopper says of the car that they would give in part exchange; mileage in km."""

    make: str = ""
    model: str = ""
    year: int | None = None
    mileage_km: int | None = None
    plate: str = ""
    condition: Condition | None = None
    photos: tuple[OwnPhoto, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What an inquiry asks for beyond its words. Money in cents; `slot` is when a test drive would begin (UTC)."""

    slot: datetime | None = None
    own_car: OwnCar = OwnCar()
    down_cents: int | None = None
    months: int | None = None
    call_time: CallTime | None = None
    looking_for: str = ""
    most_cents: int | None = None

    def said(self) -> str:
        """Digest of all of it, by which two wishes compare; empty when nothing is asked for."""
        if self == Wish():
            return ""
        own = self.own_car
        words = [
            self.slot.isoformat() if self.slot else None,
            [own.make, own.model, own.year, own.mileage_km, own.plate, own.condition],
            [photo.digest for photo in own.photos],
            [self.down_cents, self.months, self.call_time, self.looking_for, self.most_cents],
        ]
        return hashlib.sha256(json.dumps(words).encode("ascii")).hexdigest()
