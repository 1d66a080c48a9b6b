"""The only place that commits: transactions, savepoints, retries, and what waits for the commit."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar

from sqlalchemy.exc import DBAPIError

from kroi.db import dialects
from kroi.db.model import session

Isolation = Literal["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]
Result = TypeVar("Result")

_OPEN = "kroi.transaction"
_BEFORE = "kroi.before_commit"
_AFTER = "kroi.after_commit"


def in_transaction() -> bool:
    """Is a `transaction()` open here?"""
    return session.registry.has() and bool(session.info.get(_OPEN))  # asking makes no session


@contextmanager
def transaction(isolation: Isolation | None = None) -> Iterator[None]:
    """All of the body is stored, or nothing. Never nests; begins as a writer.

    Raises RuntimeError when one is open already, or when rows were changed before it began.
    """
    _begin(isolation)
    try:
        yield
        session.flush()  # what is written last is seen, too, by who waits for the commit
        for work in _taken(_BEFORE):
            work()
        session.commit()
    except BaseException:
        session.rollback()
        _taken(_AFTER)
        raise
    finally:
        session.info.pop(_OPEN, None)
        _taken(_BEFORE)
    for work in _taken(_AFTER):
        work()


def _begin(isolation: Isolation | None) -> None:
    if in_transaction():
        raise RuntimeError("transactions do not nest: use savepoint()")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a transaction")
    session.commit()  # ends the read before it; with nothing changed there is nothing to write
    session.info[_OPEN] = True
    try:
        with dialects.writing():
            session.connection(execution_options=dialects.isolation(session.get_bind(), isolation))
    except BaseException:
        session.rollback()
        session.info.pop(_OPEN, None)
        raise


@contextmanager
def savepoint() -> Iterator[None]:
    """The part of a transaction that may fail alone."""
    if not in_transaction():
        raise RuntimeError("a savepoint needs a transaction")
    with session.begin_nested():
        yield


def run_in_transaction(work: Callable[[], Result], *, retries: int = 3, isolation: Isolation | None = None) -> Result:
    """Run `work` in a transaction, again (with backoff and jitter) after a deadlock or a serialization failure.

    Never retries a commit whose outcome is unknown: a lost connection is raised as it is.
    """
    for attempt in range(retries + 1):
        try:
            with transaction(isolation):
                return work()
        except DBAPIError as error:
            if attempt == retries or not dialects.may_retry(error):
                raise
            time.sleep(random.uniform(0.5, 1.0) * 0.02 * 2**attempt)
    raise AssertionError("unreachable")


def before_commit(work: Callable[[], None]) -> None:
    """Do `work` as the last thing inside the open transaction."""
    session.info.setdefault(_BEFORE, []).append(work)


def after_commit(work: Callable[[], None]) -> None:
    """Do `work` once the open transaction is stored, and not at all if it is undone; at once outside one."""
    if in_transaction():
        session.info.setdefault(_AFTER, []).append(work)
    else:
        work()


def _taken(name: str) -> list[Callable[[], None]]:
    taken: list[Callable[[], None]] = session.info.pop(name, [])
    return taken
