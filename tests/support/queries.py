"""Counts the queries that a page makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_FREE = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config")


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements sent inside, without transaction keeping and the row-security setting."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(_FREE):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
