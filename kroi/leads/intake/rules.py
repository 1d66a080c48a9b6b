"""What a lead is called: K, year and month, and its number in that month."""

import re
from datetime import datetime

_REFERENCE = re.compile(r"K-[0-9]{4}-[0-9]{4,9}")


def sequence(local_now: datetime) -> str:
    """The month's name, by which its numbers are counted: `lead 2611`."""
    return f"lead {local_now:%y%m}"


def reference(name: str, number: int) -> str:
    """What the shopper is told: `K-2611-0418`."""
    return f"K-{name.removeprefix('lead ')}-{number:04d}"


def is_reference(words: str) -> bool:
    """Can this be a reference of ours?"""
    return bool(_REFERENCE.fullmatch(words))
