"""What an inquiry brings along, before it is a lead: what was typed, and how it was sent."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from kroi.core import text
from kroi.leads.rules.values import Interest, Source

# Marks that turn the direction of the words around them: they make a name read as another one.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class InquiryDraft:
    """What a person told us. `trap` is what stood in the field that people never see."""

    name: str
    email: str | None = None
    phone: str | None = None
    message: str = ""
    interest: Interest = Interest.QUESTION
    marketing: bool = False
    trap: str = ""


@dataclass(frozen=True)
class Campaign:
    """What brought a visitor: the campaign's own words, and the host (no more) that they came from."""

    source: str | None = None
    medium: str | None = None
    name: str | None = None
    referrer_host: str | None = None


@dataclass(frozen=True)
class Sending:
    """How an inquiry was sent. `nonce` and `made_at` are the form's (`None`: no form), `address` is a keyed digest."""

    nonce: str
    made_at: datetime | None
    source: Source
    language: str
    privacy_version: str
    address: str | None = None
    campaign: Campaign = Campaign()


def one_line(words: str) -> str:
    """A name or a number as one line: control characters and runs of space become one space."""
    words = "".join(
        " " if unicodedata.category(mark) in ("Cc", "Zl", "Zp") else mark for mark in _clean(words)
    )
    return " ".join(words.split())


def many_lines(words: str) -> str:
    """A message with plain line ends and no control characters but them."""
    words = _clean(words).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in words if mark == "\n" or unicodedata.category(mark) != "Cc").strip()


def same_words(one: str, other: str) -> bool:
    """Do two texts say the same, apart from space, case and accents?"""
    return _bare(one) == _bare(other)


def submission_key(nonce: str, car_id: int | None, draft: InquiryDraft, contact: tuple[str, str]) -> str:
    """Digest of a form and what was typed into it; `contact` is e-mail and phone as they compare."""
    typed = [
        nonce,
        car_id,
        _bare(draft.name),
        *contact,
        _bare(draft.message),
        draft.interest.value,
        draft.marketing,
        bool(draft.trap),
    ]
    return hashlib.sha256(json.dumps(typed).encode("ascii")).hexdigest()


def _bare(words: str) -> str:
    return " ".join(text.fold(words).split())


def _clean(words: str) -> str:
    return _TURNS.sub("", words.replace("\x00", ""))
