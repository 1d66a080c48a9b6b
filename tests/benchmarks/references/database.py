"""One connection for the one thread, by the driver itself: no ORM, no pool."""

import os
import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

Rows = list[tuple[Any, ...]]
URL = os.environ.get("DATABASE_URL", "")


@cache
def _connection() -> Any:
    if URL.startswith("sqlite"):
        return sqlite3.connect(str(make_url(URL).database), check_same_thread=False, isolation_level=None)
    return psycopg.connect(URL.replace("postgresql+psycopg:", "postgresql:"), autocommit=True)


def rows(sql: str, values: Sequence[object] = ()) -> Rows:
    """All rows of a query with question marks."""
    if not URL.startswith("sqlite"):
        sql = sql.replace("?", "%s")
    found: Rows = _connection().execute(sql, tuple(values)).fetchall()
    return found
