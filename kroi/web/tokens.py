"""Signed text for forms and links: what it says cannot be forged, and each purpose has its own signature."""

import hashlib
import hmac
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from kroi.web.settings import settings


def make(purpose: str, data: Any) -> str:
    """`data` (JSON) signed for one purpose, with the time it was made."""
    return _signer(purpose).dumps(data)


def read(purpose: str, token: str, *, max_age: int | None = None) -> Any | None:
    """What the token says, or `None` when it is forged, for another purpose, or older than `max_age` seconds."""
    try:
        return _signer(purpose).loads(token, max_age=max_age)
    except BadData:
        return None


def digest(purpose: str, words: str) -> str:
    """Keyed SHA-256 of `words` for one purpose: compares, and cannot be turned back by who has the database."""
    key = f"{purpose}:{settings().secret_key}".encode()
    return hmac.new(key, words.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=f"kroi.{purpose}")
