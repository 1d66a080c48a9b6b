"""When a staff session ends by itself, and by what its owner recognises it."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)  # how exactly we remember when a session was last used
PROOF_LASTS = timedelta(minutes=10)
_BROWSERS = (  # the first that a browser says of itself; most also say the names below theirs
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Whence:
    """Where a sign-in came from: the device in words, the network without the device's own part."""

    device: str | None = None
    network: str | None = None


def is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Unused for too long, or simply too old?"""
    return now - seen_at > IDLE or now - created_at > ABSOLUTE


def is_stale(seen_at: datetime, now: datetime) -> bool:
    """Is it time to write down that the session is in use?"""
    return now - seen_at > SEEN_EVERY


def is_proven(proven_at: datetime, now: datetime) -> bool:
    """Did they show who they are so lately that they may change how they sign in?"""
    return now - proven_at <= PROOF_LASTS


def device_of(user_agent: str) -> str | None:
    """What a browser says of itself, in two words: "Firefox, Linux"; `None` when it says nothing known."""
    names = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return ", ".join(name for name in names if name) or None


def network_of(address: str) -> str | None:
    """The network that an address is in, too wide to say which household: a /24, for IPv6 a /48."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def _first(known: tuple[tuple[str, str], ...], said: str) -> str | None:
    return next((name for mark, name in known if mark in said), None)
