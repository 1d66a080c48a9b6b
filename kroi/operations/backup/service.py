"""Making backups, proving them, and putting them back."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import make_url

from kroi import cache
from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.errors import Conflict, Invalid, NotFound
from kroi.core.version import VERSION
from kroi.operations.backup import archive, keys, places, records, rules
from kroi.operations.backup.keys import Keys
from kroi.operations.backup.physical.rules import Base
from kroi.operations.backup.places import Place
from kroi.operations.backup.postgresql import Postgresql
from kroi.operations.backup.records import Record, Trial
from kroi.operations.backup.rules import REVISION, Manifest
from kroi.operations.backup.sqlite import Sqlite
from kroi.operations.backup.stores import Scratch, Store
from kroi.operations.backup.workplaces import within

Whole = TypeVar("Whole", Manifest, Base)


class NotNamed(NotFound):
    """Whoever asked named a backup that there is not."""


@dataclass(frozen=True)
class Stored:
    """A backup that was just made: where it is, how many bytes it has, and what it says about itself."""

    place: str
    name: str
    bytes: int
    manifest: Manifest

    def __str__(self) -> str:
        return f"{self.place}/{self.name}"


@dataclass(frozen=True)
class Proven:
    """A backup that was read back and is what its manifest says; `scratch` is its database, restored."""

    manifest: Manifest
    scratch: Scratch
    folder: Path


def store_for(settings: Settings) -> Store:
    """The live database of these settings, as its owner."""
    url = owner_url(settings)
    if url.startswith("sqlite"):
        return Sqlite(Path(make_url(url).database or ""))
    return Postgresql(url)


def owner_url(settings: Settings) -> str:
    """The address of the live database for its owner, as PostgreSQL's own programs read it."""
    url = settings.direct_database_url or settings.database_url
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def keys_for(settings: Settings) -> Keys | None:
    """What backups are encrypted with, if anything; raises Invalid and OSError."""
    return keys.load(Path(settings.backup_key_file) if settings.backup_key_file else None)


def create(settings: Settings, into: str | Path, *, compress: bool = True, schema_only: bool = False) -> Stored:
    """Write a backup and prove it by reading it back; one that cannot be proven is not kept.

    Raises Conflict while another one is being made.
    """
    with alone(settings.instance):
        try:
            return _create(settings, places.at(into), compress=compress, schema_only=schema_only)
        except BaseException as error:
            records.note_failure(settings.instance, clock.now(), error)
            raise


def _create(settings: Settings, place: Place, *, compress: bool, schema_only: bool) -> Stored:
    store, now, locks = store_for(settings), clock.now(), keys_for(settings)
    with workplace(place, settings.instance) as folder:
        dump, facts = store.dump(folder, compress=compress, schema_only=schema_only)
        pictures = {} if schema_only else media(Path(settings.media_url))
        own = {dump.name: archive.fingerprint(dump)}
        plain = Manifest(now, VERSION, store.engine, store.server(), facts, own, schema_only)
        name = rules.file_name(now, store.engine, place.sizes(), schema_only=schema_only)
        manifest = write_with(pictures, folder / name, plain, {dump.name: dump})
        dump.unlink()
        with _proven(settings, folder / name, folder):
            pass
        final = locked(folder / name, locks)
        if not place.put(final.name, final):
            raise Conflict(f"There is a {final.name} in {place.address} already. Try again.")
        stored = Stored(place.address, final.name, final.stat().st_size, manifest)
    if not schema_only:
        records.remember(settings.instance, Record(now, stored.name))
    return stored


def write_with(pictures: Mapping[str, Path], target: Path, said: Whole, files: Mapping[str, Path]) -> Whole:
    """Write these files with the pictures; what it says of itself then. A picture that goes meanwhile is not in it."""
    while True:
        there = {name: path for name, path in pictures.items() if path.is_file()}
        try:
            prints = {name: archive.fingerprint(path) for name, path in there.items()}
            full = replace(said, files={**said.files, **prints})
            archive.write(target, full, {**files, **there})
            return full
        except FileNotFoundError:
            if all(path.is_file() for path in there.values()):
                raise


def locked(path: Path, locks: Keys | None) -> Path:
    """The file encrypted, where there are keys to do it with; the plain one is gone then."""
    if locks is None:
        return path
    target = path.with_name(path.name + rules.LOCKED)
    with path.open("rb") as plain, open(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        keys.lock(locks, plain, file)
        file.flush()
        os.fsync(file.fileno())
    if locks.can_read:
        with target.open("rb") as file, path.with_name("reread").open("wb") as plain:
            keys.unlock(locks, file, plain, name=target.name)
        archive.check_seal(path.with_name("reread"))
        path.with_name("reread").unlink()
    path.unlink()
    return target


def unlocked(settings: Settings, path: Path, folder: Path) -> Path:
    """The file as it was before it was encrypted; raises Invalid when we have not the key, or it is damaged."""
    if not path.name.endswith(rules.LOCKED):
        return path
    target = folder / path.name.removesuffix(rules.LOCKED)
    with path.open("rb") as file, target.open("wb") as plain:
        keys.unlock(keys_for(settings), file, plain, name=path.name)
    return target


def prune(into: str | Path, *, keep_days: int) -> list[str]:
    """Delete backups older than that; the newest that holds rows stays, and files that are no backups of ours."""
    place, now = places.at(into), clock.now()
    names = place.sizes()
    last = rules.newest(names, now)
    old = [name for name in names if name != last and rules.is_expired(name, now, timedelta(days=keep_days))]
    for name in old:
        place.delete(name)
    return old


@contextmanager
def found(settings: Settings, where: str | Path, named: str | None) -> Iterator[Path]:
    """A backup on this disk: a path, or a name in the place, or the newest there. Raises NotFound, or NotNamed."""
    if named and not places.is_bucket(named) and Path(named).is_file():
        yield Path(named)
        return
    if named and places.is_bucket(named):
        where, _slash, named = named.rpartition("/")
    place = places.at(where)
    name = named or rules.newest(place.sizes(), clock.now())
    if name is None:
        raise NotFound(f"There are no backups in {place.address}.")
    if not rules.made_at(name):
        raise NotNamed(f"There is no backup {name} here. See flask ops list.")
    with workplace(place, settings.instance) as folder:
        try:
            path = place.fetch(name, folder)
        except NotFound:
            raise NotNamed(f"There is no backup {name} in {place.address}. See flask ops list.") from None
        yield path


@contextmanager
def proven(settings: Settings, path: Path, place: Path) -> Iterator[Proven]:
    """Read a backup back: seal, files, and its database restored into scratch and compared. Raises Invalid."""
    with within(place) as folder, _proven(settings, unlocked(settings, path, folder), folder) as proof:
        yield proof


@contextmanager
def _proven(settings: Settings, path: Path, near: Path) -> Iterator[Proven]:
    began = time.monotonic()
    archive.check_seal(path)
    folder = near / "unpacked"
    try:
        manifest = archive.unpack(path, folder, Manifest.load)
        store = store_for(settings)
        if manifest.engine != store.engine:
            raise Conflict(f"This is a backup of {manifest.engine}, and the database here is {store.engine}.")
        with store.scratch(folder / manifest.database, folder) as scratch:
            different = rules.differences(manifest.facts, scratch.facts())
            if different:
                raise Invalid(f"{path.name} does not restore to what was backed up: {'; '.join(different[:5])}.")
            took = round(time.monotonic() - began, 3)
            records.note_trial(settings.instance, Trial(clock.now(), path.name, took, manifest.facts.rows))
            yield Proven(manifest, scratch, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_may_replace(settings: Settings, *, drop_database: bool) -> None:
    """Raises Conflict when the live database holds tables that nobody allowed us to drop."""
    if not drop_database and not store_for(settings).is_empty():
        raise Conflict("The database here is not empty. With --drop-database it is replaced.")


def put_back(settings: Settings, found: Proven) -> None:
    """Replace the live database by a proven backup's. Photos are added first: their names are their content.

    Rows were compared in scratch. Afterwards they are not: who serves meanwhile writes from the first moment on.
    """
    put_media_back(settings, found.folder, found.manifest.media)
    found.scratch.take_over()
    cache.forget_everything()
    wanted, live = (rules.emptied(each, but=REVISION) for each in (found.manifest.facts, store_for(settings).facts()))
    different = rules.differences(wanted, live)
    if different:
        raise Invalid(f"The restored database is not what was backed up: {'; '.join(different[:5])}.")


def put_media_back(settings: Settings, folder: Path, names: list[str]) -> None:
    """Add the pictures that are missing; `names` are their places in the folder."""
    for name in names:
        _put_photo(folder / name, Path(settings.media_url) / name.removeprefix("media/"))


def _put_photo(source: Path, target: Path) -> None:
    if target.is_file() and archive.fingerprint(target) == archive.fingerprint(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, draft)
    draft.chmod(0o644)
    draft.replace(target)


def media(root: Path) -> dict[str, Path]:
    """Photos by their names in a backup; half-written ones begin with a dot."""
    return {name: path for name, path in _among_photos(root).items() if rules.is_member(name)}


def strangers(root: Path) -> list[Path]:
    """Files among the photos whose names are none that Kroi gives: no backup holds them."""
    return [path for name, path in _among_photos(root).items() if not rules.is_member(name)]


def _among_photos(root: Path) -> dict[str, Path]:
    found = sorted(root.glob("*/*")) if root.is_dir() else []
    return {
        f"media/{path.relative_to(root).as_posix()}": path
        for path in found
        if path.is_file() and not path.name.startswith(".")
    }


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """One backup at a time; raises Conflict while another is being made."""
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "backup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict("A backup is being made already. Wait for it, then try again.") from None
        yield


@contextmanager
def workplace(place: Place, instance: Path) -> Iterator[Path]:
    """A folder for scratch work, on the disk of the backups where they are on one."""
    with within(place.root if isinstance(place, places.Folder) else instance) as folder:
        yield folder
