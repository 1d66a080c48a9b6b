"""Erasing a dealership: all that is its own, and nothing of anybody else's."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from kroi import cache
from kroi.core.config import Settings
from kroi.core.errors import Conflict
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules import Profile
from kroi.operations.backup.rules import Table
from kroi.operations.rows import live, tables
from kroi.operations.rows.rules import tally_of
from kroi.operations.rows.stores import Rows

Tallies = dict[tuple[int, str], Table]


@dataclass(frozen=True)
class Erased:
    """How many rows went from each table, how many files, and how many rows of others were compared."""

    tables: dict[str, int]
    files: int
    compared: int

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())


def count(settings: Settings, profile: Profile) -> dict[str, int]:
    """What there is to erase: rows by table, where there are any."""
    with live.reading(settings) as rows:
        found = {table.name: tally_of(rows.read(table, profile.id)).rows for table in tables.parents_first()}
    return {name: number for name, number in found.items() if number}


def erase(settings: Settings, profile: Profile) -> Erased:
    """Every row and file of a dealership; raises Conflict, and changes nothing, if a row of another one would change.

    Children go before their parents, also from tables that are only added to: nobody is left whom the record is about.
    """
    others = [each for each in dealerships.list_profiles() if each.id != profile.id]
    if not others:
        raise Conflict("It is the only dealership here. To be rid of it, delete the installation's database and files.")
    with live.changing(settings) as rows:
        before = _tallies(rows, others)
        with rows.unlocked():
            gone = {table.name: rows.clear(table, profile.id) for table in reversed(tables.parents_first())}
        if any(tally_of(rows.read(table, profile.id)).rows for table in tables.parents_first()):
            raise Conflict("Somebody is writing in it. Take its host name from the proxy and try again.")
        if _tallies(rows, others) != before:
            raise Conflict("A row of another dealership would have changed. Nothing was erased.")
    files = _erase_files(settings, profile.id)
    dealerships.forget_map()
    cache.forget_everything()
    return Erased(
        {name: number for name, number in gone.items() if number}, files, sum(t.rows for t in before.values())
    )


def _tallies(rows: Rows, profiles: list[Profile]) -> Tallies:
    """Rows of these dealerships and what they say."""
    return {
        (each.id, table.name): tally_of(rows.read(table, each.id))
        for each in profiles
        for table in tables.parents_first()
    }


def _erase_files(settings: Settings, dealership_id: int) -> int:
    """Pictures, files from mails, and mails that were written as files; how many."""
    folder = Path(settings.media_url) / str(dealership_id)
    found = [path for path in folder.rglob("*") if path.is_file()]
    mails = list((settings.instance / "mail").glob(f"{dealership_id}-*"))
    shutil.rmtree(folder, ignore_errors=not folder.exists())
    for path in (*mails, settings.instance / f"audit-watch-{dealership_id}.json"):
        path.unlink(missing_ok=True)
    return len(found) + len(mails)
