"""Leads, the people behind them, their scores, history and tasks."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Computed, Index, Integer, UniqueConstraint, literal_column
from sqlalchemy import text as sql
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kroi.accounts.models import User
from kroi.catalogue.models import Car
from kroi.core import sealing, text
from kroi.db.model import Key, Model, Owned, Timestamps, owned_key, owned_table
from kroi.leads.rules import Interest, LeadStatus, LostReason, Priority, Source, names

_CLOCKED = sql("clock_next_at IS NOT NULL")


def _findable(context: DefaultExecutionContext) -> str:
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]  # so it is there
    digits = (given.get("phone_key") or given.get("phone") or "").lstrip("+")
    return text.fold(" ".join(filter(None, (given["name"], given.get("email"), digits))))


def _name_key(context: DefaultExecutionContext) -> str:
    return names.key(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]  # so it is there


class Person(Owned, Timestamps, Model):
    """Somebody who asked, once or often. `seal_key` opens what is kept about them elsewhere: no row, no key."""

    __tablename__ = "people"
    __table_args__ = owned_table(
        Index(None, "dealership_id", "email_key"),
        Index(None, "dealership_id", "phone_key"),
        Index(None, "dealership_id", "name_key"),
        Index(None, "dealership_id", "merged_into"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    email: Mapped[str | None]
    email_key: Mapped[str | None]
    """The address as it compares, see `leads.people.rules.mails`."""
    phone: Mapped[str | None]
    phone_key: Mapped[str | None]
    """The number in E.164, when it is one."""
    seal_key: Mapped[str] = mapped_column(default=sealing.new_key)
    search_text: Mapped[str] = mapped_column(default=_findable)
    """Name, address and number as the inbox finds them: folded, the number as digits only."""
    name_key: Mapped[str | None] = mapped_column(default=_name_key)
    """The name as look-alikes find each other, see `leads.rules.names`; empty until somebody worked it out."""
    merged_into: Mapped[int | None] = mapped_column(BigInteger)
    """The person that this one turned out to be: the row stays for old links, its leads are theirs."""


# No IN: PostgreSQL writes it in other words each time it restores it, and backups compare schemas.
# Who to call first: what is open before what is over and spam, then priority, no answer yet, score. Smaller is sooner.
URGENCY = (
    "CASE WHEN status = 'spam' THEN 8100 - score"
    " WHEN status = 'won' OR status = 'lost' THEN 4100 - score"
    " ELSE CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1000 WHEN 'normal' THEN 2000 ELSE 3000 END"
    " + CASE WHEN first_answer_at IS NULL THEN 0 ELSE 500 END + 100 - score END"
)
OVER_FROM, SPAM_FROM = 4_000, 8_000
"""The least urgency of a lead that is over, and of spam."""
_OPEN = sql(f"urgency < {OVER_FROM}")
# What counts and orders of open leads ask for: of a year's leads most are over, and this holds those that are not.
_OPEN_BY = (
    "dealership_id", "urgency", "id", "assignee_id", "first_answer_at", "answer_due_at", "clock_step", "status",
    "car_id", "score_version",
)  # fmt: skip


class Lead(Owned, Timestamps, Model):
    """One inquiry, and how far staff have got with it."""

    __tablename__ = "leads"
    __table_args__ = owned_table(
        owned_key("person_id", to="people"),
        owned_key("car_id", to="cars"),
        owned_key("assignee_id", to="users"),
        UniqueConstraint("dealership_id", "submission_key"),
        UniqueConstraint("dealership_id", "reference"),
        Index(None, "dealership_id", "status", "score", "id"),
        Index(None, "dealership_id", "received_at"),
        Index(None, "dealership_id", "updated_at"),
        Index(None, "dealership_id", "clock_next_at", postgresql_where=_CLOCKED, sqlite_where=_CLOCKED),
        Index(None, "dealership_id", "person_id", "received_at"),
        Index(None, "dealership_id", "car_id"),
        Index(None, "dealership_id", "assignee_id", "status"),
        Index(None, "dealership_id", "status", "updated_at"),
        Index(None, "dealership_id", "address_digest", "received_at"),
        Index(None, "dealership_id", "urgency", "id"),
        Index(None, "dealership_id", "status", "urgency", "id"),
        Index(None, "dealership_id", "assignee_id", "urgency", "id"),
        Index("ix_leads_open", *_OPEN_BY, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[Key]
    reference: Mapped[str]
    """What the shopper is told, such as K-2611-0418."""
    person_id: Mapped[int] = mapped_column(BigInteger)
    car_id: Mapped[int | None] = mapped_column(BigInteger)
    assignee_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    """Name, address and number as given this time; the person's row keeps what they gave first."""
    interest: Mapped[Interest]
    message: Mapped[str] = mapped_column(default="")
    source: Mapped[Source]
    utm_source: Mapped[str | None]
    utm_medium: Mapped[str | None]
    utm_campaign: Mapped[str | None]
    referrer_host: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    privacy_version: Mapped[str]
    marketing: Mapped[bool] = mapped_column(default=False)
    status: Mapped[LeadStatus] = mapped_column(default=LeadStatus.NEW)
    lost_reason: Mapped[LostReason | None]
    spam_reason: Mapped[str | None]
    score: Mapped[int]
    score_reasons: Mapped[list[dict[str, Any]]]
    """[{"code": …, "points": …}], adding up to `score`."""
    score_version: Mapped[int]
    priority: Mapped[Priority]
    received_at: Mapped[datetime]
    form_made_at: Mapped[datetime | None]
    submission_key: Mapped[str]
    """Digest of the form's token and what was typed: the same twice is one lead."""
    address_digest: Mapped[str | None]
    """Keyed digest of the sender's address, for the hourly limit."""
    first_answer_at: Mapped[datetime | None]
    """When a person of ours first answered; automatic messages do not count."""
    location_id: Mapped[int | None] = mapped_column(Integer)
    """Where its car stood when the clock was set, which says whose opening hours count; empty is the main one."""
    answer_due_at: Mapped[datetime | None]
    """By when it should be answered; empty where nobody waits for that: walk-ins, phone calls, spam."""
    answered_seconds: Mapped[int | None] = mapped_column(Integer)
    """Opening time from receipt to the first answer of a person."""
    clock_step: Mapped[int] = mapped_column(Integer, default=0, server_default=sql("0"))
    """How far the clock got while nobody answered, see `leads.clock.rules.Step`."""
    clock_next_at: Mapped[datetime | None]
    """When its next step is due."""
    answer_waiting_at: Mapped[datetime | None]
    """When they wrote back, while nobody has answered that."""
    urgency: Mapped[int] = mapped_column(Integer, Computed(URGENCY, persisted=True), nullable=True)
    """The inbox's order, worked out by the database from the columns above; never written."""

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    car: Mapped[Car | None] = relationship(lazy="raise", viewonly=True, overlaps="person")
    assignee: Mapped[User | None] = relationship(lazy="raise", viewonly=True, overlaps="person,car")


IS_OPEN: ColumnElement[bool] = Lead.urgency < literal_column(str(OVER_FROM), Integer)
"""Leads that want something from us. The number stands in the statement: SQLite must see that the index has them."""


class ActivityKind(enum.StrEnum):
    """What kind of thing happened to a lead."""

    RECEIVED = "received"
    NOTE = "note"
    CALL = "call"
    STATUS = "status"
    ASSIGNMENT = "assignment"
    TASK = "task"
    AUTOMATIC = "automatic"
    FILE = "file"
    MERGE = "merge"
    CLOCK = "clock"
    SCORE = "score"
    VISIT = "visit"
    WRITTEN = "written"
    ERASURE = "erasure"
    CONSENT = "consent"
    """They want no more offers."""
    MAIL = "mail"
    MAIL_LATER = "mail_later"
    """One that waits for its time; a `MAIL` once it has left."""


class Activity(Owned, Model):
    """One line of a lead's timeline. `text` is what somebody wrote; `facts` are codes, never personal."""

    __tablename__ = "activities"
    __table_args__ = owned_table(owned_key("lead_id", to="leads"), Index(None, "dealership_id", "lead_id", "at"))

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[ActivityKind]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Task(Owned, Model):
    """Something to do about a lead by a time."""

    __tablename__ = "tasks"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        Index(None, "dealership_id", "lead_id", "done_at", "due_at"),
        Index(None, "dealership_id", "done_at", "due_at"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(BigInteger)


class RuleSet(Owned, Model):
    """A version of the scoring rules, as data: points by code."""

    __tablename__ = "rule_sets"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "version"))

    id: Mapped[Key]
    version: Mapped[int]
    points: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
