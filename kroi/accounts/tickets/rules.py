"""How long links last, and how their secrets are made."""

import enum
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta


class TicketKind(enum.StrEnum):
    """What a link is for."""

    INVITE = "invite"
    RESET = "reset"
    EMAIL = "email"
    """To another address: whoever asked for it reads what is sent there."""


PASSWORD, EMAIL = frozenset({TicketKind.INVITE, TicketKind.RESET}), frozenset({TicketKind.EMAIL})
LASTS = {
    TicketKind.INVITE: timedelta(days=7),
    TicketKind.RESET: timedelta(hours=1),
    TicketKind.EMAIL: timedelta(days=1),
}
KEPT = timedelta(days=30)
PER_ACCOUNT, PER_ADDRESS = 3, 10  # letters asked for within the door's window


def new_nonce() -> str:
    """What makes each link another: 256 random bits."""
    return secrets.token_urlsafe(32)


def secret_of(key: str, dealership_id: int, nonce: str) -> str:
    """The secret in the link: nobody makes it who has only the database, or only the installation's key."""
    said = f"ticket|{dealership_id}|{nonce}".encode()
    return hmac.new(key.encode(), said, hashlib.sha256).hexdigest()


def digest(secret: str) -> str:
    """What is stored of a secret; it is long and random, so one hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def alike(kind: TicketKind) -> frozenset[TicketKind]:
    """Kinds that open the same: of these only the newest link counts."""
    return EMAIL if kind in EMAIL else PASSWORD


def is_good(used_at: datetime | None, expires_at: datetime, now: datetime) -> bool:
    """Does the link still open anything?"""
    return used_at is None and now < expires_at
