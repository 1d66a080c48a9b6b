"""How long we wait for the database: for one statement, and for all of a transaction."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.exc import TimeoutError

_at_most: ContextVar[float | None] = ContextVar("kroi_at_most", default=None)
_until: ContextVar[float | None] = ContextVar("kroi_until", default=None)


class TooLong(TimeoutError):
    """The transaction's own time was over before its next statement."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Each statement in here may take so many seconds, whatever the settings say; `inf`: as long as it takes.

    More is for upkeep, and for nothing that a visitor waits for.
    """
    token = _at_most.set(seconds)
    try:
        yield
    finally:
        _at_most.reset(token)


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """All statements in here end within so many seconds from now; `None` adds no bound to those there are."""
    until = _until.get()
    if seconds is not None:
        until = min(float("inf") if until is None else until, time.monotonic() + seconds)
    token = _until.set(until)
    try:
        yield
    finally:
        _until.reset(token)


def left(usual: float) -> float | None:
    """How many seconds the statement that begins now has; `usual` is what the settings say. `None`: no end."""
    chosen, until = _at_most.get(), _until.get()
    most = usual if chosen is None else chosen
    if until is not None:
        most = min(most, until - time.monotonic())
    return None if most == float("inf") else max(most, 0.0)


def is_unbounded() -> bool:
    """Has somebody said that a statement may take as long as it takes?"""
    return _at_most.get() == float("inf")


def check() -> None:
    """Raise TooLong when the transaction's time is over."""
    until = _until.get()
    if until is not None and until < time.monotonic():
        raise TooLong("the transaction took too long")
