"""Listens to an engine: counts and times every statement, and logs the slow ones by route and without their values."""

import logging
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from kroi.core.config import Settings
from kroi.db import patience
from kroi.db.statistics import counters, rules

_log = logging.getLogger("kroi.db.queries")
_errand: ContextVar[str] = ContextVar("kroi_errand", default="-")


@contextmanager
def errand(name: str) -> Iterator[None]:
    """What is asked in here outside of any request is asked for this: a chore or a command."""
    token = _errand.set(name)
    try:
        yield
    finally:
        _errand.reset(token)


def route() -> str:
    """For whom we ask: the rule of the request's address (never the address itself), else the errand."""
    if not has_request_context():
        return _errand.get()
    rule = request.url_rule
    return rule.rule if rule is not None else "(no such page)"


def listen(engine: Engine, settings: Settings, uncounted: Container[str]) -> None:
    """Count, time and log what this engine is asked, but not what every transaction begins with."""
    slow_ms, debug = settings.database_slow_query_ms, settings.database_debug
    if debug:
        _log.setLevel(logging.INFO)

    def before(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        patience.check()
        context.kroi_began = time.perf_counter()

    def after(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        if statement in uncounted:
            return
        took = (time.perf_counter() - context.kroi_began) * 1000
        counters.count_query(statement, took, route(), slow=took >= slow_ms)
        if took >= slow_ms:
            _say(logging.WARNING, "slow statement", took, statement)
        elif debug:
            _say(logging.INFO, "statement", took, statement)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    event.listen(engine, "handle_error", _failed)


def _say(level: int, what: str, took: float, statement: str) -> None:
    words, where = rules.shape(statement), route()
    _log.log(
        level, "%s: %.0f ms for %s: %s", what, took, where, words, extra={"route": where, "milliseconds": round(took)}
    )


def _failed(context: ExceptionContext) -> None:
    counters.add(failed=1, lost=int(context.is_disconnect))
