"""The only place that commits: transactions, savepoints, retries, and what waits for the commit."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from sqlalchemy.exc import DBAPIError

from kroi.db import dialects, patience
from kroi.db.model import reading_from, session
from kroi.db.statistics import counters

Isolation = Literal["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]
Result = TypeVar("Result")

RETRIES = 3
_CONFLICT, _AWAY = 0.02, 0.25  # seconds before the first new try: others were in the way; the database was away
_LONGEST = 6.0  # seconds from the first try, after which there is no new one: somebody waits
_OPEN = "kroi.transaction"
_WROTE = "kroi.wrote"
_BEFORE = "kroi.before_commit"
_AFTER = "kroi.after_commit"


@dataclass
class _Attempt:
    """One transaction. Once it is `committing`, a lost connection leaves its outcome unknown."""

    committing: bool = False
    stored: bool = False
    began: float = field(default_factory=time.monotonic)


def in_transaction() -> bool:
    """Is a `transaction()` open here?"""
    return session.registry.has() and bool(session.info.get(_OPEN))  # asking makes no session


def has_written() -> bool:
    """Did this session begin a `transaction()`, now or before? Then it must find what it wrote."""
    return session.registry.has() and bool(session.info.get(_WROTE))


@contextmanager
def transaction(isolation: Isolation | None = None, *, seconds: float | None = None) -> Iterator[None]:
    """All of the body is stored, or nothing. Never nests; begins as a writer; ends within so many seconds, if said.

    Raises RuntimeError when one is open already, or when rows were changed before it began; TooLong (503) and
    DBAPIError when its time is over.
    """
    with _attempt(_Attempt(), isolation, seconds):
        yield


@contextmanager
def _attempt(attempt: _Attempt, isolation: Isolation | None, seconds: float | None) -> Iterator[None]:
    with patience.within(seconds):
        _begin(isolation)
        try:
            yield
            session.flush()  # what is written last is seen, too, by who waits for the commit
            for work in _taken(_BEFORE):
                work()
            patience.check()
            attempt.committing = True
            session.commit()
            attempt.stored = True
        except BaseException as error:
            _taken(_AFTER)  # first: on a lost connection the rollback fails, too
            session.rollback()
            _count_failure(attempt, error)
            raise
        finally:
            session.info.pop(_OPEN, None)
            _taken(_BEFORE)
    counters.add(committed=1, transaction_milliseconds=(time.monotonic() - attempt.began) * 1000)
    for work in _taken(_AFTER):
        work()


def _count_failure(attempt: _Attempt, error: BaseException) -> None:
    unknown = attempt.committing and isinstance(error, DBAPIError) and not dialects.may_retry(error)
    overdue = isinstance(error, patience.TooLong) or (isinstance(error, DBAPIError) and dialects.is_timeout(error))
    counters.add(rolled_back=int(not unknown), unknown=int(unknown), overdue=int(overdue))


def _begin(isolation: Isolation | None) -> None:
    if in_transaction():
        raise RuntimeError("transactions do not nest: use savepoint()")
    if reading_from.get() is not None:
        raise RuntimeError("what reads from a replica writes nothing")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a transaction")
    _end_reading()
    session.info[_OPEN] = session.info[_WROTE] = True
    try:
        with dialects.writing():
            session.connection(execution_options=dialects.isolation(session.get_bind(), isolation))
    except BaseException:
        session.rollback()
        session.info.pop(_OPEN, None)
        raise


def _end_reading() -> None:
    """With nothing changed there is nothing to write. A connection lost meanwhile must not be in the next try's way."""
    try:
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def savepoint() -> Iterator[None]:
    """The part of a transaction that may fail alone."""
    if not in_transaction():
        raise RuntimeError("a savepoint needs a transaction")
    with session.begin_nested():
        yield


def run_in_transaction(
    work: Callable[[], Result],
    *,
    retries: int = RETRIES,
    isolation: Isolation | None = None,
    seconds: float | None = None,
) -> Result:
    """Run `work` in a transaction, and again (with backoff and jitter) when the database surely undid it.

    That is after a deadlock, a serialization failure, or a connection that was lost before the commit began. A commit
    whose outcome is unknown is never tried again, nor a refusal: what was raised is raised.
    """
    start = time.monotonic()
    for tried in range(retries + 1):
        attempt = _Attempt()
        try:
            with _attempt(attempt, isolation, seconds):
                return work()
        except DBAPIError as error:
            pause = _pause(error, attempt, tried)
            if tried == retries or pause is None or time.monotonic() + pause - start > _LONGEST:
                raise
            counters.add(retried=1)
            time.sleep(pause)
    raise AssertionError("unreachable")


def _pause(error: DBAPIError, attempt: _Attempt, tried: int) -> float | None:
    """Seconds to wait before the next try; `None` when there must be none."""
    if attempt.stored:
        return None  # it is what waited for the commit that failed
    if dialects.may_retry(error):
        first = _CONFLICT
    elif dialects.is_lost(error) and not attempt.committing:
        first = _AWAY
    else:
        return None
    return random.uniform(0.5, 1.0) * first * float(2**tried)


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
