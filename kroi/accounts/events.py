"""What other rooms may hear of the staff."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkMade:
    """A link is to be mailed to one of the staff; `kind` is a TicketKind's value. Its secret is made again then."""

    user_id: int
    kind: str


@dataclass(frozen=True)
class EmailChanged:
    """One of the staff has another address; the link `ticket_id` knows the new one and the old one."""

    user_id: int
    ticket_id: int
