"""Where a benchmark works: a folder with filled databases, kept and used again if it is asked to."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click

from kroi.core.config import Settings
from tests.benchmarks.stock.fill import fill
from tests.benchmarks.year.fill import fill as fill_year
from tests.support.databases import migrate, settings_for
from tests.support.postgres import Postgres
from tests.support.server import ROOT

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
ENGINES = (SQLITE, POSTGRESQL)
_CARS_OF_A_YEAR = 3_000


@dataclass
class Place:
    """`folder` holds the databases, `scratch` what one run leaves behind."""

    folder: Path
    scratch: Path
    seed: int = 1
    _postgres: Postgres | None = field(default=None, repr=False)

    def database(self, engine: str, cars: int) -> str:
        """The address of a database with so many cars, filled when it is not there yet."""
        stamp = self.folder / f"{engine}-{cars}.stamp"
        url, settings = self._url(engine, cars), self._settings(engine, cars)
        if stamp.exists() and stamp.read_text() == self._mark(cars):
            return url
        click.echo(f"{engine}: filling with {cars:,} cars")
        stamp.unlink(missing_ok=True)
        self._empty(engine, f"cars_{cars}")
        migrate(settings, dealerships=False)
        fill(settings, cars, self.seed)
        stamp.write_text(self._mark(cars))
        return url

    def year(self, engine: str, leads: int) -> str:
        """The address of a database with a year of so many leads, filled when it is not there yet."""
        name, mark = f"year_{leads}", self._mark(leads, "tests/benchmarks/year", f"{datetime.now(UTC):%Y-%m-%d}")
        stamp, url = self.folder / f"{engine}-{name}.stamp", self._address(engine, name)
        if not stamp.exists() or stamp.read_text() != mark:
            click.echo(f"{engine}: filling with a year of {leads:,} leads")
            stamp.unlink(missing_ok=True)
            self._empty(engine, name)
            settings = settings_for(url, self.scratch)
            migrate(settings, dealerships=False)
            fill_year(settings, leads, min(leads, _CARS_OF_A_YEAR), self.seed)
            stamp.write_text(mark)
        return url

    def settings(self, engine: str, cars: int) -> Settings:
        """Settings for an application in this process on that database."""
        self.database(engine, cars)
        return self._settings(engine, cars)

    def copied(self, engine: str, cars: int) -> Settings:
        """Settings for a fresh copy of that database, which may be changed."""
        self.database(engine, cars)
        if engine == POSTGRESQL:
            return settings_for(self.postgres.create("copied", f"cars_{cars}"), self.scratch)
        shutil.copy(self.folder / f"cars_{cars}.sqlite3", self.scratch / "copied.sqlite3")
        return settings_for(f"sqlite:///{self.scratch / 'copied.sqlite3'}", self.scratch)

    def helpers(self, engine: str) -> int | None:
        """The process whose work for a server is counted with it: PostgreSQL's first; SQLite has none."""
        return self.postgres.pid if engine == POSTGRESQL else None

    @property
    def postgres(self) -> Postgres:
        """The server, started when first asked for."""
        if self._postgres is None:
            folder = self.folder / "postgres"
            there = (folder / "data" / "PG_VERSION").exists()
            self._postgres = Postgres(folder)
            if there:
                self._postgres.resume()
            else:
                self._postgres.start()
        return self._postgres

    def close(self) -> None:
        """Stop what was started."""
        if self._postgres:
            self._postgres.stop("fast")

    def _url(self, engine: str, cars: int) -> str:
        return self._address(engine, f"cars_{cars}")

    def _address(self, engine: str, name: str) -> str:
        return f"sqlite:///{self.folder / name}.sqlite3" if engine == SQLITE else self.postgres.url(name)

    def _settings(self, engine: str, cars: int) -> Settings:
        return settings_for(self._url(engine, cars), self.scratch)

    def _empty(self, engine: str, name: str) -> None:
        if engine == POSTGRESQL:
            self.postgres.create(name)
            return
        for path in self.folder.glob(f"{name}.sqlite3*"):
            path.unlink()

    def _mark(self, count: int, *more: str) -> str:
        """Changes when the rows, or the tables that hold them, would be others; `more` are folders, or a day."""
        folders = ("tests/benchmarks/stock", "migrations/versions", *more)
        sources = [path for folder in folders for path in (ROOT / folder).glob("*.py")]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources)))
        return f"{count} {self.seed} {digest.hexdigest()} {more[-1:]}"


@contextlib.contextmanager
def opened(keep: Path | None) -> Iterator[Place]:
    """A place in `keep`, whose databases stay, or in a folder of its own that goes at the end."""
    scratch = Path(tempfile.mkdtemp(prefix="kroi-benchmark-", dir=os.environ.get("TMPDIR")))
    folder = keep or scratch
    folder.mkdir(parents=True, exist_ok=True)
    place = Place(folder.resolve(), scratch)
    try:
        yield place
    finally:
        place.close()
        shutil.rmtree(scratch, ignore_errors=True)
