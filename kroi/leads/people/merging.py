"""Making two people one, and two again: one transaction each, and every row can go back as it was."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from kroi.accounts import audit
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db import bulk, dialects, references
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.leads.models import Activity, ActivityKind, Lead, Person
from kroi.leads.people import queries, service
from kroi.leads.people.models import PersonMerge, PersonPair
from kroi.leads.people.rules import Contact, Keys, Kind, judge

_CONTACTS = (("email", "email_key"), ("phone", "phone_key"))


def merge(survivor_id: int, loser_id: int) -> PersonMerge:
    """The second becomes the first: leads move, empty contact fields are filled, the row stays as a redirect.

    Raises Conflict when one of them is merged already, NotFound when there is no such person.
    """
    if survivor_id == loser_id:
        raise Conflict(_("These two are one already."))
    wait_for_other_merges()
    survivor, loser = queries.lock(survivor_id, loser_id)
    if survivor.merged_into is not None or loser.merged_into is not None:
        raise Conflict(_("One of these two has been merged meanwhile. Look again."))
    done = PersonMerge(
        survivor_id=survivor.id,
        loser_id=loser.id,
        at=clock.now(),
        by_id=audit.actor_id(),
        moved={model.__tablename__: _move(model, column, loser.id, survivor.id) for model, column in _referring()},
        taken=takes(survivor, loser),
        pairs=_carry_pairs(survivor.id, loser.id),
        search_at=len(survivor.search_text),
        survivor_updated_at=survivor.updated_at,
        loser_updated_at=loser.updated_at,
    )
    for column in done.taken:
        setattr(survivor, column, getattr(loser, column))
    survivor.search_text += f" {loser.search_text}"
    survivor.updated_at = loser.updated_at = done.at
    loser.merged_into = survivor.id
    session.add(done)
    session.flush()
    _tell(done, done.moved["leads"], undone=False)
    return done


def undo(merge_id: int) -> PersonMerge:
    """Two people again, every row as it was. Raises Conflict with the reason where that is impossible.

    A lead that came in between goes to the one its contact points at, and stays where that says nothing.
    """
    wait_for_other_merges()
    done = queries.lock_merge(merge_id)
    survivor, loser = _lock_both(done)
    came_since = _leads_since(done)
    for model, column in _referring():
        _put_back(model, column, done.moved.get(model.__tablename__, []), survivor.id, loser.id)
    _drop_pairs(done)
    _take_back(survivor, loser, done)
    loser.merged_into = None
    survivor.updated_at = done.survivor_updated_at if survivor.updated_at == done.at else clock.now()
    loser.updated_at = done.loser_updated_at
    done.undone_at, done.undone_by_id = clock.now(), audit.actor_id()
    session.flush()
    theirs = [lead.id for lead in came_since if _points_at(lead, loser, survivor)]
    _put_back(Lead, Lead.person_id, theirs, survivor.id, loser.id)
    _tell(done, [*done.moved["leads"], *theirs], undone=True)
    return done


def takes(survivor: Person, loser: Person) -> list[str]:
    """The columns that the survivor has empty and would take over."""
    return [
        column
        for pair in _CONTACTS
        if getattr(survivor, pair[0]) is None and getattr(loser, pair[0]) is not None
        for column in pair
    ]


def _lock_both(done: PersonMerge) -> tuple[Person, Person]:
    """Survivor and loser of a merge that can be undone."""
    if done.undone_at is not None:
        raise Conflict(_("This merge has been undone already."))
    first, second = sorted((done.survivor_id, done.loser_id))
    found = {row.id: row for row in (queries.find_locked(first), queries.find_locked(second)) if row}
    survivor, loser = found.get(done.survivor_id), found.get(done.loser_id)
    if survivor is None or loser is None:
        raise Conflict(_("One of the two has been erased, so this merge cannot be undone."))
    if survivor.merged_into is not None or queries.has_later_merge(done):
        raise Conflict(_("There is a later merge. Undo that one first."))
    return survivor, loser


def wait_for_other_merges() -> None:
    """Until the transaction ends nobody else makes two people one, or two again."""
    dialects.lock_named(session, f"merging {current_dealership_id()}")


def _referring() -> Iterator[tuple[type[Any], InstrumentedAttribute[int]]]:
    """Every table that says whose a row is, and the column by which it does: also one that is added later."""
    for model in references.parents_first():
        for parent, column in references.parents_of(model):
            if parent is Person and model is not PersonPair:
                yield model, column


def _move(model: type[Any], column: InstrumentedAttribute[int], before: int, after: int) -> list[int]:
    moved = list(session.scalars(select(model.id).where(column == before).order_by(model.id)))
    _put_back(model, column, moved, before, after)
    return moved


def _put_back(
    model: type[Any], column: InstrumentedAttribute[int], ids: Sequence[int], before: int, after: int
) -> None:
    """Say that these rows are somebody else's. Their time stays: nothing about them is news."""
    values = {column.key: after} | ({"updated_at": model.updated_at} if hasattr(model, "updated_at") else {})
    for some in bulk.batches(ids):
        session.execute(
            update(model).where(model.id.in_(some), column == before).values(values),
            execution_options={"synchronize_session": False},
        )
    for row in session.identity_map.values():
        if isinstance(row, model):
            session.expire(row)


def _carry_pairs(survivor_id: int, loser_id: int) -> list[int]:
    """Whoever looked like the other one looks like the survivor now, and whoever was not them is not; the new rows."""
    made = []
    for pair in queries.list_said_of(loser_id):
        third_id = pair.one_id + pair.other_id - loser_id
        if third_id != survivor_id and queries.find_pair(survivor_id, third_id) is None:
            service.add_pairs([(survivor_id, third_id, pair.reasons)], pair.state)
            added = queries.find_pair(survivor_id, third_id)
            assert added is not None
            made.append(added.id)
    return made


def _drop_pairs(done: PersonMerge) -> None:
    """What somebody decided about them in between stays decided."""
    session.execute(
        delete(PersonPair).where(PersonPair.id.in_(done.pairs), PersonPair.decided_at.is_(None)),
        execution_options={"synchronize_session": False},
    )


def _take_back(survivor: Person, loser: Person, done: PersonMerge) -> None:
    for column in done.taken:
        if getattr(survivor, column) == getattr(loser, column):
            setattr(survivor, column, None)
    words, at = survivor.search_text, done.search_at
    if words.startswith(loser.search_text, at + 1):
        survivor.search_text = words[:at] + words[at + 1 + len(loser.search_text) :]


def _leads_since(done: PersonMerge) -> Sequence[Lead]:
    query = select(Lead).where(Lead.person_id == done.survivor_id, Lead.received_at >= done.at).order_by(Lead.id)
    moved = set(done.moved["leads"])
    return [lead for lead in session.scalars(query) if lead.id not in moved]


def _points_at(lead: Lead, loser: Person, survivor: Person) -> bool:
    """Does what was given with this lead say the one, and not the other as well?"""
    given = Contact(lead.name, service.keys_of(lead.email, lead.phone))
    says = [judge(given, Contact(row.name, Keys(row.email_key, row.phone_key))).kind for row in (loser, survivor)]
    return says[0] is Kind.SAME and says[1] is not Kind.SAME


def _tell(done: PersonMerge, lead_ids: Sequence[int], *, undone: bool) -> None:
    """History and audit: numbers only."""
    people = (done.loser_id, done.survivor_id)
    before, after = reversed(people) if undone else people
    facts = {"merge": done.id, "before": before, "after": after, "undone": undone}
    line = {"kind": ActivityKind.MERGE, "at": clock.now(), "by_id": audit.actor_id(), "text": None, "facts": facts}
    bulk.insert_rows(Activity, [{"lead_id": lead_id, **line} for lead_id in lead_ids])
    action = "people.merge_undone" if undone else "people.merged"
    audit.record(action, "person", done.survivor_id, details=facts, person_id=done.survivor_id)
