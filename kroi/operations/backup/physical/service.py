"""Base backups: making them, dropping those that nobody needs, and going back to a moment."""

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.errors import Conflict, Invalid
from kroi.core.version import VERSION
from kroi.operations.backup import archive, places, records, service
from kroi.operations.backup import rules as backups
from kroi.operations.backup.physical import bases, cluster, recovery, rules
from kroi.operations.backup.physical.bases import Parent
from kroi.operations.backup.physical.rules import Base
from kroi.operations.backup.places import Place
from kroi.operations.backup.postgresql import Postgresql
from kroi.operations.backup.records import Record
from kroi.operations.backup.rules import Manifest
from kroi.operations.backup.schema import check_known
from kroi.operations.backup.service import Proven

_ARCHIVING = 60.0  # seconds to wait for the server to archive what it just closed


@dataclass(frozen=True)
class Copied:
    """A base backup that was just made; `why` says why it is a full one, where nobody asked for that."""

    name: str
    bytes: int
    base: Base
    why: str


def create(settings: Settings, where: str | Path, *, full: bool = False, compress: bool = True) -> Copied:
    """Copy the server's files, or what changed of them, and prove the copy: by our checksums and PostgreSQL's own."""
    conninfo = _postgresql(settings)
    with service.alone(settings.instance):
        try:
            return _create(settings, conninfo, places.at(where), full=full, compress=compress)
        except BaseException as error:
            records.note_failure(settings.instance, clock.now(), error, records.BASE)
            raise


def _create(settings: Settings, conninfo: str, place: Place, *, full: bool, compress: bool) -> Copied:
    server, now, locks = bases.ask(conninfo), clock.now(), service.keys_for(settings)
    parent, why = (None, "") if full else _parent(settings.instance, place, server, now)
    with service.workplace(place, settings.instance) as folder:
        files = bases.copy(conninfo, server, folder / "copy", parent=parent, compress=compress)
        base = bases.describe(server, files, conninfo, began_at=now, parent=parent)
        known = parent.media if parent else frozenset()
        media = {name: path for name, path in service.media(Path(settings.media_url)).items() if name not in known}
        name = rules.file_name(base)
        draft = folder / Path(name).name
        base = service.write_with(media, draft, base, files)
        recovery.unpack(draft, folder / "proof")
        final = service.locked(draft, locks)
        name = rules.BASES + final.name
        if not place.put(name, final):
            raise Conflict(f"There is a {name} in {place.address} already. Try again.")
        seen = {*known, *(media.keys() & base.files.keys())}
        bases.remember(settings.instance, base, name, files["backup_manifest"], seen)
        records.remember(settings.instance, Record(now, name), records.BASE)
        return Copied(name, final.stat().st_size, base, why)


def _parent(instance: Path, place: Place, server: bases.Server, now: datetime) -> tuple[Parent | None, str]:
    """What the next one can add to, the newest that is kept if this machine made it; or why that is none."""
    names = sorted(filter(rules.began_at, place.sizes(rules.BASES)))
    found = bases.find_parent(instance)
    parent = found if found and names and names[-1] == found.name else None
    full_at = rules.began_at(max(filter(rules.is_full, names), default=""))
    why = bases.why_full(server, parent, full_at, now)
    return (None, why) if why else (parent, "")


def check(settings: Settings, where: str | Path, name: str) -> Base:
    """Prove one base backup; raises Refusals."""
    place = places.at(where)
    with service.workplace(place, settings.instance) as folder:
        return recovery.unpack(service.unlocked(settings, place.fetch(name, folder), folder), folder)


def prune(where: str | Path, *, keep_days: int) -> list[str]:
    """Delete base backups, and files of the log, that no moment of the last days needs; their names."""
    place = places.at(where)
    names = sorted(filter(rules.began_at, place.sizes(rules.BASES)))
    old = rules.expired(names, clock.now(), timedelta(days=keep_days))
    kept = [name for name in names if name not in old]
    if kept:
        first = min(map(rules.first_wal, kept), key=lambda each: each[8:])
        log = (each.removeprefix(rules.WAL) for each in place.sizes(rules.WAL))
        old += [rules.WAL + each for each in rules.needless(log, first)]
    for name in old:
        place.delete(name)
    return old


def warnings(settings: Settings) -> list[str]:
    """What keeps base backups from reaching every moment, in sentences."""
    archives, _last, failed = bases.archiver(_postgresql(settings))
    if not archives:
        return ["archive_mode is off: without its log a base backup brings back its own moment alone."]
    return [f"PostgreSQL tried {failed} times to archive its log, and the last try failed."] if failed else []


def check_may_recover(settings: Settings) -> None:
    """Raises Conflict where going back to a moment is impossible whatever the backups hold: before hours are spent."""
    _postgresql(settings)
    cluster.check_not_root()


@contextmanager
def recovered(settings: Settings, where: str | Path, moment: datetime) -> Iterator[Proven]:
    """The database as it was at the moment, proven, restored beside the live one, which is not touched."""
    conninfo, place = _postgresql(settings), places.at(where)
    live = Postgresql(conninfo)
    _finish_log(conninfo, moment)
    with service.workplace(place, settings.instance) as folder:
        base, media = recovery.assemble(settings, place, moment, folder)
        with cluster.recovered(folder / "data", base, moment, _environment(settings, place)) as address:
            dump, facts = Postgresql(address).dump(folder, compress=False)
        files = {name: archive.fingerprint(folder / name) for name in (dump.name, *media)}
        with live.scratch(dump, folder) as scratch:
            different = backups.differences(facts, scratch.facts())
            if different:
                raise Invalid(f"The recovered database does not restore to itself: {'; '.join(different[:5])}.")
            yield Proven(Manifest(moment, VERSION, live.engine, base.server, facts, files), scratch, folder)


def leave(settings: Settings, where: str | Path, moment: datetime, into: Path) -> Manifest:
    """Leave the whole server as it was at the moment in a folder, ready to start. The live one need not even run."""
    place = places.at(where)
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Conflict(f"{into} is not empty.")
    with contextlib.suppress(psycopg.OperationalError):  # it may be dead: that may be why somebody is here
        _finish_log(_postgresql(settings), moment)
    into.parent.mkdir(parents=True, exist_ok=True)
    with service.workplace(places.Folder(into.parent), settings.instance) as folder:
        base, media = recovery.assemble(settings, place, moment, folder)
        with cluster.recovered(folder / "data", base, moment, _environment(settings, place)) as address:
            facts = Postgresql(address).facts()
        check_known(facts.revision)
        service.put_media_back(settings, folder, media)
        if into.exists():
            into.rmdir()
        (folder / "data").rename(into)
        files = {name: base.files.get(name, backups.File(0, "")) for name in media}
        return Manifest(moment, VERSION, "postgresql", base.server, facts, files)


def _postgresql(settings: Settings) -> str:
    conninfo = service.owner_url(settings)
    if conninfo.startswith("sqlite"):
        raise Conflict("Only PostgreSQL can do that. SQLite goes back to its backups: see flask ops list.")
    return conninfo


def _finish_log(conninfo: str, moment: datetime) -> None:
    """Have the live server archive all that it wrote until now: the moment may be of a minute ago."""
    if moment > clock.now():
        raise Conflict(f"{moment.isoformat()} is still to come.")
    archives, _last, _failed = bases.archiver(conninfo)
    name = bases.finish_log(conninfo) if archives else ""
    end = time.monotonic() + _ARCHIVING
    while name and time.monotonic() < end:
        _archives, last, failed = bases.archiver(conninfo)
        if last[8:24] >= name[8:24] or failed:
            return
        time.sleep(0.1)


def _environment(settings: Settings, place: Place) -> dict[str, str]:
    """What the server's call for its log needs to know."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {
        "BACKUP_URL": str(Path(place.address).resolve()) if isinstance(place, places.Folder) else place.address,
        "BACKUP_KEY_FILE": str(Path(settings.backup_key_file).resolve()) if settings.backup_key_file else "",
        "LC_ALL": "C",
    }
