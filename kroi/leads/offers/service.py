"""Taking back that somebody wants offers: from then on nothing of theirs says so."""

from kroi.accounts import audit
from kroi.leads.history import service as history
from kroi.leads.models import ActivityKind
from kroi.leads.offers import queries


def take_back(person_id: int) -> int:
    """No more offers to this person, whichever inquiry allowed them, by who acts now; how many of them did.

    The caller has a transaction. Asked twice it does nothing: what stands is who took it back first, and when.
    Whoever ticks the box again later wants offers again.
    """
    leads = queries.lock_wanting(person_id)
    for lead in leads:
        lead.marketing = False
        history.happened(lead, ActivityKind.CONSENT, {})
    if leads:
        details: dict[str, object] = {"leads": [lead.id for lead in leads]}
        audit.record("offers.taken back", "person", person_id, details=details, person_id=person_id)
    return len(leads)
