"""What shoppers do on their own pages, and the keys that let them in."""

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _

from kroi.core import clock, events
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.leads.events import ErasureAsked, ShopperActed, ShopperDid
from kroi.leads.history import service as history
from kroi.leads.models import ActivityKind, Lead
from kroi.leads.offers import service as offers
from kroi.leads.own_page import queries, rules
from kroi.leads.own_page.models import ErasureRequest, OwnPage
from kroi.leads.rules import LeadStatus
from kroi.leads.visits import booking
from kroi.leads.visits.models import Appointment
from kroi.web import tokens

MOST_WRITTEN = 20  # messages a day
_DAY = timedelta(days=1)


def open_page(lead: Lead) -> str:
    """Give a new lead its page; the key to it."""
    page = OwnPage(lead_id=lead.id, dealership_id=lead.dealership_id)
    return _renew(page)


def key_of(lead: Lead) -> str:
    """The key of a lead's page, or nothing when it has none that works."""
    return queries.find_key(lead.id)


def rotate(lead: Lead) -> str:
    """A new key for a lead's page; the one before opens nothing any more. The caller has locked the lead."""
    key = _renew(queries.find(lead.id) or OwnPage(lead_id=lead.id, dealership_id=lead.dealership_id))
    history.audited("own page.new key", lead, {})
    return key


def write(lead: Lead, text: str) -> None:
    """The shopper adds a message, which waits for an answer. The caller has locked the lead. Raises Conflict."""
    if queries.count_written(lead.id, clock.now() - _DAY) >= MOST_WRITTEN:
        raise Conflict(_("That is a lot for one day. Please call us."))
    history.happened(lead, ActivityKind.WRITTEN, {}, text=text)
    history.audited("lead.written", lead, {})
    _tell(lead, ShopperDid.WROTE)


def cancel_visit(lead: Lead, visit: Appointment) -> None:
    """The shopper does not come. The caller has locked both; raises Conflict."""
    booking.cancel(lead, visit)
    _tell(lead, ShopperDid.CANCELLED_VISIT)


def move_visit(lead: Lead, visit: Appointment, starts_at: datetime) -> None:
    """The shopper comes at another time. The caller has locked both; raises Taken or Conflict."""
    booking.instead(lead, visit, starts_at)
    _tell(lead, ShopperDid.MOVED_VISIT)


def refuse_offers(lead: Lead) -> None:
    """The shopper wants no more offers, also where another inquiry of theirs allowed them. Nothing else changes."""
    offers.take_back(lead.person_id)


def ask_erasure(lead: Lead) -> None:
    """The shopper wants to be erased; asking twice is asking once. The caller has locked the lead."""
    if queries.find_erasure(lead.id) is not None:
        return
    session.add(ErasureRequest(lead_id=lead.id, asked_at=clock.now()))
    history.happened(lead, ActivityKind.ERASURE, {})
    history.audited("person.asked to be erased", lead, {})
    events.publish(ErasureAsked(lead.id))
    _tell(lead, ShopperDid.ASKED_TO_BE_ERASED)


def _renew(page: OwnPage) -> str:
    page.salt = secrets.token_urlsafe(16)
    key = tokens.digest(rules.PURPOSE, rules.seed(page.dealership_id, page.lead_id, page.salt))
    page.digest, page.expires_at = rules.digest(key), clock.now() + rules.LIVES
    session.add(page)
    session.flush()
    return key


def _tell(lead: Lead, what: ShopperDid) -> None:
    if lead.status is not LeadStatus.SPAM:
        events.publish(ShopperActed(lead.id, what))
