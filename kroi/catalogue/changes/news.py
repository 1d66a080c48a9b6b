"""What the page cache asks: who lives under a host, and what changed there since it last heard."""

from collections.abc import Callable

from flask import Flask

from kroi.catalogue.changes import watch
from kroi.core import clock
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.dealerships import rules
from kroi.dealerships.rules import Profile
from kroi.web.pages.middleware import House, Look


class CatalogueNews:
    """Answers from memory where it can; `look` asks the database, with a session of its own."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def find(self, host: str) -> House | None:
        """Who lives under this host, from memory; `None` also when memory is too old to say."""
        profile = dealerships.remembered(host)
        return _house(profile) if profile else None

    def version(self, dealership_id: int) -> int | None:
        """The catalogue's version, if this worker looked it up just now."""
        return watch.known(dealership_id)

    def look(self, host: str, known: Callable[[int], int | None]) -> Look | None:
        """The catalogue's version now, and the cars changed since the one that is `known` of this dealership."""
        with self._app.app_context():
            profile = dealerships.find_by_host(host)
            if profile is None:
                return None
            with acting_for(profile.id):
                version, ours = watch.version(), known(profile.id)
                changed = frozenset() if ours in (None, version) else watch.since(ours or 0)
            if changed is None or watch.NO_CAR in changed:
                dealerships.forget_map()
                profile = dealerships.find_by_host(host) or profile
        until = rules.changes_at(profile, clock.local(clock.now(), profile.zone))
        return Look(_house(profile), version, changed, until)


def _house(profile: Profile) -> House:
    return House(profile.id, profile.host, profile.language, profile)
