"""The audit chain's arithmetic: SHA-256 over canonical JSON of the entry and the hash before it."""

import hashlib
import json
from datetime import datetime
from typing import Any

START = "0" * 64


def entry_hash(previous: str, number: int, at: datetime, facts: dict[str, Any]) -> str:
    """The hash of one entry. `facts` is JSON data; `at` is UTC."""
    body = json.dumps(
        [previous, number, at.isoformat(timespec="microseconds"), facts],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    return hashlib.sha256(body.encode("ascii")).hexdigest()
