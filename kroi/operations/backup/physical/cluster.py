"""A PostgreSQL of our own, started on recovered files: nobody else reaches it, and it archives nothing."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from tqdm import tqdm

from kroi.core.errors import Conflict, Invalid
from kroi.operations.backup import programs
from kroi.operations.backup.physical.rules import Base
from kroi.operations.backup.postgresql import connect

_DOOR = Path(__file__).resolve().parents[4] / "scripts" / "wal.py"
_PORT = 5432  # in a folder of its own, so that it meets no other
_PATIENCE = 6 * 3600  # seconds: a week of log takes its time
_RECOVERY = {
    "restore_command": f"{shlex.quote(sys.executable)} {shlex.quote(str(_DOOR))} fetch %f %p",
    "recovery_target_action": "promote",
    "archive_mode": "off",
}
_MOST_PATH = 90  # characters; a socket's path may not be longer than about 107


@contextmanager
def recovered(data: Path, base: Base, moment: datetime, environment: dict[str, str]) -> Iterator[str]:
    """Replay the log up to the moment and open the database; its address. Stopped afterwards.

    Raises Conflict where the log ends before the moment, Invalid where it cannot be read.
    """
    check_not_root()
    sockets = _sockets(data)
    (data / "recovery.signal").touch(mode=0o600)
    address = make_conninfo("", host=str(sockets), port=_PORT, user=base.user, dbname=base.database)
    try:
        server = _replay(data, sockets, base, {"recovery_target_time": moment.isoformat()}, environment, address)
    except _LogEnds as ends:
        if ends.last != moment:
            raise Conflict(ends.words(moment)) from None
        server = _replay(data, sockets, base, {}, environment, address)  # there is nothing after it to stop at
    try:
        yield address
    finally:
        _stop(server)


class _LogEnds(Exception):
    """The log was replayed to its end, and the moment is later; `last` is when its last transaction was."""

    def __init__(self, last: datetime | None) -> None:
        super().__init__()
        self.last = last

    def words(self, moment: datetime) -> str:
        """For whoever asked."""
        if self.last is None:
            return f"The log that was archived does not reach {moment.isoformat()}: nothing came after the base backup."
        return (
            f"The log that was archived ends at {self.last.isoformat()}. With that moment --to brings back all of it."
        )


def _replay(
    data: Path, sockets: Path, base: Base, target: dict[str, str], environment: dict[str, str], address: str
) -> subprocess.Popen[bytes]:
    server = _start(data, sockets, base, _RECOVERY | target, environment)
    try:
        _wait(server, address, data.parent / "log")
    except BaseException:
        _stop(server)
        raise
    return server


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # fast: whoever is connected is ours
    server.wait(timeout=300)


def check_not_root() -> None:
    """Raises Conflict where the server could not be started."""
    if not os.geteuid():
        raise Conflict("PostgreSQL does not run as root: run this as the user that it runs as.")


def _sockets(data: Path) -> Path:
    folder = data.parent / "s"
    folder.mkdir(mode=0o700, exist_ok=True)
    if len(str(folder)) > _MOST_PATH:
        raise Conflict(f"The path of {folder} is too long for a socket. Restore with --cluster to a shorter one.")
    return folder


def _start(
    data: Path, sockets: Path, base: Base, target: dict[str, str], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """The server, with settings of ours alone: the copied ones name folders and networks of another machine."""
    folder = data.parent
    (folder / "postgresql.conf").write_text("", encoding="ascii")
    (folder / "hba.conf").write_text("local all all trust\n", encoding="ascii")
    (folder / "ident.conf").write_text("", encoding="ascii")
    said = {
        **{name: str(value) for name, value in base.needs.items()},
        **target,
        "config_file": f"{folder}/postgresql.conf",
        "hba_file": f"{folder}/hba.conf",
        "ident_file": f"{folder}/ident.conf",
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "port": str(_PORT),
        "ssl": "off",
        "hot_standby": "off",
        "primary_conninfo": "",
        "shared_preload_libraries": "",
        "logging_collector": "off",
        "log_destination": "stderr",
        "log_min_messages": "log",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_timezone": "UTC",
        "lc_messages": "C",
    }
    command = [str(programs.find("postgres", base.major)), "-D", str(data)]
    for name, value in said.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    with tqdm(desc="Replaying the log", unit=" files", disable=None, leave=False) as bar:
        while time.monotonic() < end:
            if server.poll() is not None:
                raise _why_it_ended(log.read_text(encoding="utf-8", errors="replace"))
            try:
                with connect(address) as connection:
                    if connection.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,):
                        return
            except psycopg.OperationalError:
                pass  # it replays; nobody may connect yet
            bar.update(log.read_bytes().count(b"restored log file") - bar.n)
            time.sleep(0.1)
    raise Conflict("Replaying the log takes too long.")


def _why_it_ended(log: str) -> Exception:
    broken = re.findall(r"^Kroi: (.+)$", log, re.MULTILINE)
    if broken:
        return Invalid(f"The log cannot be read: {broken[-1]}")
    if "before configured recovery target was reached" in log:
        last = re.findall(r"last completed transaction was at log time (\S+ \S+)", log)
        return _LogEnds(datetime.fromisoformat(last[-1]).astimezone(UTC) if last else None)
    words = [line.partition("FATAL:")[2].strip() for line in log.splitlines() if "FATAL:" in line]
    return Invalid(f"PostgreSQL could not recover: {words[-1] if words else 'it gave no reason'}.")
