"""How far the leads are, as a number that every process of this machine reads without asking the database.

A dealership's version is the id of the last line that was written into a lead's history. It stands in a file that the
workers share; who writes a line raises it after the commit. Another machine's lines are heard of by who looks (`look`).
"""

import mmap
import os
import struct
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Mapper

from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit
from kroi.leads.models import Activity, ActivityKind

_SLOT = struct.Struct("=q")
_SLOTS = 4096
"""Two dealerships that share a slot see each other's changes as their own: one look too many, and nothing shown."""


class Versions:
    """The numbers of all dealerships of this installation."""

    def __init__(self, path: Path) -> None:
        self._memory = _mapped(path)

    def get(self, dealership_id: int) -> int:
        """The version as far as this machine knows."""
        number: int = _SLOT.unpack_from(self._memory, _place(dealership_id))[0]
        return number

    def put(self, dealership_id: int, version: int) -> None:
        """Something happened, or the database says so, also when it went back in time."""
        if version != self.get(dealership_id):
            _SLOT.pack_into(self._memory, _place(dealership_id), version)


def install(app: Flask, path: Path) -> Versions:
    """Keep the versions of this application in a file."""
    found: Versions = app.extensions.setdefault("kroi.lead-versions", Versions(path))
    return found


def here() -> Versions:
    """The versions of the running application."""
    found: Versions = current_app.extensions["kroi.lead-versions"]
    return found


def current() -> int:
    """This dealership's version, without a query; 0 before anybody looked."""
    return here().get(current_dealership_id())


def look() -> int:
    """This dealership's version as the database has it."""
    newest = session.scalar(select(func.max(Activity.id))) or 0
    here().put(current_dealership_id(), newest)
    return newest


def count_new(since: int) -> int:
    """How many leads came after that version."""
    query = select(func.count(Activity.id)).where(Activity.id > since, Activity.kind == ActivityKind.RECEIVED)
    return session.scalar(query) or 0


@event.listens_for(Activity, "after_insert")
def _written(mapper: Mapper[Any], connection: Connection, line: Activity) -> None:
    """Tell everybody, once it is stored."""
    dealership_id, version = line.dealership_id, line.id
    after_commit(lambda: here().put(dealership_id, max(version, here().get(dealership_id))))


def _place(dealership_id: int) -> int:
    return dealership_id % _SLOTS * _SLOT.size


def _mapped(path: Path) -> mmap.mmap:
    size = _SLOT.size * _SLOTS
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(file).st_size != size:
            os.ftruncate(file, size)
        return mmap.mmap(file, size)
    finally:
        os.close(file)
