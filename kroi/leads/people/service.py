"""Keeping people: found again by what they gave, completed and never overwritten, suggested where it is not certain."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update

from kroi.accounts import audit
from kroi.core import clock, text
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.leads.models import Person
from kroi.leads.people import queries
from kroi.leads.people.models import PairState, PersonPair
from kroi.leads.people.rules import Contact, Keys, Kind, Reason, Verdict, contacts, judge, mails
from kroi.leads.rules import InquiryDraft, names

_MOST_SUGGESTED = 5  # more people at one number or address are a firm, not one person
_NAMED_AT_ONCE = 100  # rows in one transaction
_NAMED_IN_A_ROUND = 2_000


def find_or_add(draft: InquiryDraft, keys: Keys, *, complete: bool = True) -> Person:
    """The person behind an inquiry, held until the transaction ends. The caller holds the locks of `keys.names()`.

    `complete` adds an address or a number that we did not have; what spam claims completes nobody. Whoever shares an
    address or a number under another name is somebody else, and the two are suggested as a pair.
    """
    looks = _looks_like(Contact(draft.name, keys))
    found = _lock_same(looks)
    if found is None:
        found = _add(draft, keys)
    elif complete:
        _complete(found, draft, keys)
    if complete:
        suggest(found.id, looks)
    return found


def hold(*names: str) -> None:
    """Wait for whoever stores, or erases, the same form, person or sender: what `Keys.names` says, or a name alike.

    Always in one order, so that none waits in a ring.
    """
    for name in sorted(set(names)):
        dialects.lock_named(session, f"inquiry {current_dealership_id()} {name}")


def suggest(person_id: int, looks: Iterable[tuple[Person, Verdict]], *, also_same: bool = False) -> None:
    """Remember who looks like this person; what was said about two people already stays as it is."""
    wanted = {Kind.SUGGESTED, Kind.SAME} if also_same else {Kind.SUGGESTED}
    found: dict[int, Sequence[Reason]] = {}
    for row, verdict in looks:
        other_id = queries.root_id(row)
        if verdict.kind in wanted and other_id != person_id:
            found.setdefault(other_id, verdict.reasons)
    if len(found) <= _MOST_SUGGESTED:
        add_pairs((person_id, other_id, list(reasons)) for other_id, reasons in found.items())


def add_pairs(pairs: Iterable[tuple[int, int, Sequence[str]]], state: PairState = PairState.OPEN) -> None:
    """Store suggestions (two people and the codes of why), where nothing was said about the two yet."""
    now = clock.now()
    rows = [
        {
            "dealership_id": current_dealership_id(),
            "one_id": min(one, other),
            "other_id": max(one, other),
            "reasons": [str(each) for each in reasons],
            "state": state,
            "made_at": now,
        }
        for one, other, reasons in pairs
    ]
    table, key = PersonPair.__table__, ("dealership_id", "one_id", "other_id")
    dialects.upsert(table, rows, key=key, session=session)


def name_people() -> int:
    """Work out the keys of people that have none yet, and suggest who looks alike; how many there were.

    Such rows come from before there were keys, and from an older version that runs beside this one.
    """
    done = 0
    while done < _NAMED_IN_A_ROUND:
        with transaction():
            rows = _lock_nameless()
            for row in rows:
                _name(row)
            session.flush()
            for row in rows:
                keys = Keys(row.email_key, row.phone_key)
                suggest(row.id, _looks_like(Contact(row.name, keys)), also_same=True)
        done += len(rows)
        if len(rows) < _NAMED_AT_ONCE:
            break
    return done


def keys_of(email: str | None, phone: str | None) -> Keys:
    """How a contact compares at this dealership."""
    return contacts.keys(email, phone, dealerships.get_profile(current_dealership_id()).country)


def decide(pair: PersonPair, state: PairState) -> None:
    """Say that two people are not the same, or that it is worth asking again. The caller has locked the pair."""
    if pair.state is state:
        return
    pair.state, pair.decided_at, pair.decided_by_id = state, clock.now(), audit.actor_id()
    details = {"pair": pair.id, "other": pair.other_id, "state": state.value}
    audit.record("people.pair_decided", "person", pair.one_id, details=details, person_id=pair.one_id)


def _looks_like(contact: Contact) -> list[tuple[Person, Verdict]]:
    """Everybody who shares something with this contact, and what the matcher says of them."""
    rows = queries.list_candidates(contact.keys, contact.name)
    judged = ((row, judge(contact, Contact(row.name, Keys(row.email_key, row.phone_key)))) for row in rows)
    return [(row, verdict) for row, verdict in judged if verdict.kind is not Kind.DIFFERENT]


def _lock_same(looks: Sequence[tuple[Person, Verdict]]) -> Person | None:
    """Who this is: by address before number, the longest known first; whoever they have become by now."""
    same = [(row, verdict) for row, verdict in looks if verdict.kind is Kind.SAME]
    if not same:
        return None
    row, _verdict = min(same, key=lambda each: (Reason.EMAIL not in each[1].reasons, each[0].id))
    while True:
        (held,) = queries.lock(queries.root_id(row))
        if held.merged_into is None:  # else somebody merged them while we waited
            return held
        row = held


def _add(draft: InquiryDraft, keys: Keys) -> Person:
    added = Person(name=draft.name, email=draft.email, email_key=keys.email, phone=draft.phone, phone_key=keys.phone)
    session.add(added)
    session.flush()
    return added


def _complete(person: Person, draft: InquiryDraft, keys: Keys) -> None:
    if person.email is None and draft.email:
        person.email, person.email_key = draft.email, keys.email
        person.search_text += f" {text.fold(draft.email)}"
    if person.phone is None and draft.phone and _is_free(keys.phone, person):
        person.phone, person.phone_key = draft.phone, keys.phone
        person.search_text += f" {text.fold((keys.phone or draft.phone).lstrip('+'))}"


def _is_free(phone_key: str | None, person: Person) -> bool:
    """A number stays with who had it first."""
    holder = queries.find_holder(phone_key) if phone_key else None
    return holder is None or queries.root_id(holder) == person.id


def _lock_nameless() -> Sequence[Person]:
    query = select(Person).where(Person.name_key.is_(None)).order_by(Person.id).limit(_NAMED_AT_ONCE)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def _name(row: Person) -> None:
    """Keys are no news about somebody: the row's time stays."""
    values = {"name_key": names.key(row.name), "email_key": mails.key(row.email) if row.email else None}
    session.execute(
        update(Person).where(Person.id == row.id).values(**values, updated_at=Person.updated_at),
        execution_options={"synchronize_session": "fetch"},
    )
