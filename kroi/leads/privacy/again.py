"""Whoever was erased and is there again, because a backup was put back, is erased again: the ledger knows them."""

import logging
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from kroi.core.errors import Conflict, Refusal
from kroi.db import bulk
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.leads.models import Lead, Person
from kroi.leads.people import merging
from kroi.leads.people import queries as people
from kroi.leads.privacy import aftermath, ledger, service
from kroi.leads.privacy.ledger import Line
from kroi.leads.privacy.rules import Erased, Why

_log = logging.getLogger(__name__)
_AT_ONCE = 500  # ids in one query


def erase_everywhere() -> Erased:
    """Erase again whoever came back at any dealership, and wipe what the database keeps of them; who that was."""
    erased = Erased()
    for profile in dealerships.list_profiles():
        with acting_for(profile.id):
            erased += erase()
            if erased.lead_ids or erased.person_ids:
                aftermath.finish()
    return erased


def erase() -> Erased:
    """The same for our dealership, without waiting for the wiping. A chore: a database may come back by any way."""
    erased = Erased()
    for line in ledger.read():
        if line.house == current_dealership_id():
            erased += _erase(line)
    return erased


def _erase(line: Line) -> Erased:
    lead_ids, person_ids = _those_before(line, Lead, line.leads), _those_before(line, Person, line.people)
    if not lead_ids and not person_ids:
        return Erased()
    try:
        with transaction():
            for person_id in person_ids:
                _part(person_id, set(line.people))
            erased = service.erase_leads(lead_ids, why=Why.RESTORED)
            for person_id in person_ids:  # those who had no lead of their own
                if person_id not in erased.person_ids and session.get(Person, person_id) is not None:
                    erased += service.erase_person(person_id, why=Why.RESTORED)
    except Refusal:
        _log.error(
            "leads and people that were erased on %s are there again and could not be parted from others", line.at
        )
        return Erased()
    return erased


def _part(person_id: int, known: set[int]) -> None:
    """Undo merges with people who were not erased, the latest first; raises Conflict where that is impossible."""
    while True:
        root_id = people.root_id(people.get(person_id))
        if {root_id, *(each.id for each in people.list_merged_into(root_id))} <= known:
            return
        merges = (each.row for each in people.list_merges(root_id) if each.row.undone_at is None)
        last = next(merges, None)
        if last is None:
            raise Conflict(_("One of these two has been merged meanwhile. Look again."))
        merging.undo(last.id)


def _those_before(line: Line, model: type[Any], ids: Sequence[int]) -> list[int]:
    """Those that are there and were made before they were erased: numbers may be given out again."""
    return [
        found
        for some in bulk.batches(ids, _AT_ONCE)
        for found in session.scalars(select(model.id).where(model.id.in_(some), model.created_at <= line.at))
    ]
