"""When a staff session ends by itself."""

from datetime import datetime, timedelta

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)  # how exactly we remember when a session was last used


def is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Unused for too long, or simply too old?"""
    return now - seen_at > IDLE or now - created_at > ABSOLUTE


def is_stale(seen_at: datetime, now: datetime) -> bool:
    """Is it time to write down that the session is in use?"""
    return now - seen_at > SEEN_EVERY
