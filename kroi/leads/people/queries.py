"""Which person a contact belongs to."""

from sqlalchemy import or_, select

from kroi.db.model import session
from kroi.leads.models import Person
from kroi.leads.people.rules import Keys


def find(keys: Keys) -> Person | None:
    """The person with this e-mail address, else with this number; the longest known first."""
    same = [
        column == key
        for column, key in ((Person.email_key, keys.email), (Person.phone_key, keys.phone))
        if key is not None
    ]
    if not same:
        return None
    found = session.scalars(
        select(Person).where(or_(*same)).order_by(Person.id).execution_options(populate_existing=True)
    ).all()
    by_email = (each for each in found if keys.email and each.email_key == keys.email)
    return next(by_email, found[0] if found else None)
