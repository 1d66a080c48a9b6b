"""When what stands on a car's card ends by itself: it is new for a while, and an earlier price is news for a while."""

from datetime import datetime, timedelta

NEW_FOR = timedelta(days=7)


def is_new(listed_at: datetime | None, now: datetime) -> bool:
    """Has the car been on sale for so short a time that this is worth a word?"""
    return listed_at is not None and now < listed_at + NEW_FOR


def next_lapse(listed_at: datetime | None, struck_until: datetime | None, now: datetime) -> datetime | None:
    """The next moment at which one of the two ends, if any is still to come."""
    ends = (listed_at + NEW_FOR if listed_at else None, struck_until)
    return min((end for end in ends if end is not None and end > now), default=None)
