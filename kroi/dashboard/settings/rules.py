"""Decisions about settings: which days are still to come, and what was changed."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from kroi.dealerships.rules.places import Place

Hours = dict[str, list[list[str]]]


def to_come(special: Hours, today: date) -> Hours:
    """The days that differ from today on, in order."""
    return {day: special[day] for day in sorted(special) if date.fromisoformat(day) >= today}


def with_past(special: Hours, typed: Hours, today: date) -> Hours:
    """The days that differ as typed; those that are over stay as they were, for what was measured by them."""
    past = {day: spans for day, spans in special.items() if date.fromisoformat(day) < today}
    return dict(sorted((past | typed).items()))


def told(place: Place | None) -> dict[str, Any] | None:
    """A location as the audit tells it."""
    return asdict(place) if place else None


def numbers(typed: str) -> list[str]:
    """Stock numbers as people list them: with commas, spaces or line ends between."""
    return list(dict.fromkeys(typed.replace(",", " ").replace(";", " ").split()))


def changes(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is wanted otherwise than it is."""
    return {name: value for name, value in wanted.items() if before[name] != value}
