"""Keeping people: found again by what they gave, and completed, never overwritten."""

from kroi.db.model import session
from kroi.leads.models import Person
from kroi.leads.people import queries
from kroi.leads.people.rules import Keys
from kroi.leads.rules import InquiryDraft


def find_or_add(draft: InquiryDraft, keys: Keys, *, complete: bool = True) -> Person:
    """The person behind an inquiry. The caller holds the locks of `keys.names()`.

    `complete` adds an address or a number that we did not have; what spam claims completes nobody.
    """
    found = queries.find(keys)
    if found is None:
        found = Person(
            name=draft.name, email=draft.email, email_key=keys.email, phone=draft.phone, phone_key=keys.phone
        )
        session.add(found)
        session.flush()
    elif complete:
        _complete(found, draft, keys)
    return found


def _complete(person: Person, draft: InquiryDraft, keys: Keys) -> None:
    if person.email is None and draft.email:
        person.email, person.email_key = draft.email, keys.email
    if person.phone is None and draft.phone and queries.find(Keys(None, keys.phone)) in (None, person):
        person.phone, person.phone_key = draft.phone, keys.phone
