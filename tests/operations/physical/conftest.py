"""A PostgreSQL that archives its log through our own door, encrypted, and the commands as its user runs them."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
import pyrage
import pytest
from psycopg import sql

from kroi.core.config import Settings
from tests.operations.conftest import PICTURE
from tests.support import databases, run
from tests.support.postgres import Postgres, plain
from tests.support.server import BIN, OTHER_SETTINGS, ROOT


class Archiving:
    """A server of our own, with the login that `deploy/` makes; `flask` and `wal` run as whoever runs PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.instance = folder / "instance"
        self.backups = folder / "backups"
        self.base_ends = ""  # the last file of the log that the base backups hold themselves
        for each in (folder, self.instance, self.backups):
            each.mkdir(exist_ok=True)
            each.chmod(0o777)
        self.server = Postgres(folder / "pg")
        self.server.start()
        identity = pyrage.x25519.Identity.generate()
        self.key, writer = self.instance / "identity.key", self.instance / "recipients.key"
        self.key.write_text(str(identity), encoding="ascii")
        writer.write_text(str(identity.to_public()), encoding="ascii")
        self.extra: dict[str, str] = {"BACKUP_KEY_FILE": str(self.key)}
        self.url = self.server.url("kroi").replace("postgres@", "kroi@")
        self._set(
            summarize_wal="on", archive_mode="on", wal_summary_keep_time="1d",
            archive_command=f"env BACKUP_URL={self.backups} KROI_INSTANCE={self.instance} "
            f"BACKUP_KEY_FILE={writer} {sys.executable} {ROOT}/scripts/wal.py archive %p",
        )  # fmt: skip
        self.server._run(
            "psql", "-h", str(self.server.folder), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-v", "password=x",
            "-f", str(ROOT / "deploy" / "postgresql" / "roles.sql"), "postgres",
        )  # fmt: skip
        databases.migrate(databases.settings_for(self.url, self.instance))
        with self.connect() as connection:
            connection.execute("CREATE TABLE ticks (n int PRIMARY KEY, at timestamptz NOT NULL)")
        (self.instance / "media" / "1").mkdir(parents=True)
        self.instance.joinpath("media").chmod(0o777)
        self.picture.parent.chmod(0o777)
        self.picture.write_bytes(b"a picture" * 1000)

    @property
    def settings(self) -> Settings:
        """What the commands find."""
        found = databases.settings_for(self.url, self.instance)
        return replace(found, backup_key_file=str(self.key), backup_url=str(self.backups))

    @property
    def picture(self) -> Path:
        """A picture that must come back, too."""
        return self.instance / "media" / "1" / PICTURE

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """As the owner of everything; each statement is a transaction."""
        return psycopg.connect(plain(self.url), autocommit=True)

    def tick(self, number: int) -> datetime:
        """Write a row; when it was there, by the server's clock."""
        with self.connect() as connection:
            connection.execute("INSERT INTO ticks VALUES (%s, clock_timestamp())", [number])
            row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None and isinstance(row[0], datetime)
        return row[0]

    def ticks(self) -> list[int]:
        """What is there."""
        with self.connect() as connection:
            return [int(str(n)) for (n,) in connection.execute("SELECT n FROM ticks ORDER BY n")]

    def ops(self, *arguments: str | Path, code: int = 0) -> str:
        """Run `flask ops …`; what it said."""
        return self._call([str(BIN / "flask"), "ops", *map(str, arguments)], code)

    def wal(self, *arguments: str | Path, code: int = 0) -> str:
        """Run `scripts/wal …`; what it said."""
        return self._call([sys.executable, str(ROOT / "scripts" / "wal.py"), *map(str, arguments)], code)

    def _call(self, command: list[str], code: int) -> str:
        done = subprocess.run(
            [*self.server._wrap, "env", *(f"{name}={value}" for name, value in self._environment().items()), *command],
            cwd=ROOT, check=False, capture_output=True, text=True, timeout=200,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        assert "Traceback" not in said, said
        return said

    def _environment(self) -> dict[str, str]:
        return {
            **dict.fromkeys(OTHER_SETTINGS, ""),
            "KROI_ENV": "test",
            "KROI_INSTANCE": str(self.instance),
            "SECRET_KEY": "served-" * 6,
            "DATABASE_URL": self.url,
            "BACKUP_URL": str(self.backups),
            "BCRYPT_COST": "4",
            "HOME": str(self.instance),
            **self.extra,
        }

    def _set(self, **values: str) -> None:
        with psycopg.connect(plain(self.server.url("postgres")), autocommit=True) as connection:
            for name, value in values.items():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        self.server.stop("fast")
        self.server.resume()


@pytest.fixture(scope="module")
def archiving() -> Iterator[Archiving]:
    """One for all tests of a module: starting it takes a while."""
    found = Archiving(Path(tempfile.mkdtemp(prefix="archiving-", dir=run.folder())))
    yield found
    found.server.remove()
