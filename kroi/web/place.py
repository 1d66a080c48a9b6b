"""Where we speak: language, currency and time zone of the page or mail being made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache

from flask import Flask, has_app_context
from flask_babel import Babel, refresh

from kroi.web import catalogues

NAMES = {"en": "English", "fi": "Suomi", "sv": "Svenska"}  # what each language calls itself
LANGUAGES = tuple(NAMES)


@dataclass(frozen=True)
class Place:
    """`language` of this page, `own` is the dealership's (its addresses have no prefix); IANA zone, ISO currency.

    `host` is the name that the dealership's pages have, empty when it answers to any.
    """

    language: str = "en"
    own: str = "en"
    currency: str = "EUR"
    zone: str = "UTC"
    host: str = ""

    def __hash__(self) -> int:
        return self._hash  # asked for dozens of times by each page

    @cached_property
    def _hash(self) -> int:
        return hash((self.language, self.own, self.currency, self.zone, self.host))

    @property
    def prefix(self) -> str:
        """What this language puts before a path: nothing for the dealership's own."""
        return "" if self.language == self.own else f"/{self.language}"


@lru_cache(maxsize=256)
def at(language: str, own: str, currency: str, zone: str, host: str) -> Place:
    """The place: one object for each, which memories that are keyed by places find soonest."""
    return Place(language, own, currency, zone, host)


_NOWHERE = Place()
_here: ContextVar[Place] = ContextVar("kroi_place", default=_NOWHERE)


def current() -> Place:
    """The place of this request or task."""
    return _here.get()


@contextmanager
def speaking(place: Place) -> Iterator[None]:
    """Texts, dates and money inside are made for `place`."""
    token = _here.set(place)
    _refresh()
    try:
        yield
    finally:
        _here.reset(token)
        _refresh()


def _refresh() -> None:
    if has_app_context():
        refresh()


def install(app: Flask) -> None:
    """Let Flask-Babel ask us for language and zone."""
    babel = Babel(app, locale_selector=lambda: current().language, timezone_selector=lambda: current().zone)
    babel.domain_instance = catalogues.Catalogues(lambda: current().language)
