"""Losing everything and getting it back: a database of a wished size, as the commands of an operator do it, timed.

`rehearse` may be called from elsewhere; `scripts/rehearse` prints what it found.
"""

import argparse
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.db import bulk
from kroi.db.model import Model, db, session
from kroi.db.tenancy import across_dealerships, acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from kroi.leads.models import Lead, Person
from kroi.operations.backup import service
from kroi.operations.backup.rules import differences
from tests.support import databases
from tests.support.postgres import Postgres, plain
from tests.support.server import BIN, OTHER_SETTINGS, ROOT

_WORDS = ("the car has", "been kept well", "in one family", "and comes with", "service book", "winter tyres", "towbar")
_BATCH = 2_000
_PICTURE = 150_000  # bytes
Say = Callable[[str], object]


@dataclass
class Rehearsal:
    """What was rehearsed, and how many seconds each step took; `lost` is what differed afterwards, which is nothing."""

    engine: str
    rows: int = 0
    database_bytes: int = 0
    picture_bytes: int = 0
    backup_bytes: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    @property
    def rto(self) -> float:
        """Seconds from an empty machine to all data back, proven."""
        return self.seconds["restore"]


class House:
    """One installation with an own folder and database, whose commands run in processes of their own."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine, self.folder, self.instance = engine, folder, folder / "instance"
        for each in (folder, self.instance):
            each.mkdir(exist_ok=True)
            each.chmod(0o777)
        self.server = Postgres(folder / "pg") if engine == "postgresql" else None
        self.url = f"sqlite:///{self.instance / 'kroi.sqlite3'}"
        if self.server:
            self.server.start()
            self._archive()
            self.url = self.server.create("kroi")
        # It writes as much as the disk takes, which is no failure.
        self.settings = replace(
            databases.settings_for(self.url, self.instance),
            database_slow_query_ms=3_600_000,
            database_query_timeout=600,
        )
        databases.migrate(self.settings, dealerships=False)

    def ops(self, *arguments: str) -> str:
        """Run `flask ops …`, as PostgreSQL's own user."""
        said = {
            **dict.fromkeys(OTHER_SETTINGS, ""), "KROI_ENV": "test", "KROI_INSTANCE": str(self.instance),
            "SECRET_KEY": self.settings.secret_key, "DATABASE_URL": self.url, "HOME": str(self.instance),
        }  # fmt: skip
        wrap = self.server._wrap if self.server else ()
        done = subprocess.run(
            [*wrap, "env", *(f"{name}={value}" for name, value in said.items()), str(BIN / "flask"), "ops", *arguments],
            cwd=ROOT, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"flask ops {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def lose_everything(self) -> None:
        """As if the disk had burnt and a new machine stood there: an empty database, no picture."""
        shutil.rmtree(self.instance / "media")
        if self.server:
            self.server.create("kroi")
            return
        for path in self.instance.glob("kroi.sqlite3*"):
            path.unlink()

    def bytes(self) -> int:
        """Of the database."""
        if not self.server:
            return (self.instance / "kroi.sqlite3").stat().st_size
        with psycopg.connect(plain(self.url)) as connection:
            row = connection.execute("SELECT pg_database_size('kroi')").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Stop the server."""
        if self.server:
            self.server.remove()

    def _archive(self) -> None:
        assert self.server is not None
        door = f"env BACKUP_URL={self.instance / 'backups'} {sys.executable} {ROOT}/scripts/wal.py archive %p"
        with psycopg.connect(plain(self.server.url("postgres")), autocommit=True) as connection:
            for name, value in {"archive_mode": "on", "archive_command": door, "summarize_wal": "on"}.items():
                connection.execute(
                    psycopg.sql.SQL("ALTER SYSTEM SET {} = {}").format(psycopg.sql.Identifier(name), value)
                )
        self.server.stop("fast")
        self.server.resume()


def rehearse(engine: str, megabytes: int, folder: Path, say: Say | None = None) -> Rehearsal:
    """Fill, back up, lose, restore, compare; with PostgreSQL also back to a named moment."""
    say = say or _say
    found, house = Rehearsal(engine), House(engine, folder)
    try:
        with timed(found, "fill", say):
            fill(house, megabytes)
        found.database_bytes = house.bytes()
        found.picture_bytes = sum(path.stat().st_size for path in (house.instance / "media").rglob("*.webp"))
        before = service.store_for(house.settings).facts()
        found.rows = before.rows
        with timed(found, "backup", say):
            house.ops("backup")
        (path,) = (house.instance / "backups").glob("kroi-*.tar")
        found.backup_bytes = path.stat().st_size
        with timed(found, "verify", say):
            house.ops("verify", path.name)
        pictures = sorted(each.name for each in (house.instance / "media").rglob("*.webp"))
        house.lose_everything()
        with timed(found, "restore", say):
            house.ops("restore", path.name)
        found.lost = differences(before, service.store_for(house.settings).facts())
        found.lost += sorted({*pictures} - {each.name for each in (house.instance / "media").rglob("*.webp")})
        if house.server:
            _to_a_moment(house, found, say)
        return found
    finally:
        house.close()


def _to_a_moment(house: House, found: Rehearsal, say: Say) -> None:
    with timed(found, "base backup", say):
        house.ops("base")
    with psycopg.connect(plain(house.url), autocommit=True) as connection:
        connection.execute("CREATE TABLE ticks (n int PRIMARY KEY)")
        for number in range(20):
            connection.execute("INSERT INTO ticks VALUES (%s)", [number])
            if number == 9:
                moment = clock.now() + timedelta(milliseconds=100)
            time.sleep(0.2)
    with timed(found, "restore to a moment", say):
        house.ops("restore", "--to", moment.isoformat(), "--drop-database")
    with psycopg.connect(plain(house.url)) as connection:
        rows = [n for (n,) in connection.execute("SELECT n FROM ticks ORDER BY n")]
    if rows != list(range(10)):
        found.lost.append(f"at {moment.isoformat()} there were ten ticks, and now {rows}")


def fill(house: House, megabytes: int) -> None:
    """Half of it in rows of cars and leads, half in pictures."""
    target, folder = megabytes * 500_000, house.instance / "media" / "1"
    folder.mkdir(parents=True)
    for each in (folder, folder.parent):
        each.chmod(0o777)
    for _number in range(target // _PICTURE):
        (folder / f"{secrets.token_hex(16)}-480.webp").write_bytes(random.randbytes(_PICTURE))
    app = create_app(house.settings)
    with app.app_context():
        with across_dealerships():
            here = session.scalar(sa.select(sa.func.min(Dealership.id)))
        with acting_for(int(here or 0)):
            number = 0
            while house.bytes() < target:
                _add(number)
                number += _BATCH
        session.remove()
        if not house.server:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    databases.dispose(app)


def _add(first: int) -> None:
    """Some cars, and as many leads of one person."""
    numbers = range(first, first + _BATCH)
    with transaction():
        bulk.insert_rows(Person, [row(Person, first, name_key="somebody")])
        person_id = session.scalar(sa.select(sa.func.max(Person.id)))
        bulk.insert_rows(Car, [row(Car, number, paragraphs=[_text(150)]) for number in numbers])
        bulk.insert_rows(Lead, [row(Lead, number, person_id=person_id, message=_text(250)) for number in numbers])


def row(model: type[Model], number: int, **given: Any) -> dict[str, Any]:
    """What a table wants at least, invented by the types of its columns."""
    table: sa.Table = model.__table__  # type: ignore[assignment]
    wanted = (each for each in table.columns if not each.nullable and each.name not in ("id", "dealership_id"))
    return {each.name: _invent(each, number) for each in wanted} | given


def _invent(column: sa.Column[Any], number: int) -> object:
    kind: Any = column.type
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return next(iter(kind.enum_class))
    if isinstance(kind, sa.JSON):
        return []
    if isinstance(kind, sa.DateTime):
        return clock.now()
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer):
        return 0
    if isinstance(kind, sa.types.TypeDecorator) and kind.python_type is not str:
        return [] if kind.python_type in (list, dict) else clock.now()
    return "en" if column.name == "language" else f"{column.name}-{number}"


def _text(words: int) -> str:
    return " ".join(random.choices(_WORDS, k=words))


@contextmanager
def timed(found: Rehearsal, name: str, say: Say) -> Iterator[None]:
    """Note how long it takes, and say so."""
    start = time.perf_counter()
    yield
    found.seconds[name] = time.perf_counter() - start
    say(f"  {name:<22}{found.seconds[name]:8.1f} s")


def main(arguments: list[str]) -> int:
    """Exit code 0 when all came back."""
    parser = argparse.ArgumentParser(description="Lose everything and get it back, timed.")
    parser.add_argument("-m", "--megabytes", type=int, default=1000, help="rows and pictures together")
    parser.add_argument("-e", "--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--in", dest="place", type=Path, help="folder to work in; else the system's for such")
    asked = parser.parse_args(arguments)
    lost = False
    for engine in ("sqlite", "postgresql") if asked.engine == "both" else (asked.engine,):
        with tempfile.TemporaryDirectory(prefix="kroi-rehearsal-", dir=asked.place) as folder:
            Path(folder).chmod(0o711)
            _say(f"{engine}, {asked.megabytes} MB:")
            found = rehearse(engine, asked.megabytes, Path(folder) / "house")
        _say(f"  {found.rows:,} rows ({_mb(found.database_bytes)}), pictures {_mb(found.picture_bytes)}, backup "
             f"{_mb(found.backup_bytes)}; RTO {found.rto:.1f} s; "
             f"{'; '.join(found.lost[:5]) or 'every row and picture came back'}.")  # fmt: skip
        lost |= bool(found.lost)
    return 1 if lost else 0


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _mb(count: int) -> str:
    return f"{count / 1_000_000:.0f} MB"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
