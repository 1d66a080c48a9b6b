"""Decisions about erasing: for which reasons, until when, and what of a moment may stay in the statistics."""

import calendar
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

_QUARTER = 15  # minutes


class Why(enum.StrEnum):
    """Why somebody is erased."""

    ASKED = "asked"
    """They asked for it."""
    OWNER = "owner"
    """The owner decided so."""
    RETENTION = "retention"
    """The time for which we keep such inquiries is over."""
    RESTORED = "restored"
    """They were erased before, and a backup brought them back."""


@dataclass(frozen=True)
class Erased:
    """Numbers of the people and leads that are gone, and how many rows went, by table."""

    person_ids: tuple[int, ...] = ()
    lead_ids: tuple[int, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Erased") -> "Erased":
        tables = dict.fromkeys([*self.rows, *other.rows])
        rows = {table: self.rows.get(table, 0) + other.rows.get(table, 0) for table in tables}
        return Erased(self.person_ids + other.person_ids, self.lead_ids + other.lead_ids, rows)


def due_on(asked_on: date) -> date:
    """By when somebody who asked that day is erased: within one month, as the law says (GDPR, article 12)."""
    year, month = (asked_on.year, asked_on.month + 1) if asked_on.month < 12 else (asked_on.year + 1, 1)
    return date(year, month, min(asked_on.day, calendar.monthrange(year, month)[1]))


def blurred(at: datetime) -> datetime:
    """The quarter of an hour in which something was: in every zone it is the same day, and no log knows it again."""
    return at.replace(minute=at.minute - at.minute % _QUARTER, second=0, microsecond=0)
