"""Who of the staff may do what with a lead: asked by every page that works one."""

from flask_babel import gettext as _

from kroi.accounts import queries as accounts
from kroi.accounts.access import Permission, may, me
from kroi.accounts.models import User
from kroi.core.errors import Forbidden, Invalid
from kroi.leads import queries, service
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus, moves


def may_work(lead: Lead) -> bool:
    """May who is signed in work this lead?"""
    return moves.may_work(lead.assignee_id, me().id, works_all=may(me(), Permission.WORK_ALL_LEADS))


def may_make(current: LeadStatus) -> bool:
    """May they move a lead on from here? A won one is reopened by managers."""
    return current is not LeadStatus.WON or may(me(), Permission.WORK_ALL_LEADS)


def work(lead_id: int) -> Lead:
    """The lead, locked; raises Forbidden when it is somebody else's and this person may not work all."""
    lead = queries.lock(lead_id)
    if not may_work(lead):
        raise Forbidden(_("This lead is being worked by somebody else."))
    return lead


def move(lead_id: int, target: LeadStatus, reason: str | None) -> Lead:
    """Move a lead along, in a transaction; raises Forbidden, Conflict or Invalid."""
    lead = work(lead_id)
    if moves.reopens_a_sale(lead.status, target) and not may(me(), Permission.WORK_ALL_LEADS):
        raise Forbidden(_("Only a manager can reopen a sale."))
    service.change_status(lead, target, reason=reason)
    return lead


def give(lead_id: int, user: User | None) -> Lead:
    """Give a lead to somebody or back, in a transaction; raises Forbidden or Conflict."""
    lead = queries.lock(lead_id)
    if not may(me(), Permission.ASSIGN_LEADS):
        _refuse_others_hands(lead, user.id if user else None)
    service.assign(lead, user)
    return lead


def chosen_user(raw: str) -> User | None:
    """The member of staff that a form names; empty is nobody. Raises Invalid."""
    if not raw:
        return None
    known = raw.isascii() and raw.isdigit() and len(raw) < 19
    user = accounts.find_active(int(raw)) if known else None
    if user is None:
        raise Invalid(_("Choose somebody from the list."))
    return user


def chosen_status(raw: str) -> LeadStatus:
    """The status that a form names; raises Invalid."""
    if raw not in list(LeadStatus):
        raise Invalid(_("There is no such status."))
    return LeadStatus(raw)


def _refuse_others_hands(lead: Lead, user_id: int | None) -> None:
    """Sales take a free lead for themselves, or give back their own; the rest is a manager's."""
    takes = lead.assignee_id is None and user_id == me().id
    gives_back = lead.assignee_id == me().id and user_id in (None, me().id)
    if not takes and not gives_back:
        raise Forbidden(_("Only a manager can give a lead to somebody else."))
