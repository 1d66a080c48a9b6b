"""Which inquiries are put aside: the trap is filled, sent faster than hands can, too many from one address."""

import enum
from datetime import datetime, timedelta

from kroi.leads.rules.drafts import InquiryDraft

FASTEST = timedelta(seconds=2)
WINDOW = timedelta(hours=1)


class SpamReason(enum.StrEnum):
    """Why an inquiry counts as spam; `STAFF` when one of us said so."""

    TRAP = "honeypot"
    TOO_FAST = "too_fast"
    TOO_MANY = "too_many"
    STAFF = "staff"


def reason(
    draft: InquiryDraft, *, made_at: datetime | None, now: datetime, sent_before: int, limit: int
) -> SpamReason | None:
    """Why this is spam, or `None`. `sent_before` counts what came from the same address in the last hour."""
    if draft.trap:
        return SpamReason.TRAP
    if is_within(FASTEST, made_at, now):
        return SpamReason.TOO_FAST
    return SpamReason.TOO_MANY if sent_before >= limit else None


def is_too_much(*, made_at: datetime | None, now: datetime, sent_before: int, limit: int) -> bool:
    """Will an inquiry be put aside for when it was sent, whatever stands in it?"""
    return is_within(FASTEST, made_at, now) or sent_before >= limit


def is_within(span: timedelta, made_at: datetime | None, now: datetime) -> bool:
    """Was a form sent so soon after it was made? A form from the future is not: our clock was put back in between.

    Nobody can send one on purpose, since the form's time is signed.
    """
    return made_at is not None and timedelta() <= now - made_at <= span
