"""Which status a lead may go to, what a move must explain, and who may work whose lead."""

from kroi.leads.rules.values import LeadStatus

MOVES: dict[LeadStatus, tuple[LeadStatus, ...]] = {
    LeadStatus.NEW: (LeadStatus.CONTACTED, LeadStatus.LOST, LeadStatus.SPAM),
    LeadStatus.CONTACTED: (LeadStatus.QUALIFIED, LeadStatus.APPOINTMENT, LeadStatus.LOST, LeadStatus.SPAM),
    LeadStatus.QUALIFIED: (LeadStatus.APPOINTMENT, LeadStatus.NEGOTIATING, LeadStatus.LOST),
    LeadStatus.APPOINTMENT: (
        LeadStatus.QUALIFIED,
        LeadStatus.NEGOTIATING,
        LeadStatus.WON,
        LeadStatus.LOST,
    ),
    LeadStatus.NEGOTIATING: (LeadStatus.APPOINTMENT, LeadStatus.WON, LeadStatus.LOST),
    LeadStatus.WON: (LeadStatus.NEGOTIATING,),
    LeadStatus.LOST: (LeadStatus.CONTACTED,),
    LeadStatus.SPAM: (LeadStatus.NEW,),
}
_ANSWERED = (
    LeadStatus.CONTACTED,
    LeadStatus.QUALIFIED,
    LeadStatus.APPOINTMENT,
    LeadStatus.NEGOTIATING,
    LeadStatus.WON,
)


def may_move(current: LeadStatus, target: LeadStatus) -> bool:
    """Is this a legal move?"""
    return target in MOVES[current]


def reopens_a_sale(current: LeadStatus, target: LeadStatus) -> bool:
    """The move that only managers make, and explain."""
    return (current, target) == (LeadStatus.WON, LeadStatus.NEGOTIATING)


def means_answered(target: LeadStatus) -> bool:
    """Has somebody of ours spoken to the shopper, once a lead stands here?"""
    return target in _ANSWERED


def may_work(assignee_id: int | None, user_id: int, *, works_all: bool) -> bool:
    """One's own leads and those that are nobody's; all of them for who `works_all`."""
    return works_all or assignee_id in (None, user_id)
