"""What the commands share: refusals become sentences, and sizes are said alike."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from kroi.core.errors import Refusal

_BUSY = "Somebody else is using what this needs to itself. Try again in a moment."


@contextmanager
def in_words() -> Iterator[None]:
    """Refusals and the database's own failures become a sentence and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    except (psycopg.Error, sqlite3.Error, DBAPIError) as error:
        raise click.ClickException(_why(error.orig if isinstance(error, DBAPIError) else error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror}.") from None


def _why(error: BaseException | None) -> str:
    """Without anything that stands in a row: databases say values after a colon or in further lines."""
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return _BUSY
    if isinstance(error, psycopg.OperationalError) and not error.sqlstate:
        refused = re.search(r"FATAL: +(.*)", str(error))
        return f"The database lets us not in: {refused[1]}." if refused else "The database does not answer."
    if isinstance(error, psycopg.Error):
        return f"The database refused: {(error.diag.message_primary or type(error).__name__).split(':')[0]}."
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return _BUSY if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) else f"The database failed ({name})."


def size(count: int) -> str:
    """So many bytes, in megabytes."""
    return f"{count / 1_000_000:.1f} MB"
