"""What a score is judged by: facts about an inquiry, nothing personal among them."""

import re
from dataclasses import dataclass
from datetime import timedelta

from kroi.leads.rules import Interest
from kroi.leads.scoring.rules.throwaway import THROWAWAY

LONG_MESSAGE = 60  # characters
ASKED_BEFORE = timedelta(days=30)
NEW_ON_SALE = timedelta(days=7)
FAST = timedelta(seconds=5)

_LINK = re.compile(
    r"https?:|\bwww\.|<a\s|\[url"
    r"|\b[a-z0-9-]{1,63}\.(?:com|net|org|info|biz|io|me|ru|cn|xyz|top|shop|site|online|link|ly|fi|se|eu|de)(?:/|\b(?!@))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")


@dataclass(frozen=True)
class Evidence:
    """What is known about an inquiry when it is judged."""

    interest: Interest
    about_car: bool = False
    phone_can_exist: bool = False
    long_message: bool = False
    asked_before: bool = False
    new_on_sale: bool = False
    throwaway: bool = False
    link: bool = False
    fast: bool = False


def has_link(message: str) -> bool:
    """Does the message point to a page? A mail address is no link."""
    return bool(_LINK.search(_ADDRESS.sub(" ", message)))


def is_throwaway(email: str | None) -> bool:
    """Is the address of a service whose mailboxes live for minutes?"""
    labels = (email or "").casefold().rpartition("@")[2].split(".")
    return any(".".join(labels[start:]) in THROWAWAY for start in range(len(labels)))
