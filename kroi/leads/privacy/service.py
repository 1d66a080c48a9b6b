"""Erasing people and leads: their rows go, with all that hangs on them; numbers that name nobody stay."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select

from kroi.accounts import audit
from kroi.core import events
from kroi.db import bulk
from kroi.db.model import session
from kroi.db.transaction import after_commit
from kroi.leads.events import ErasureBegins
from kroi.leads.inbox.models import BulkChange
from kroi.leads.models import Lead, Person
from kroi.leads.people import merging
from kroi.leads.people import queries as people
from kroi.leads.people import service as naming
from kroi.leads.people.models import PersonMerge
from kroi.leads.people.rules import Keys
from kroi.leads.privacy import aftermath, facts, files, numbers
from kroi.leads.privacy.holdings import Holding, holdings
from kroi.leads.privacy.models import Aftermath
from kroi.leads.privacy.rules import Erased, Why

_AT_ONCE = 500  # leads
assert numbers  # who can erase must not give their numbers again


def erase_person(person_id: int, *, why: Why) -> Erased:
    """Erase somebody whole, with whoever was merged with them, in the caller's transaction.

    Raises NotFound when there is no such person, or not any more.
    """
    merging.wait_for_other_merges()
    person_ids = sorted(_locked_group(person_id))
    query = select(Lead.id).where(Lead.person_id.in_(person_ids)).order_by(Lead.id)
    return _erase(person_ids, list(session.scalars(query)), why)


def erase_leads(lead_ids: Sequence[int], *, why: Why) -> Erased:
    """Erase single leads, in the caller's transaction; whoever has none left goes with them.

    Numbers of leads that are gone are passed over.
    """
    merging.wait_for_other_merges()
    erased = Erased()
    for some in bulk.batches(sorted(set(lead_ids)), _AT_ONCE):
        query = select(Lead.id, Lead.person_id).where(Lead.id.in_(some)).order_by(Lead.id)
        owners = dict(session.execute(query).all())
        erased += _erase(_who_goes(owners), sorted(owners), why) if owners else Erased()
    return erased


def _locked_group(person_id: int) -> list[int]:
    """Somebody and everybody who is one with them, held, also against who would ask as one of them right now."""
    root_id = people.root_id(people.get(person_id))
    group = [people.get(root_id), *people.list_merged_into(root_id)]
    naming.hold(*(name for each in group for name in Keys(each.email_key, each.phone_key).names()))
    return [each.id for each in people.lock(*sorted(each.id for each in group))]


def _who_goes(owners: dict[int, int]) -> list[int]:
    """People (numbers) who have no other lead than these, with whoever was merged into them."""
    theirs = sorted(set(owners.values()))
    staying = select(Lead.person_id).where(Lead.person_id.in_(theirs), Lead.id.not_in(list(owners)))
    going = set(theirs) - set(session.scalars(staying.distinct()))
    return sorted({each for person_id in sorted(going) for each in _locked_group(person_id)})


def _erase(person_ids: Sequence[int], lead_ids: Sequence[int], why: Why) -> Erased:
    leads = _locked_leads(lead_ids)
    facts.keep(leads)
    events.publish(ErasureBegins(tuple(lead_ids)))
    held = holdings(person_ids, lead_ids)
    kept_files = files.names(held)
    rows = {each.name: _deleted(each) for each in held}
    _forget_numbers(person_ids, leads)
    session.add(Aftermath(why=why, people=list(person_ids), leads=list(lead_ids), files=kept_files))
    _let_go({each.model for each in held})
    after_commit(aftermath.begin)
    erased = Erased(tuple(person_ids), tuple(lead_ids), {name: count for name, count in rows.items() if count})
    _record(erased, why)
    return erased


def _locked_leads(lead_ids: Sequence[int]) -> list[Lead]:
    found: list[Lead] = []
    for some in bulk.batches(lead_ids, _AT_ONCE):
        query = select(Lead).where(Lead.id.in_(some)).order_by(Lead.id).with_for_update()
        found.extend(session.scalars(query.execution_options(populate_existing=True)))
    return found


def _deleted(held: Holding) -> int:
    return bulk.count_changed(delete(held.model).where(held.rows).execution_options(synchronize_session=False))


def _forget_numbers(person_ids: Sequence[int], leads: Sequence[Lead]) -> None:
    """Rows that name people and leads without referring to them."""
    merges = delete(PersonMerge).where(people.named_in_merges(person_ids))
    session.execute(merges.execution_options(synchronize_session=False))
    gone = {lead.id for lead in leads}
    since = min((lead.received_at for lead in leads), default=None)
    query = select(BulkChange).where(BulkChange.at >= since) if since else None
    for change in session.scalars(query).all() if query is not None else ():
        change.changes, change.refused = _without(change.changes, gone), _without(change.refused, gone)
    session.flush()


def _without(said: list[dict[str, Any]], gone: set[int]) -> list[dict[str, Any]]:
    """The same list when none of them is in it, so that the row counts as unchanged."""
    left = [each for each in said if each.get("lead") not in gone]
    return said if len(left) == len(said) else left


def _let_go(models: Iterable[type[Any]]) -> None:
    """What was read of deleted rows is forgotten, so that nobody goes on with it."""
    session.flush()
    for row in list(session.identity_map.values()):
        if isinstance(row, (*models, Person, PersonMerge)):
            session.expunge(row)


def _record(erased: Erased, why: Why) -> None:
    """Numbers only: a record that said who was erased would hold them still. Everybody has an entry of their own."""
    details = {"why": why.value, "leads": list(erased.lead_ids), "rows": dict(erased.rows)}
    if not erased.person_ids:
        audit.record("leads.erased", "leads", None, details=details)
    first, *others = erased.person_ids or (None,)
    if first is not None:
        audit.record("person.erased", "person", first, details=details | {"people": list(erased.person_ids)})
    for person_id in others:
        audit.record("person.erased", "person", person_id, details={"why": why.value})
