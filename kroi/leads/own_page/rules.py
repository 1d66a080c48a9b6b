"""The key of a shopper's own page: made from a salt and our secret, found by its digest, dead after a while."""

import hashlib
import re
from datetime import timedelta

LIVES = timedelta(days=90)
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
PURPOSE = "own page"


def is_key(words: str) -> bool:
    """Can this be a key of ours?"""
    return bool(_KEY.fullmatch(words))


def seed(dealership_id: int, lead_id: int, salt: str) -> str:
    """What a key is made from; who has the database has this, and not our secret."""
    return f"{dealership_id}:{lead_id}:{salt}"


def digest(key: str) -> str:
    """How a key is stored."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()
