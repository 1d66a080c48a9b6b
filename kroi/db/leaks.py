"""Connections that somebody forgot to give back: taken back when the request ends, and said where they were taken."""

import logging
import sys
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, has_app_context
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from kroi.db.statistics import counters, listening, rules

_log = logging.getLogger(__name__)
_LENT, _LENDER = "kroi_lent", "kroi.lender"
_ROOT = str(Path(__file__).resolve().parents[2]) + "/"
_OURS = str(Path(__file__).parent) + "/"
_MOST = 6  # places of our own code
Frames = tuple[tuple[str, int, str], ...]


def install(app: Flask) -> None:
    """Look when each request has ended. Before the session's own clean-up is installed, so as to come after it."""
    app.teardown_appcontext(_take_back)


def watch(engine: Engine) -> None:
    """Note where connections of this engine are taken."""
    event.listen(engine, "checkout", _lent)
    event.listen(engine, "checkin", _returned)


def _lent(connection: Any, record: ConnectionPoolEntry, fairy: Any) -> None:
    if has_app_context():
        lent = g.setdefault(_LENT, {})
        lent[record] = (listening.route(), _frames())
        record.info[_LENDER] = lent


def _returned(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info.pop(_LENDER, {}).pop(record, None)


def _frames() -> Frames:
    """Where we are: code places only, no values. What the database's own code does is left out."""
    found: list[tuple[str, int, str]] = []
    frame: Any = sys._getframe(2)
    while frame is not None and len(found) < _MOST:
        code = frame.f_code
        if _is_ours(code.co_filename):
            found.append((code.co_filename, frame.f_lineno, code.co_name))
        frame = frame.f_back
    return tuple(found)


@cache
def _is_ours(file: str) -> bool:
    return file.startswith(_ROOT) and "site-packages" not in file and not file.startswith(_OURS)


def _take_back(error: BaseException | None) -> None:
    for record, (route, frames) in list(g.pop(_LENT, {}).items()):
        fairy = record.fairy_ref() if record.fairy_ref else None
        if fairy is None:
            continue
        counters.add(leaked=1)
        where = rules.places(frames, _ROOT)
        _log.error("a connection was not given back by %s, taken at %s", route, where)
        fairy.invalidate()
