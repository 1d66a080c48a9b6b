"""Reads of shoppers' own pages."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from kroi.core import clock
from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.mail.models import Direction, Mail
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.own_page import rules
from kroi.leads.own_page.models import ErasureRequest, OwnPage
from kroi.web import tokens


def get_lead(key: str, *, lock: bool = False) -> Lead:
    """The lead, with its car, whose page this key opens; raises NotFound, whatever is wrong with the key.

    `lock` holds it for a change until the transaction ends.
    """
    lead_id = _find_lead_id(key) if rules.is_key(key) else None
    if lead_id is None:
        raise NotFound(_("This link does not work, or not any more. Write to us, and we send you another one."))
    query = select(Lead).where(Lead.id == lead_id).options(joinedload(Lead.car), joinedload(Lead.assignee))
    if lock:
        query = query.with_for_update(of=Lead).execution_options(populate_existing=True)
    return session.scalars(query).one()


def find(lead_id: int) -> OwnPage | None:
    """The page of a lead, if it has one."""
    return session.scalar(select(OwnPage).where(OwnPage.lead_id == lead_id))


def find_key(lead_id: int) -> str:
    """The key of a lead's page, or nothing: there is none, it is over, or it was made with another secret."""
    page = find(lead_id)
    return key_of(page) if page and page.expires_at > clock.now() else ""


def key_of(page: OwnPage) -> str:
    """The key that opens a page, or nothing when our secret is another one than it was made with."""
    key = tokens.digest(rules.PURPOSE, rules.seed(page.dealership_id, page.lead_id, page.salt))
    return key if rules.digest(key) == page.digest else ""


def list_written(lead_id: int) -> list[Activity]:
    """What the shopper wrote on the page, oldest first."""
    query = select(Activity).where(Activity.lead_id == lead_id, Activity.kind == ActivityKind.WRITTEN)
    return list(session.scalars(query.order_by(Activity.at, Activity.id)))


def list_answers(lead_id: int) -> list[Mail]:
    """What we wrote about a lead and did arrive, oldest first.

    What came in by mail stays out: who has the page has shown that they sent the form, not that the mailbox is theirs.
    """
    query = select(Mail).where(Mail.lead_id == lead_id, Mail.direction == Direction.OUT, Mail.failed_at.is_(None))
    query = query.where(or_(Mail.leaves_at.is_(None), Mail.sent_at.is_not(None)))
    return list(session.scalars(query.order_by(Mail.at, Mail.id)))


def count_written(lead_id: int, since: datetime) -> int:
    """How often the shopper wrote on the page since then."""
    query = select(Activity.id).where(
        Activity.lead_id == lead_id, Activity.kind == ActivityKind.WRITTEN, Activity.at > since
    )
    return len(session.scalars(query).all())


def find_erasure(lead_id: int) -> ErasureRequest | None:
    """When the shopper asked to be erased, if they did."""
    return session.scalar(select(ErasureRequest).where(ErasureRequest.lead_id == lead_id))


def list_erasures() -> list[ErasureRequest]:
    """Who asked to be erased and still waits, the longest first, with leads and people."""
    query = (
        select(ErasureRequest)
        .where(ErasureRequest.done_at.is_(None))
        .options(joinedload(ErasureRequest.lead).joinedload(Lead.person))
        .order_by(ErasureRequest.asked_at)
        .limit(50)
    )
    return list(session.scalars(query))


def _find_lead_id(key: str) -> int | None:
    query = select(OwnPage.lead_id).where(OwnPage.digest == rules.digest(key), OwnPage.expires_at > clock.now())
    return session.scalar(query)
