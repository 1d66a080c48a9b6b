"""Dealerships that were erased and come back with an old database are erased again: the ledger knows them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from kroi.core import clock, journal
from kroi.core.config import Settings
from kroi.core.errors import Refusal
from kroi.db import dialects
from kroi.db.model import db, session
from kroi.db.tenancy import across_dealerships
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.privacy import ledger
from kroi.operations.rows import tables
from kroi.operations.tenants import service

_GONE = "gone"  # a line of the ledger that has this names a dealership; those about people have not


def note(dealership_id: int) -> None:
    """Say that it was erased now, on the disk when this returns; raises OSError."""
    journal.append(ledger.path(), {"at": clock.now().isoformat(), _GONE: dealership_id})


def erase_everywhere(settings: Settings) -> tuple[list[str], list[str]]:
    """Erase again each that is there and was made before it was erased; their names, and why others could not be."""
    erased, left = [], []
    for dealership_id in _back():
        profile = dealerships.get_profile(dealership_id)
        session.remove()
        try:
            service.erase(settings, profile)
        except Refusal as refusal:
            left.append(f"{profile.name} was erased and is there again: {refusal.sentence}")
            continue
        erased.append(profile.name)
    if erased:
        dialects.wipe(db.engine, [table.name for table in tables.parents_first()], patient=True)
    return erased, left


def _back() -> list[int]:
    """Numbers may be given out again: one that was made since is another dealership."""
    noted = list(filter(None, map(_parsed, journal.read(ledger.path()))))
    with across_dealerships():
        there = {row.id: row.created_at for row in session.execute(select(Dealership.id, Dealership.created_at))}
    return sorted({number for number, at in noted if number in there and there[number] <= at})


def _parsed(said: dict[str, Any]) -> tuple[int, datetime] | None:
    try:
        return int(said[_GONE]), datetime.fromisoformat(said["at"])
    except (ValueError, TypeError, KeyError):
        return None
