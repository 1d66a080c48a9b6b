"""The only file that talks to the cache: frozen answers by name and version, forgotten after the commit.

A dead Redis costs time, never an error. Keys hold the dealership, the query's name and a digest of its arguments.
"""

import functools
import hashlib
import logging
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from flask_babel import get_locale
from flask_caching import Cache
from flask_caching.backends import NullCache

from kroi.core import clock
from kroi.core.config import Settings
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit, in_transaction

backend = Cache()
_log = logging.getLogger(__name__)
_VERSION_LIFE = 7 * 86_400
Args = ParamSpec("Args")
Answer = TypeVar("Answer")


def init_app(app: Flask, settings: Settings) -> None:
    """Keep answers in Redis/Valkey when there is one.

    Without one nothing is kept between requests: another process could not say that its answer has become wrong.
    """
    config: dict[str, Any] = {"CACHE_TYPE": "NullCache", "CACHE_NO_NULL_WARNING": True}
    if settings.redis_url:
        config = {
            "CACHE_TYPE": "RedisCache",
            "CACHE_REDIS_URL": settings.redis_url,
            "CACHE_KEY_PREFIX": "kroi:",
        }
        config["CACHE_OPTIONS"] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    backend.init_app(app, config=config)


def cached(shelf: str, *, seconds: int) -> Callable[[Callable[Args, Answer]], Callable[Args, Answer]]:
    """Keep a query's answer (frozen data, never rows) on a shelf that `forget` clears. Not used inside transactions."""

    def wrap(query: Callable[Args, Answer]) -> Callable[Args, Answer]:
        @functools.wraps(query)
        def ask(*args: Args.args, **kwargs: Args.kwargs) -> Answer:
            if in_transaction():
                return query(*args, **kwargs)
            key = _key(shelf, query.__qualname__, repr((args, sorted(kwargs.items()))))
            found = _quietly(lambda: backend.get(key)) if key else None
            if found is not None:
                return found[0]  # type: ignore[no-any-return]
            answer = query(*args, **kwargs)
            if key:
                _quietly(lambda: backend.set(key, (answer,), timeout=seconds))
            return answer

        return ask

    return wrap


def forget(shelf: str) -> None:
    """Everything on the shelf is out of date, once the open transaction is stored."""
    name = _version_name(shelf)
    after_commit(lambda: _quietly(lambda: backend.set(name, clock.now().isoformat(), timeout=_VERSION_LIFE)))


def forget_everything() -> None:
    """All shelves of all dealerships are out of date: the database is another one now."""
    _quietly(backend.clear)


def answers() -> bool | None:
    """Does the cache keep what it is given? `None` when there is none."""
    if isinstance(backend.cache, NullCache):
        return None
    return bool(_quietly(lambda: backend.set("alive", "yes", timeout=60) and backend.get("alive") == "yes"))


def _key(shelf: str, query: str, arguments: str) -> str | None:
    name = _version_name(shelf)
    version = _quietly(lambda: backend.get(name) or "0")
    if version is None:
        return None
    digest = hashlib.sha256(f"{get_locale()}|{arguments}".encode()).hexdigest()[:32]
    return f"{name}:{version}:{query}:{digest}"


def _version_name(shelf: str) -> str:
    return f"{current_dealership_id()}:{shelf}"


def _quietly(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # whatever the client raises, the page goes on without the cache
        _log.warning("cache unavailable: %s", type(error).__name__)
        return None
