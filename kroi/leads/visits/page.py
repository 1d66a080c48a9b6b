"""What the page of a lead shows of visits, and of what was asked for beyond words."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from kroi.leads.models import Lead
from kroi.leads.rules import Interest
from kroi.leads.visits import queries, words
from kroi.leads.visits.models import Appointment
from kroi.leads.wishes import queries as wishes
from kroi.leads.wishes.models import WishPhoto
from kroi.leads.wishes.words import pairs

_WISHING = (Interest.TRADE_IN, Interest.FINANCE, Interest.CALL_BACK, Interest.NOTIFY)


@dataclass(frozen=True)
class Side:
    """Needs no further query."""

    visits: Sequence[Appointment]
    pairs: Sequence[tuple[str, str]]
    photos: Sequence[WishPhoto]
    words: ModuleType = words


def side(lead: Lead) -> Side:
    """All of it, in one query for most leads and three at most."""
    wish = wishes.find(lead.id) if lead.interest in _WISHING else None
    photos = wishes.list_photos(lead.id) if lead.interest is Interest.TRADE_IN else []
    return Side(queries.list_of_lead(lead.id), pairs(wish) if wish else [], photos)
