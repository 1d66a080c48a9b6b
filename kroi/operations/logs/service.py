"""Lines of JSON: time, level, logger and message; request, route and dealership where there is one."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

from flask import Flask

from kroi.core.config import Settings
from kroi.db.statistics.listening import route as errand
from kroi.db.tenancy import find_dealership_id
from kroi.operations.logs import rules
from kroi.web import traces

_SERVER = ("_granian", "granian.access")  # granian's loggers, which keep to themselves


class Lines(logging.Formatter):
    """One line of JSON for each record, whoever logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Others' messages are given without the values in them, exceptions without their own words."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": rules.masked(_message(record)),
            "request_id": traces.request_id(),
            "route": getattr(record, "route", None) or traces.route() or _errand(),
            "dealership_id": find_dealership_id(),
            "milliseconds": getattr(record, "milliseconds", None),
            **_failure(record.exc_info),
        }
        return json.dumps({name: value for name, value in said.items() if value is not None}, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    return record.getMessage() if rules.is_ours(record.name) else str(record.msg)


def _errand() -> str | None:
    found = errand()
    return None if found == "-" else found


def _failure(
    info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None] | None,
) -> dict[str, object]:
    """What failed and where. An exception's own words may hold what a person typed."""
    if not info or info[0] is None:
        return {}
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(info[2])]
    return {"exception": info[0].__name__, "places": places}


def begin() -> None:
    """From now on everything that this process logs is said in lines of JSON, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("kroi").setLevel(logging.INFO)
    for name in _SERVER:
        logging.getLogger(name).handlers[:] = [handler]
    logging.captureWarnings(True)


def install(app: Flask) -> None:
    """In production; elsewhere people read the log as it comes."""
    settings: Settings = app.extensions["kroi.settings"]
    if settings.production:
        begin()
