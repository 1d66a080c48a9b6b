"""How these tests ask, merge and look at rows."""

from typing import Any

from sqlalchemy import select

from kroi.db.model import db, session
from kroi.db.transaction import transaction
from kroi.leads import service as leads
from kroi.leads.models import Lead, Person
from kroi.leads.people import merging
from kroi.leads.people.models import PersonMerge, PersonPair
from kroi.leads.rules import InquiryDraft

TABLES = ("people", "leads", "tasks", "person_pairs")


def ask(name: str, email: str | None = None, phone: str | None = None, message: str = "Hello") -> Lead:
    """Somebody asks in person."""
    with transaction():
        return leads.add_walk_in(InquiryDraft(name=name, email=email, phone=phone, message=message))


def people() -> list[Person]:
    """Everybody, the first first."""
    return list(session.scalars(select(Person).order_by(Person.id).execution_options(populate_existing=True)))


def pairs() -> list[PersonPair]:
    """Every suggestion."""
    return list(session.scalars(select(PersonPair).order_by(PersonPair.id).execution_options(populate_existing=True)))


def merged(survivor_id: int, loser_id: int) -> PersonMerge:
    """Merge two."""
    with transaction():
        return merging.merge(survivor_id, loser_id)


def undone(merge_id: int) -> PersonMerge:
    """Undo a merge."""
    with transaction():
        return merging.undo(merge_id)


def rows(*tables: str) -> dict[str, list[Any]]:
    """Each row as the database gives it, column by column."""
    session.rollback()
    with db.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY id")]
            for name in tables or TABLES
        }
