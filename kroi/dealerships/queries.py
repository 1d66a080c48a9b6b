"""Which dealership a host name means, from a small map in memory."""

import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from kroi.core.errors import NotFound
from kroi.db import dialects
from kroi.db.model import session
from kroi.dealerships import rules
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules import Profile
from kroi.dealerships.rules import places as locations
from kroi.dealerships.rules.quotas import Quotas

_FRESH = 10.0  # seconds that another process may show an old profile
_RETRY = 1.0  # seconds before an unknown host may make us look again


@dataclass
class _Map:
    """What this process knows, and when (monotonic seconds) it learnt it."""

    by_host: dict[str, Profile]
    read_at: float


_known = _Map({}, float("-inf"))


def find_by_host(host: str) -> Profile | None:
    """The dealership that lives under this host name, else the one that answers for any, else `None`."""
    name, age = rules.bare_host(host), time.monotonic() - _known.read_at
    found = _known.by_host.get(name) or _known.by_host.get("")
    if age > _FRESH or (found is None and age > _RETRY):
        _read()
        found = _known.by_host.get(name) or _known.by_host.get("")
    return found


def remembered(host: str) -> Profile | None:
    """The same without a query: `None` when there is none, and when it is time to look again."""
    if time.monotonic() - _known.read_at > _FRESH:
        return None
    return _known.by_host.get(rules.bare_host(host)) or _known.by_host.get("")


def get_profile(dealership_id: int) -> Profile:
    """The profile of one dealership, from memory or the database; raises NotFound."""
    fresh = time.monotonic() - _known.read_at <= _FRESH
    for profile in _known.by_host.values() if fresh else ():
        if profile.id == dealership_id:
            return profile
    row = session.get(Dealership, dealership_id)
    if row is None:
        raise NotFound("There is no such dealership.")
    return _profile(row)


def list_profiles() -> list[Profile]:
    """All dealerships, oldest first. For commands and the worker."""
    return [_profile(row) for row in session.scalars(select(Dealership).order_by(Dealership.id))]


def get_only_or_by_host(host: str | None) -> Profile:
    """For commands: the one named by host, or the only one there is; raises NotFound with advice."""
    profiles = _profiles_there()
    if host is None and len(profiles) == 1:
        return profiles[0]
    for profile in profiles:
        if host is not None and rules.bare_host(host) in (profile.host, *profile.other_hosts):
            return profile
    names = ", ".join(profile.host or "(any host)" for profile in profiles)
    raise NotFound(f"Say which dealership with --dealership HOST. There are: {names}")


def _profiles_there() -> list[Profile]:
    """All of them; raises NotFound with advice where nobody has made the tables yet."""
    try:
        return list_profiles()
    except DBAPIError as error:
        session.rollback()
        if not dialects.is_bare(error):
            raise
        raise NotFound("The database holds no tables yet. Make them first: flask db upgrade") from None


def forget_map() -> None:
    """Read the map again at the next request of this process."""
    _known.read_at = float("-inf")


def _read() -> None:
    _known.by_host = {name: found for found in list_profiles() for name in (found.host, *found.other_hosts)}
    _known.read_at = time.monotonic()


def _profile(row: Dealership) -> Profile:
    return Profile(
        id=row.id,
        name=row.name,
        host=row.host,
        language=row.language,
        languages=tuple(dict.fromkeys((row.language, *row.languages))),
        currency=row.currency,
        zone=row.time_zone,
        phone=row.phone,
        email=row.email,
        street=row.street,
        postal_code=row.postal_code,
        city=row.city,
        country=row.country,
        privacy_version=row.privacy_version,
        hours=row.opening_hours,
        special=row.special_days,
        targets=row.response_targets,
        locations=locations.read(row.locations),
        usual_answer=row.usual_answer_seconds,
        finance=row.finance,
        retention=row.retention,
        quotas=Quotas.read(row.quotas),
        other_hosts=tuple(row.other_hosts),
    )
