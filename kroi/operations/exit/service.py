"""Taking everything out, and putting it into an installation that is still empty."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from kroi import cache
from kroi.core.config import Settings
from kroi.core.errors import Conflict, Invalid
from kroi.core.version import VERSION
from kroi.dealerships.rules import Profile
from kroi.operations.backup.archive import fingerprint, unpack
from kroi.operations.backup.schema import newest
from kroi.operations.backup.service import media, put_media_back
from kroi.operations.backup.workplaces import within
from kroi.operations.exit import files, packing
from kroi.operations.exit.rules import DATABASE, Manifest
from kroi.operations.rows import live, schema, tables
from kroi.operations.rows.rules import tally_of
from kroi.operations.rows.stores import Rows


def take_out(settings: Settings, target: Path, only: Profile | None = None) -> Manifest:
    """Write everything, or all that is one dealership's, as one file; raises Conflict where one is already."""
    if target.exists():
        raise Conflict(f"{target} is there already. Name another file.")
    with within(target.parent) as folder:
        with live.reading(settings) as rows:
            found = files.write_all(rows, only.id if only else None, folder)
        parts = {path.relative_to(folder).as_posix(): path for path in _written(folder)}
        parts |= _media(settings, only)
        manifest = Manifest(
            version=VERSION,
            revision=newest(),
            dealership=only.host if only else None,
            tables=found,
            files={name: fingerprint(path) for name, path in sorted(parts.items())},
        )
        packing.pack(target, manifest, parts)
    return manifest


def _written(folder: Path) -> Iterator[Path]:
    """The files of the archive in a workplace, without its own mark."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _media(settings: Settings, only: Profile | None) -> dict[str, Path]:
    found = media(Path(settings.media_url))
    return found if only is None else {name: path for name, path in found.items() if name.split("/")[1] == str(only.id)}


def bring_in(settings: Settings, path: Path) -> Manifest:
    """Fill an installation that is still empty; raises Invalid and Conflict, and then nothing is there."""
    with within(settings.instance) as folder:
        manifest = unpack(path, folder, Manifest.load)
        if manifest.revision != newest():
            raise Conflict(f"{path.name} was made by Kroi {manifest.version}, with another schema: use that version.")
        with live.changing(settings) as rows:
            if not schema.is_untouched(rows):
                raise Conflict("This installation holds data already. An archive goes into an empty one only.")
            _fill(rows, folder / DATABASE, manifest, path.name)
            put_media_back(settings, folder, manifest.media)
    cache.forget_everything()
    return manifest


def _fill(rows: Rows, source: Path, manifest: Manifest, said: str) -> None:
    for table in reversed(tables.parents_first()):
        rows.clear(table)
    try:
        with files.opened(source) as file:
            for table in tables.parents_first():
                rows.write(table, files.read(file, table))
        rows.finish()
    except (sqlite3.Error, ValueError) as error:
        raise Invalid(f"{said} holds rows that do not fit together ({error}). Nothing was changed.") from None
    for table in tables.parents_first():
        if tally_of(rows.read(table)) != manifest.tables.get(table.name):
            raise Invalid(f"What arrived in {table.name} is not what {said} says. Nothing was changed.")
