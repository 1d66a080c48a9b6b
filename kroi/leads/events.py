"""What happened to leads that other rooms may care about."""

import enum
from dataclasses import dataclass
from datetime import datetime

from kroi.leads.rules import LeadStatus


@dataclass(frozen=True)
class InquirySubmitted:
    """A shopper asked (lead id); not published for spam."""

    lead_id: int


@dataclass(frozen=True)
class LeadAssigned:
    """A lead (id) was given to a user (id)."""

    lead_id: int
    user_id: int


@dataclass(frozen=True)
class LeadMoved:
    """A lead (id) went from one status to another."""

    lead_id: int
    before: LeadStatus
    after: LeadStatus


class ShopperDid(enum.StrEnum):
    """What a shopper may do on their own page."""

    WROTE = "wrote"
    MOVED_VISIT = "moved_visit"
    CANCELLED_VISIT = "cancelled_visit"
    ASKED_TO_BE_ERASED = "asked_to_be_erased"


@dataclass(frozen=True)
class ShopperActed:
    """A shopper did something on the page of their lead (id); not published for spam."""

    lead_id: int
    what: ShopperDid


class VisitNews(enum.StrEnum):
    """What may become of a visit that the shopper should hear of."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class VisitChanged:
    """Something became of a visit (id) of a lead (id), which begins at `starts_at`; not published for spam."""

    lead_id: int
    visit_id: int
    what: VisitNews
    starts_at: datetime
    by_us: bool


@dataclass(frozen=True)
class ErasureAsked:
    """The person behind a lead (id) wants to be erased."""

    lead_id: int


@dataclass(frozen=True)
class ErasureBegins:
    """Leads (ids) are erased in this transaction; their rows still stand."""

    lead_ids: tuple[int, ...]


@dataclass(frozen=True)
class AnswerRunsOut:
    """Nobody has answered a lead (id), and two thirds of the time to do so are over."""

    lead_id: int


@dataclass(frozen=True)
class AnswerOverdue:
    """A lead (id) went through the pool and still nobody has answered: a manager should know."""

    lead_id: int


@dataclass(frozen=True)
class LeadReturned:
    """A lead (id) that somebody had is in the pool again because nothing happened; `why` is a code."""

    lead_id: int
    why: str


@dataclass(frozen=True)
class LeadStranded:
    """The round finds nobody for a lead (id), and a manager should know; `why` is a code of assignment's reasons."""

    lead_id: int
    why: str


@dataclass(frozen=True)
class MailWritten:
    """One of us wrote a mail (id) about a lead (id); it waits to be sent, until `leaves_at` if that is given."""

    lead_id: int
    mail_id: int
    leaves_at: datetime | None = None


@dataclass(frozen=True)
class MailRecalled:
    """A mail (id) that waits for its time is not to leave."""

    mail_id: int


@dataclass(frozen=True)
class MailHurried:
    """A mail (id) that waits for its time is to leave now."""

    mail_id: int


@dataclass(frozen=True)
class MailFailed:
    """A mail (id) that a user (id) wrote about a lead (id) did not arrive."""

    lead_id: int
    mail_id: int
    user_id: int


@dataclass(frozen=True)
class AnswerCame:
    """They wrote back about a lead (id)."""

    lead_id: int
    mail_id: int
