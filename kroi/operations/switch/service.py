"""The switch: a backup, a copy of every row that is compared, the file of settings, and the old database is closed."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa
from dotenv import dotenv_values
from sqlalchemy import make_url
from tqdm import tqdm

from kroi.core.config import Settings
from kroi.core.errors import Conflict, Invalid, Refusal
from kroi.operations.backup import rules as backups
from kroi.operations.backup.rules import Facts, Table
from kroi.operations.backup.schema import newest
from kroi.operations.rows import tables
from kroi.operations.rows.rules import Row, Tally, tally_of
from kroi.operations.rows.stores import Rows
from kroi.operations.switch import disk, rules
from kroi.operations.switch.ends import End
from kroi.operations.switch.postgresql import PostgresqlEnd
from kroi.operations.switch.sqlite import SqliteEnd

Tables = dict[str, Table]


@dataclass(frozen=True)
class Plan:
    """From where to where. `file` is the file of settings to change; with none, whoever asked changes them."""

    old: End
    old_url: str
    new: End
    new_url: str
    file: Path | None


def end_of(url: str) -> End:
    """The database at an address."""
    if rules.engine_of(url) == "sqlite":
        return SqliteEnd(Path(make_url(url).database or ""))
    return PostgresqlEnd(url)


def plan(settings: Settings, engine: str, file: Path | None) -> Plan:
    """What a switch to this engine would do; raises Conflict or Invalid when it would not work."""
    if rules.engine_of(settings.database_url) == engine:
        raise Conflict(f"Kroi runs on {engine} already.")
    url = settings.other_database_url or (_usual_file(settings) if engine == "sqlite" else "")
    if not url:
        raise Invalid(f"Say where to: {rules.OTHER} names the PostgreSQL database, in the environment or in .env.")
    if rules.engine_of(url) != engine:
        raise Invalid(f"{rules.OTHER} is not an address of {engine}.")
    owner = settings.direct_database_url or settings.database_url
    found = Plan(end_of(owner), rules.plain(owner), end_of(url), rules.plain(url), file)
    if file is not None:
        _check_file(found, file)
    return found


def check(found: Plan) -> None:
    """Raises Conflict when either database is not fit for it; nothing is changed."""
    found.new.check_free()
    if found.old.revision() != newest():
        raise Conflict("The schema here is not the newest. Run flask db upgrade first, or say --migrate.")
    found.old.check_idle()


def switch(found: Plan) -> Tables:
    """Move everything; what was moved, by table. Whatever fails, the old database stays in use, untouched."""
    with found.old.held() as held:
        moved = _fill(found.new, held.rows)
        held.leave()  # closed in the same moment as the hold ends, and not at all when the file cannot be written
        try:
            if found.file:
                disk.replace_text(found.file, _new_settings(found, found.file))
        except (OSError, ValueError) as error:
            found.new.throw_away()
            why = error.strerror if isinstance(error, OSError) else error
            raise Conflict(f"{found.file} could not be written ({why}). Nothing was changed.") from None
    found.new.settle()
    return moved


def _fill(new: End, rows: Rows) -> Tables:
    total = sum(rows.count(table) for table in tables.parents_first())
    with _in_words(), new.filling() as filling:
        with _progress("Moving rows", total) as watch:
            moved = {table.name: _move(table, rows, filling, watch) for table in tables.parents_first()}
        filling.finish()
        with _progress("Reading back", total) as watch:
            there = {table.name: tally_of(watch(filling.read(table))) for table in tables.parents_first()}
        different = backups.differences(Facts(moved, "", ""), Facts(there, "", ""))
        if different:
            raise Invalid(f"What arrived is not what was sent: {'; '.join(different[:5])}. Nothing was changed.")
    return moved


def _move(table: sa.Table, old: Rows, new: Rows, watch: Callable[[Iterator[Row]], Iterator[Row]]) -> Table:
    tally = Tally()
    try:
        with closing(old.read(table)) as rows:
            new.write(table, watch(tally.watch(rows)))
    except psycopg.DataError as error:
        raise Invalid(f"A row of {table.name} cannot be stored there: {_reason(error)}. Nothing was changed.") from None
    return tally.result()


def _reason(error: psycopg.Error) -> str:
    """Without the row's content, which the database repeats in the lines after the first."""
    return (error.diag.message_primary or type(error).__name__).split(":")[0]


def _new_settings(found: Plan, file: Path) -> str:
    """Line ends as they are; raises ValueError."""
    text = file.read_bytes().decode() if file.exists() else ""
    return rules.with_database(text, found.new_url, found.old_url)


def _usual_file(settings: Settings) -> str:
    return Settings(instance=settings.instance).completed().database_url


def _check_file(found: Plan, file: Path) -> None:
    """Raises Conflict when a change to the file would have no effect, or cannot be made."""
    try:
        _new_settings(found, file)
    except UnicodeDecodeError:
        raise Conflict(f"{file} is no text in UTF-8, so it cannot be changed.") from None
    except ValueError as error:
        raise Conflict(
            f"{file} is written in a way that we cannot change safely: {error}. Say --no-env-file and change it "
            "yourself afterwards."
        ) from None
    there = dotenv_values(file)
    for name in (rules.OURS, *rules.TIED):
        said = os.environ.get(name, "").strip()
        if said and (there.get(name) or "") != said:
            raise Conflict(
                f"{name} is set in the environment, which wins over {file.name}. Unset it there; or say "
                "--no-env-file and change it there yourself afterwards."
            )
    if not os.access(file.resolve().parent, os.W_OK):
        raise Conflict(f"{file} cannot be written.")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[Iterator[Row]], Iterator[Row]]]:
    """A bar of rows, on a terminal only."""
    with tqdm(total=total, desc=what, unit=" rows", disable=None, leave=False) as bar:

        def watch(rows: Iterator[Row]) -> Iterator[Row]:
            for row in rows:
                yield row
                bar.update()

        yield watch


@contextmanager
def _in_words() -> Iterator[None]:
    """Every failure on the way is a sentence, and ends with the old database in use."""
    try:
        yield
    except Refusal:
        raise
    except (psycopg.Error, sqlite3.Error, sa.exc.DBAPIError) as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        said = cause.diag.message_primary if isinstance(cause, psycopg.Error) else None
        raise Conflict(
            f"The new database failed ({said or type(cause).__name__}). Nothing was changed; Kroi stays where it is."
        ) from None
    except ValueError as error:
        raise Invalid(f"The rows do not fit together: {error}. Nothing was changed.") from None
