"""A real streaming replica of a test server, from the same wheel: copied by pg_basebackup, following by itself."""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.support.postgres import Postgres, plain


class Replica(Postgres):
    """Follows `primary`; everything else is as with any server."""

    def __init__(self, primary: Postgres) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="kroi-replica-")))
        self._primary, self._slot = primary, f"kroi_{secrets.token_hex(4)}"

    def start(self) -> None:
        """Copy the primary and follow it. A database that another test drops meanwhile spoils the copy: once more."""
        assert not self.given, "a replica needs the files of a server of our own"
        if not os.geteuid():
            self._stop_being_root()
        self._ask_primary("SELECT pg_create_physical_replication_slot(%s)", self._slot)
        for last in (*[False] * 9, True):
            try:
                self._copy()
                break
            except subprocess.CalledProcessError:
                shutil.rmtree(self._data, ignore_errors=True)
                if last:
                    raise
        self.resume()

    def _copy(self) -> None:
        self._run(
            "pg_basebackup", "-h", str(self._primary.folder), "-U", "postgres", "-D", self._data, "-R",
            "-X", "stream", "-S", self._slot, "-c", "fast", "--no-sync",
        )  # fmt: skip

    def remove(self) -> None:
        """Stop following, for good."""
        super().remove()
        self._ask_primary(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s AND NOT active",
            self._slot,
        )

    def pause(self) -> None:
        """Hear of changes, and do not carry them out."""
        self._tell("SELECT pg_wal_replay_pause()")

    def go_on(self) -> None:
        """Carry them out again, and wait until there is nothing left to do."""
        self._tell("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self) -> None:
        """Wait until everything that the primary has done by now is done here."""
        goal = self._ask_primary("SELECT pg_current_wal_insert_lsn()")
        until = time.monotonic() + 30
        while self._tell("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", goal) is not True:
            assert time.monotonic() < until, "the replica does not follow"
            time.sleep(0.02)

    def promote(self) -> None:
        """Be a server of its own from now on."""
        self._tell("SELECT pg_promote()")

    def _tell(self, words: Any, *values: object) -> object:
        return _ask(self, words, *values)

    def _ask_primary(self, words: Any, *values: object) -> object:
        return _ask(self._primary, words, *values)


def _ask(server: Postgres, words: Any, *values: object) -> object:
    with psycopg.connect(plain(server.url("postgres")), autocommit=True) as connection:
        row = connection.execute(words, values).fetchone()
        return row[0] if row else None
