"""What must never be half done: a backup that is interrupted or damaged, a migration that stops in the middle."""

import contextlib
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import psycopg

from tests.drill.plan import Drill, Outcome

_SCRATCH = "kroi_scratch_drill"
_TRIES = 5
_OF_THE_WHOLE = 0.2  # how much of a command's time its work takes; the rest is its start
Tables = Callable[[], set[str]]
Sign = Callable[[], bool]  # that the work has begun


def interrupted(drill: Drill, outcome: Outcome) -> None:
    """A backup killed at any point is no backup; what was there stays, and the next one succeeds."""
    took = backed_up(drill)
    for _ in drill.times(outcome, 3, 1):
        before = backups(drill)
        killed(drill, outcome, ("ops", "backup"), took, another_draft(drill))
        for path in backups(drill) - before:
            proven(drill, outcome, path)
    began = time.monotonic()
    backed_up(drill)
    outcome.recoveries.append(time.monotonic() - began)
    proven(drill, outcome, max(backups(drill)))
    outcome.note = "then a whole backup, proven"


def corrupt(drill: Drill, outcome: Outcome) -> None:
    """One flipped bit or a cut end: it is refused with a sentence, and what is live stays."""
    if not backups(drill):
        backed_up(drill)
    whole = max(backups(drill))
    before = len(drill.house.leads())
    for number in drill.times(outcome, 4, 2):
        hurt = drill.house.disk / whole.name
        shutil.copyfile(whole, hurt)
        damage(drill, hurt, cut=number % 2 == 1)
        for command in (["verify", str(hurt)], ["restore", str(hurt), "--drop-database"]):
            made = drill.house.tried("ops", *command)
            if made.returncode == 0 or "Traceback" in made.stderr:
                outcome.faults.append(f"{command[0]}: {made.returncode} {made.stdout[-200:]}{made.stderr[-200:]}")
        hurt.unlink()
    if len(drill.house.leads()) < before:
        outcome.faults.append("live data were touched")
    outcome.note = "refused by verify and by restore; what is live stays"


def damage(drill: Drill, path: Path, *, cut: bool) -> None:
    """Flip one bit anywhere in its middle, or cut the end off."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        if cut:
            file.truncate(drill.chance.randrange(size // 2, size - 2048))
            return
        at = drill.chance.randrange(size // 4, size * 3 // 4)
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << drill.chance.randrange(8)]))


def migration(drill: Drill, outcome: Outcome) -> None:
    """The schema is made, and whoever makes it is killed at any point: all of it is there, or nothing."""
    postgresql = drill.house.environment["DIRECT_DATABASE_URL"].rsplit("/", 1)[0] + "/" + _SCRATCH
    file = drill.house.folder / "scratch.sqlite3"
    kinds: list[tuple[str, Sign, Callable[[], None], Tables]] = [
        (postgresql, lambda: in_use(drill), lambda: fresh_database(drill), lambda: tables_of(postgresql)),
        (f"sqlite:///{file}", file.exists, lambda: fresh_file(file), lambda: tables_in(file)),
    ]
    for url, at_work, fresh, tables in kinds:
        fresh()
        took, all_of_them = migrated(drill, url), tables()
        for _ in drill.times(outcome, 3, 1):
            killed(drill, outcome, ("db", "upgrade"), took, at_work, fresh, url)
            if (left := tables()) and left != all_of_them:
                outcome.faults.append(f"{len(left)} of {len(all_of_them)} tables after a kill")
            migrated(drill, url)
            if tables() != all_of_them:
                outcome.faults.append("the schema is another one after a kill")
        fresh()
    outcome.note = "on both databases; then run again, and whole"


def migrated(drill: Drill, url: str) -> float:
    """Seconds until the schema is there; raises RuntimeError when it does not come."""
    began = time.monotonic()
    made = drill.house.tried("db", "upgrade", DATABASE_URL=url, DIRECT_DATABASE_URL=url)
    if made.returncode:
        raise RuntimeError(f"flask db upgrade: {made.stderr[-300:]}")
    return time.monotonic() - began


def fresh_database(drill: Drill) -> None:
    """An empty one beside the live one; who was killed is hung up on."""
    with psycopg.connect(drill.house.environment["DIRECT_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {_SCRATCH} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {_SCRATCH}".encode())


def in_use(drill: Drill) -> bool:
    """Is somebody at work in the scratch database?"""
    ((found,),) = drill.house.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", _SCRATCH)
    return bool(found)


def fresh_file(path: Path) -> None:
    """None at all."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def tables_of(url: str) -> set[str]:
    """What others see."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {str(name) for (name,) in rows}


def tables_in(path: Path) -> set[str]:
    """What is in the file."""
    with closing(sqlite3.connect(path)) as database:
        return {str(name) for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def backups(drill: Drill) -> set[Path]:
    """Those that count."""
    return set((drill.house.disk / "instance" / "backups").glob("kroi-*.tar"))


def another_draft(drill: Drill) -> Sign:
    """That a backup is being made beside those that died."""
    left = drafts(drill)
    return lambda: bool(drafts(drill) - left)


def drafts(drill: Drill) -> set[Path]:
    """Where backups are being made, or died."""
    return set((drill.house.disk / "instance" / "backups").iterdir()) - backups(drill)


def backed_up(drill: Drill) -> float:
    """Seconds for a backup; raises RuntimeError when there is none."""
    began = time.monotonic()
    made = drill.house.tried("ops", "backup")
    if made.returncode:
        raise RuntimeError(f"flask ops backup: {made.stdout[-300:]}{made.stderr[-300:]}")
    return time.monotonic() - began


def proven(drill: Drill, outcome: Outcome, path: Path) -> None:
    """It is whole, or that is a fault."""
    if drill.house.tried("ops", "verify", str(path)).returncode:
        outcome.faults.append(f"{path.name} counts as a backup and is none")


def killed(
    drill: Drill, outcome: Outcome, command: Sequence[str], took: float, at_work: Sign,
    fresh: Callable[[], None] = lambda: None, url: str = "",
) -> None:  # fmt: skip
    """Begin a `flask` command, and in the midst of its work end it with all that it started, with -9."""
    settings = {"DATABASE_URL": url, "DIRECT_DATABASE_URL": url} if url else {}
    for late in range(_TRIES):
        fresh()
        begun = drill.house.begun(*command, **settings)
        while begun.poll() is None and not at_work():
            time.sleep(0.01)
        time.sleep(took * drill.chance.uniform(0, _OF_THE_WHOLE) / 4**late)  # who came too late comes sooner
        was_at_work = begun.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()
        if was_at_work:
            return
    outcome.faults.append(f"flask {' '.join(command)} was quicker than each of {_TRIES} kills")
