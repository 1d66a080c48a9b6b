"""Making backups, proving them, and putting them back."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from kroi import cache
from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.errors import Conflict, Invalid
from kroi.core.version import VERSION
from kroi.operations.backup import archive, records, rules
from kroi.operations.backup.postgresql import Postgresql
from kroi.operations.backup.records import Record
from kroi.operations.backup.rules import Manifest
from kroi.operations.backup.sqlite import Sqlite
from kroi.operations.backup.stores import Scratch, Store


@dataclass(frozen=True)
class Proven:
    """A backup that was read back and is what its manifest says; `scratch` is its database, restored."""

    manifest: Manifest
    scratch: Scratch
    folder: Path


def store_for(settings: Settings) -> Store:
    """The live database of these settings, as its owner."""
    url = settings.direct_database_url or settings.database_url
    if url.startswith("sqlite"):
        return Sqlite(Path(make_url(url).database or ""))
    return Postgresql(url.replace("postgresql+psycopg:", "postgresql:", 1))


def create(settings: Settings, into: Path, *, compress: bool = True) -> Path:
    """Write a backup and prove it by reading it back; one that cannot be proven is not kept."""
    store = store_for(settings)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = clock.now()
    target = into / rules.file_name(now, store.engine, os.listdir(into))
    with _workplace(into) as folder:
        dump, facts = store.dump(folder, compress=compress)
        files = {dump.name: dump, **_media(Path(settings.media_url))}
        manifest = Manifest(
            made_at=now,
            version=VERSION,
            engine=store.engine,
            server=store.server(),
            facts=facts,
            files={name: archive.fingerprint(path) for name, path in files.items()},
        )
        archive.write(target, manifest, files)
    try:
        with proven(settings, target, into):
            records.remember(settings.instance, Record(now, target.name))
    except BaseException:
        target.unlink()
        raise
    return target


def prune(into: Path, *, keep_days: int) -> list[Path]:
    """Delete backups older than that; files that are no backups of ours stay."""
    old = [path for path in sorted(into.iterdir()) if rules.is_expired(path.name, clock.now(), keep_days)]
    for path in old:
        path.unlink()
    return old


def list_backups(folder: Path) -> list[Path]:
    """The backups in a folder, newest first."""
    found = folder.iterdir() if folder.is_dir() else iter(())
    return sorted((path for path in found if rules.made_at(path.name)), key=lambda path: path.name, reverse=True)


@contextmanager
def proven(settings: Settings, path: Path, place: Path) -> Iterator[Proven]:
    """Read a backup back: seal, files, and its database restored into scratch and compared. Raises Invalid."""
    archive.check_seal(path)
    with _workplace(place) as folder:
        manifest = archive.unpack(path, folder)
        store = store_for(settings)
        if manifest.engine != store.engine:
            raise Conflict(f"This is a backup of {manifest.engine}, and the database here is {store.engine}.")
        with store.scratch(folder / manifest.database, folder) as scratch:
            different = rules.differences(manifest.facts, scratch.facts())
            if different:
                raise Invalid(f"{path.name} does not restore to what was backed up: {'; '.join(different[:5])}.")
            yield Proven(manifest, scratch, folder)


def check_may_replace(settings: Settings, *, drop_database: bool) -> None:
    """Raises Conflict when the live database holds tables that nobody allowed us to drop."""
    if not drop_database and not store_for(settings).is_empty():
        raise Conflict("The database here is not empty. With --drop-database it is replaced.")


def put_back(settings: Settings, found: Proven) -> None:
    """Replace the live database by a proven backup's. Photos are added first: their names are their content."""
    for name in found.manifest.media:
        _put_photo(found.folder / name, Path(settings.media_url) / name.removeprefix("media/"))
    found.scratch.take_over()
    cache.forget_everything()
    different = rules.differences(found.manifest.facts, store_for(settings).facts())
    if different:
        raise Invalid(f"The restored database is not what was backed up: {'; '.join(different[:5])}.")


def _put_photo(source: Path, target: Path) -> None:
    if target.is_file() and archive.fingerprint(target) == archive.fingerprint(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, draft)
    draft.chmod(0o644)
    draft.replace(target)


def _media(root: Path) -> dict[str, Path]:
    """Photos by their names in a backup; half-written ones begin with a dot."""
    if not root.is_dir():
        return {}
    found = (path for path in sorted(root.glob("*/*")) if path.is_file() and not path.name.startswith("."))
    return {f"media/{path.relative_to(root).as_posix()}": path for path in found}


@contextmanager
def _workplace(near: Path) -> Iterator[Path]:
    """A folder for scratch work on the same disk as the backups, for the owner's eyes only."""
    near.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=near, prefix=".scratch-") as folder:
        yield Path(folder)
