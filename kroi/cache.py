"""The only file that talks to the cache: frozen answers by name and version, forgotten after the commit.

A dead Redis costs half a second now and then, never an error: after a failure nobody tries for a while, and what was to
be forgotten meanwhile is forgotten before anything else is asked. Keys hold the dealership, the query's name and a
digest of its arguments.
"""

import functools
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app
from flask_babel import get_locale
from flask_caching import Cache
from flask_caching.backends import NullCache
from redis.backoff import NoBackoff
from redis.retry import Retry

from kroi.core import clock
from kroi.core.config import Settings
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit, in_transaction

backend = Cache()
_log = logging.getLogger(__name__)
_VERSION_LIFE = 7 * 86_400
RESTS = 1.0  # seconds without a try after one that failed
Args = ParamSpec("Args")
Answer = TypeVar("Answer")


@dataclass
class Lookups:
    """How often this process asked for an answer that was kept, and how often there was none."""

    hits: int = 0
    misses: int = 0


@dataclass
class _State:
    """Until when (monotonic seconds) nobody tries, and which shelves could not be told that they are out of date."""

    rests_until: float = 0.0
    missed: set[str] = field(default_factory=set)
    lookups: Lookups = field(default_factory=Lookups)


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
        once_more = Retry(NoBackoff(), 1)  # on a new connection: the old one may be a dead server's
        config["CACHE_OPTIONS"] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": once_more}
    backend.init_app(app, config=config)
    app.extensions["kroi.cache"] = _State()


def cached(
    shelf: str, *, seconds: int, version: Callable[[], object] = str
) -> Callable[[Callable[Args, Answer]], Callable[Args, Answer]]:
    """Keep a query's answer (frozen data, never rows) on a shelf that `forget` clears. Not used inside transactions.

    `version` says of which data the answer is: then it is right even where `forget` was not heard.
    """

    def wrap(query: Callable[Args, Answer]) -> Callable[Args, Answer]:
        @functools.wraps(query)
        def ask(*args: Args.args, **kwargs: Args.kwargs) -> Answer:
            if in_transaction():
                return query(*args, **kwargs)
            key = _key(shelf, query.__qualname__, repr((version(), args, sorted(kwargs.items()))))
            found = _quietly(lambda: backend.get(key)) if key else None
            if key:
                _count(found is not None)
            if found is not None:
                return found[0]  # type: ignore[no-any-return]  # what this query answered
            answer = query(*args, **kwargs)
            if key:
                _quietly(lambda: backend.set(key, (answer,), timeout=seconds))
            return answer

        return ask

    return wrap


def forget(shelf: str) -> None:
    """Everything on the shelf is out of date, once the open transaction is stored."""
    name = _version_name(shelf)
    after_commit(lambda: _forget(name))


def _forget(name: str) -> None:
    if not isinstance(backend.cache, NullCache):
        _state().missed.add(name)
        _quietly(lambda: None)  # tells it


def forget_everything() -> None:
    """All shelves of all dealerships are out of date: the database is another one now."""
    _quietly(backend.clear)


def answers() -> bool | None:
    """Does the cache keep what it is given? `None` when there is none."""
    if isinstance(backend.cache, NullCache):
        return None
    return bool(_quietly(lambda: backend.set("alive", "yes", timeout=60) and backend.get("alive") == "yes"))


def lookups(app: Flask) -> Lookups:
    """What this process has asked so far; all nought where there is no cache."""
    found: _State = app.extensions["kroi.cache"]
    return found.lookups


def _count(hit: bool) -> None:
    found = _state().lookups
    if isinstance(backend.cache, NullCache):
        return
    if hit:
        found.hits += 1
    else:
        found.misses += 1


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
    """What the work answers; `None` when the cache does not answer, or did not a moment ago."""
    state = _state()
    if time.monotonic() < state.rests_until:
        return None
    try:
        for name in list(state.missed):
            backend.set(name, clock.now().isoformat(), timeout=_VERSION_LIFE)
            state.missed.discard(name)
        return work()
    except Exception as error:  # whatever the client raises, the page goes on without the cache
        state.rests_until = time.monotonic() + RESTS
        _log.warning("cache unavailable: %s", type(error).__name__)
        return None


def _state() -> _State:
    found: _State = current_app.extensions["kroi.cache"]
    return found
