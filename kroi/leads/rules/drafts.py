"""What an inquiry brings along, before it is a lead: what was typed, and how it was sent."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from kroi.leads.rules.campaigns import Campaign
from kroi.leads.rules.values import Interest, Source
from kroi.leads.rules.wishes import Wish


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
    wish: Wish = Wish()


@dataclass(frozen=True)
class Sending:
    """How an inquiry was sent. `nonce` and `made_at` are the form's (`None`: no form), `address` is a keyed digest."""

    nonce: str
    made_at: datetime | None
    source: Source
    language: str
    privacy_version: str
    address: str | None = None
    campaign: Campaign = field(default_factory=Campaign)


def same_words(one: str, other: str) -> bool:
    """Do two texts say the same, apart from space and case?"""
    return _spaced(one).casefold() == _spaced(other).casefold()


def submission_key(nonce: str, car_id: int | None, draft: InquiryDraft, contact: tuple[str, str]) -> str:
    """Digest of a form and what was typed into it; `contact` is e-mail and phone as they compare."""
    typed = [
        nonce,
        car_id,
        _spaced(draft.name),
        *contact,
        _spaced(draft.message),
        draft.interest.value,
        draft.marketing,
        bool(draft.trap),
        *filter(None, [draft.wish.said()]),
    ]
    return hashlib.sha256(json.dumps(typed).encode("ascii")).hexdigest()


def _spaced(words: str) -> str:
    return " ".join(words.split())
