"""Making a base backup: a copy of a running server's files, whole or what changed since the one before."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from kroi.core.errors import Conflict, Invalid
from kroi.core.version import VERSION
from kroi.operations.backup import archive, programs
from kroi.operations.backup.measuring import Connection
from kroi.operations.backup.physical import rules
from kroi.operations.backup.physical.rules import Base
from kroi.operations.backup.postgresql import connect

# A server that replays the log refuses to start with less of these than the one that wrote it had.
_NEEDS = ("max_connections", "max_worker_processes", "max_wal_senders", "max_prepared_transactions",
          "max_locks_per_transaction")  # fmt: skip
_INCREMENTS_FROM = 17  # the first major version that can


@dataclass(frozen=True)
class Server:
    """What must be known of the server before its files are copied."""

    version: int
    system: str
    database: str
    user: str
    segment_bytes: int
    summarizes: bool
    needs: dict[str, int]

    @property
    def major(self) -> int:
        """Its major version."""
        return self.version // 10_000


@dataclass(frozen=True)
class Parent:
    """The backup before: its name, the pictures in it and in those before it, PostgreSQL's own list of its files."""

    name: str
    system: str
    media: frozenset[str]
    listed: Path


def ask(conninfo: str) -> Server:
    """Look at the server; raises Conflict when its user may not copy it, or its files lie in several places."""
    with connect(conninfo) as connection:
        if not _one(connection, "SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user"):
            user = connection.info.user
            raise Conflict(f'The database\'s user may not copy the server: ALTER ROLE "{user}" REPLICATION.')
        if _one(connection, "SELECT count(*) FROM pg_tablespace WHERE spcname NOT LIKE 'pg\\_%'"):
            raise Conflict("The server keeps files in tablespaces of their own: base backups do not know those.")
        values: dict[str, str] = dict(connection.execute("SELECT name, setting FROM pg_settings"))
        return Server(
            connection.info.server_version,
            str(_one(connection, "SELECT system_identifier::text FROM pg_control_system()")),
            connection.info.dbname,
            connection.info.user,
            int(values["wal_segment_size"]),
            values.get("summarize_wal") == "on",
            {name: int(values[name]) for name in _NEEDS},
        )


def why_full(server: Server, parent: Parent | None, full_at: datetime | None, now: datetime) -> str:
    """Why the next one must be a full one, in words; empty when an increment will do."""
    if server.major < _INCREMENTS_FROM:
        return f"PostgreSQL {server.major} cannot copy changes alone"
    if not server.summarizes:
        return "summarize_wal is off"
    if parent is None or full_at is None or parent.system != server.system:
        return "there is none of this server to add to"
    return "the last full one is a week old" if now - full_at >= rules.FULL_EVERY else ""


def copy(conninfo: str, server: Server, folder: Path, *, parent: Parent | None, compress: bool) -> dict[str, Path]:
    """Have the server write its files into the folder; raises Invalid with its words."""
    options = ["--format=tar", "--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-sync",
               "--label=kroi", f"--pgdata={folder}"]  # fmt: skip
    options.append(f"--compress={'client-gzip:3' if compress else 'none'}")
    if parent is not None:
        options.append(f"--incremental={parent.listed}")
    programs.run("pg_basebackup", server.major, conninfo, *options)
    return {path.name: path for path in sorted(folder.iterdir())}


def describe(
    server: Server, files: dict[str, Path], conninfo: str, *, began_at: datetime, parent: Parent | None
) -> Base:
    """What a finished copy says about itself. Its times are the server's own: moments to recover to are, too."""
    said = json.loads(files["backup_manifest"].read_bytes())["WAL-Ranges"][0]
    with connect(conninfo) as connection:
        ended_at = _one(connection, "SELECT clock_timestamp()")
    assert isinstance(ended_at, datetime)
    return Base(
        began_at=began_at,
        ended_at=ended_at,
        version=VERSION,
        server=f"{server.major}.{server.version % 10_000}",
        system=server.system,
        database=server.database,
        user=server.user,
        parent=parent.name if parent else None,
        first_wal=rules.segment(said["Timeline"], said["Start-LSN"], server.segment_bytes),
        needs=server.needs,
        files={name: archive.fingerprint(path) for name, path in files.items()},
    )


def find_parent(instance: Path) -> Parent | None:
    """What the last base backup left here, so that the next one can add to it; `None` when that cannot be read."""
    try:
        said = json.loads((_kept(instance) / "parent.json").read_text(encoding="utf-8"))
        media = frozenset(map(str, said["media"]))
        found = Parent(str(said["name"]), str(said["system"]), media, _kept(instance) / "backup_manifest")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.listed.is_file() and archive.fingerprint(found.listed).sha256 == said["sha256"] else None


def remember(instance: Path, base: Base, name: str, listed: Path, media: Iterable[str]) -> None:
    """Leave what the next one needs; a note that does not fit its list is as good as none."""
    folder = _kept(instance)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(listed, folder / ".list")
    (folder / ".list").replace(folder / "backup_manifest")
    digest = base.files["backup_manifest"].sha256
    said = {"name": name, "system": base.system, "sha256": digest, "media": sorted(media)}
    (folder / ".note").write_text(json.dumps(said), encoding="utf-8")
    (folder / ".note").replace(folder / "parent.json")


def finish_log(conninfo: str) -> str:
    """Have the server close the file of the log that it writes to, so that it is archived; that file's name.

    A transaction of our own goes before: recovery to a moment ends at the first one after it. Who may not close the
    file fills it: that right would stand in dumps, which whoever has it could not restore.
    """
    with connect(conninfo) as connection:
        connection.execute("SELECT pg_current_xact_id()")
        name = str(_one(connection, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"))
        try:
            connection.execute("SELECT pg_switch_wal()")
        except psycopg.errors.InsufficientPrivilege:
            size = _one(connection, "SELECT setting::int FROM pg_settings WHERE name = 'wal_segment_size'")
            connection.execute("SELECT pg_logical_emit_message(false, 'kroi', repeat(' ', %s))", [size])
        return name


def archiver(conninfo: str) -> tuple[bool, str, int]:
    """Does the server archive its log; the last file that went well, and how many failed since."""
    with connect(conninfo) as connection:
        row = connection.execute(
            "SELECT current_setting('archive_mode') <> 'off', coalesce(last_archived_wal, ''), CASE WHEN "
            "last_failed_time > coalesce(last_archived_time, '-infinity') THEN failed_count ELSE 0 END "
            "FROM pg_stat_archiver"
        ).fetchone()
    if row is None:
        raise Invalid("The server does not say whether it archives.")
    return bool(row[0]), str(row[1]), int(row[2])


def _kept(instance: Path) -> Path:
    return instance / "last-base"


def _one(connection: Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
