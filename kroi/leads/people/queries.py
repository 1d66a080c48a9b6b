"""Reads about people: who may be behind a contact, who they are, what looks like them, what was merged."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from kroi.accounts.models import User
from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.models import Lead, Person, Task
from kroi.leads.people.models import PairState, PersonMerge, PersonPair
from kroi.leads.people.rules import Keys
from kroi.leads.rules import LeadStatus, names

_SAME_CONTACT = 50  # people with one number or address that are looked at: a switchboard has more
_SAME_NAME = 20  # people of one name that are looked at, the newest
PAIRS_PER_PAGE = 25
LEADS_SHOWN = 50


@dataclass(frozen=True)
class Pair:
    """Two people who may be one, with the row that says why."""

    row: PersonPair
    one: Person
    other: Person


@dataclass(frozen=True)
class Merge:
    """A merge and what its people and the member of staff are called; `None`: erased, or nobody."""

    row: PersonMerge
    loser: str | None
    by: str | None


def list_candidates(keys: Keys, name: str) -> list[Person]:
    """Whoever shares the address, the number or the sound of the name, the longest known first; merged ones too."""
    wanted = [
        select(Person.id).where(column == key).order_by(order).limit(most).subquery()
        for column, key, order, most in (
            (Person.email_key, keys.email, Person.id, _SAME_CONTACT),
            (Person.phone_key, keys.phone, Person.id, _SAME_CONTACT),
            (Person.name_key, names.key(name), Person.id.desc(), _SAME_NAME),
        )
        if key
    ]
    if not wanted:
        return []
    ids = union_all(*(select(each.c.id) for each in wanted))  # an OR with an order would walk all people on SQLite
    query = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def find_holder(phone_key: str) -> Person | None:
    """The longest known person with this number."""
    return session.scalar(select(Person).where(Person.phone_key == phone_key).order_by(Person.id).limit(1))


def get(person_id: int) -> Person:
    """A person by number; raises NotFound."""
    found = session.scalar(select(Person).where(Person.id == person_id))
    if found is None:
        raise NotFound(_("There is no such person."))
    return found


def lock(*person_ids: int) -> list[Person]:
    """These people, held for a change until the transaction ends, in the order given; raises NotFound."""
    query = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update()
    found = {row.id: row for row in session.scalars(query.execution_options(populate_existing=True))}
    if len(found) != len(set(person_ids)):
        raise NotFound(_("There is no such person."))
    return [found[each] for each in person_ids]


def find_locked(person_id: int) -> Person | None:
    """A person, held for a change, or `None` when they are gone."""
    query = select(Person).where(Person.id == person_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def root_id(person: Person) -> int:
    """The number of the person that this one has become, or is."""
    while person.merged_into is not None:
        person = session.scalars(
            select(Person).where(Person.id == person.merged_into).execution_options(populate_existing=True)
        ).one()
    return person.id


def list_merged_into(person_id: int) -> list[Person]:
    """Everybody who has become this person, also by way of others, the first first."""
    found: list[Person] = []
    last: Sequence[int] = [person_id]
    while last:
        rows = session.scalars(select(Person).where(Person.merged_into.in_(last)).order_by(Person.id)).all()
        found.extend(rows)
        last = [row.id for row in rows]
    return found


def known_by(person_id: int) -> int | None:
    """Who on the staff knows this person: the assignee of their last lead that somebody active has; their id."""
    query = (
        select(Lead.assignee_id)
        .join(User, User.id == Lead.assignee_id)
        .where(Lead.person_id == person_id, Lead.status != LeadStatus.SPAM, User.active)
        .order_by(Lead.received_at.desc(), Lead.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def list_leads(person_id: int) -> list[Lead]:
    """A person's leads with car and assignee, newest first; at most fifty."""
    query = (
        select(Lead)
        .where(Lead.person_id == person_id)
        .options(joinedload(Lead.car), joinedload(Lead.assignee))
        .order_by(Lead.received_at.desc(), Lead.id.desc())
        .limit(LEADS_SHOWN)
    )
    return list(session.scalars(query))


def count_leads(person_id: int) -> int:
    """How many leads a person has."""
    return session.scalar(select(func.count(Lead.id)).where(Lead.person_id == person_id)) or 0


def count_leads_of(person_ids: Sequence[int]) -> dict[int, int]:
    """How many leads each of these people has; who has none is left out."""
    query = select(Lead.person_id, func.count(Lead.id)).where(Lead.person_id.in_(person_ids)).group_by(Lead.person_id)
    return {row[0]: row[1] for row in session.execute(query)}


def count_moving(person_id: int) -> tuple[int, int]:
    """How many leads, and how many tasks that are not done, would go along with this person."""
    tasks = select(func.count(Task.id)).join(Lead, Lead.id == Task.lead_id)
    open_tasks = session.scalar(tasks.where(Lead.person_id == person_id, Task.done_at.is_(None)))
    return count_leads(person_id), open_tasks or 0


def list_pairs(state: PairState, after: int | None = None) -> tuple[list[Pair], int | None]:
    """Pairs of people who still are two, newest first, and the place where the next page starts, if there is one."""
    query = _pairs().where(PersonPair.state == state).order_by(PersonPair.id.desc()).limit(PAIRS_PER_PAGE + 1)
    if after is not None:
        query = query.where(PersonPair.id < after)
    found = [Pair(*row) for row in session.execute(query)]
    page = found[:PAIRS_PER_PAGE]
    return page, page[-1].row.id if len(found) > len(page) else None


def list_pairs_of(person_id: int) -> list[Pair]:
    """Open suggestions about one person."""
    sides = (PersonPair.one_id, PersonPair.other_id)
    ids = union_all(*(select(PersonPair.id).where(side == person_id) for side in sides))  # an OR would walk all pairs
    open_ones = PersonPair.id.in_(ids), PersonPair.state == PairState.OPEN
    query = _pairs().where(*open_ones).order_by(PersonPair.id.desc()).limit(20)
    return [Pair(*row) for row in session.execute(query)]


def list_said_of(person_id: int) -> list[PersonPair]:
    """Every pair with this person in it, whatever was said about it."""
    mine = or_(PersonPair.one_id == person_id, PersonPair.other_id == person_id)
    return list(session.scalars(select(PersonPair).where(mine).order_by(PersonPair.id)))


def find_pair(one_id: int, other_id: int) -> PersonPair | None:
    """What was said about these two, in any order."""
    first, second = sorted((one_id, other_id))
    return session.scalar(select(PersonPair).where(PersonPair.one_id == first, PersonPair.other_id == second))


def lock_pair(pair_id: int) -> PersonPair:
    """A suggestion, held for a change; raises NotFound."""
    query = select(PersonPair).where(PersonPair.id == pair_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such suggestion."))
    return found


def list_merges(person_id: int) -> list[Merge]:
    """Merges that this person came out of, newest first; undone ones too. At most fifty."""
    loser = aliased(Person)
    query = (
        select(PersonMerge, loser.name, User.name)
        .outerjoin(loser, loser.id == PersonMerge.loser_id)
        .outerjoin(User, User.id == PersonMerge.by_id)
        .where(PersonMerge.survivor_id == person_id)
        .order_by(PersonMerge.id.desc())
        .limit(50)
    )
    return [Merge(*row) for row in session.execute(query)]


def named_in_merges(person_ids: Sequence[int]) -> ColumnElement[bool]:
    """Is a merge about one of these people, on either side? A condition; its rows refer to nobody by a foreign key."""
    return or_(PersonMerge.survivor_id.in_(person_ids), PersonMerge.loser_id.in_(person_ids))


def lock_merge(merge_id: int) -> PersonMerge:
    """A merge, held for a change; raises NotFound."""
    query = select(PersonMerge).where(PersonMerge.id == merge_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such merge."))
    return found


def has_later_merge(merge: PersonMerge) -> bool:
    """Did the survivor take somebody else in after this, and has that not been undone?"""
    later = select(PersonMerge.id).where(
        PersonMerge.survivor_id == merge.survivor_id, PersonMerge.id > merge.id, PersonMerge.undone_at.is_(None)
    )
    return session.scalar(later.limit(1)) is not None


def _pairs() -> Select[PersonPair, Person, Person]:
    one, other = aliased(Person), aliased(Person)
    return (
        select(PersonPair, one, other)
        .join(one, and_(one.id == PersonPair.one_id, one.merged_into.is_(None)))
        .join(other, and_(other.id == PersonPair.other_id, other.merged_into.is_(None)))
    )
