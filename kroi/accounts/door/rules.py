"""How many wrong passwords are too many, and what is remembered of who tried.

A device that an account was opened from before has a count of its own, so that a stranger who uses up the account's
tries does not lock its owner out.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_KNOWN_DEVICE = 10
PER_ADDRESS = 20
DEVICE_LASTS = 180 * 86_400  # seconds
ACCOUNTS_PER_DEVICE = 5


@dataclass(frozen=True)
class Knock:
    """Somebody at the door: digests of where they stand and whom they say they are, and how often they may try."""

    address: str
    account: str
    known_device: bool = False
    per_account: int = PER_ACCOUNT
    per_address: int = PER_ADDRESS


def may_try(knock: Knock, *, by_account: int, by_address: int) -> bool:
    """May one more password be looked at, after so many wrong ones within WINDOW?

    `by_account` counts those from known devices when this is one, the others when not.
    """
    if knock.known_device:
        return by_account < PER_KNOWN_DEVICE
    return by_account < knock.per_account and by_address < knock.per_address


def digest(secret: str, kind: str, dealership_id: int, value: str) -> str:
    """What is stored of an address or an account: nobody without the secret can try out what it was."""
    said = f"{kind}|{dealership_id}|{value}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()[:32]


def neighbourhood(address: str) -> str:
    """The address itself, or for IPv6 the /64 that one household is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
