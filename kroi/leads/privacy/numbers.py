"""Numbers of people and leads are given once: SQLite would give a deleted row's number to the next one.

Then an answer to an old mail would find somebody else's lead, and the record of who did what would speak of another.
The record knows the highest number of each: every lead is received in it, and everybody who is erased is named by it.
"""

from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Mapper, object_session

from kroi.accounts.models import AuditEntry
from kroi.db import dialects
from kroi.db.model import session
from kroi.leads.models import Lead, Person

_KINDS: dict[type[Any], str] = {Person: "person", Lead: "lead"}


@event.listens_for(Person, "before_insert")
@event.listens_for(Lead, "before_insert")
def _number(mapper: Mapper[Any], connection: Connection, row: Person | Lead) -> None:
    if row.id is None and dialects.gives_numbers_again(connection):
        row.id = 1 + max(_highest(connection, type(row)), _highest_known(row), _highest_new(row))


def _highest(connection: Connection, model: type[Any]) -> int:
    return connection.scalar(select(func.max(model.__table__.c.id))) or 0


def _highest_known(row: Person | Lead) -> int:
    query = select(func.max(AuditEntry.subject_id)).where(AuditEntry.subject_kind == _KINDS[type(row)])
    return session.scalar(query) or 0


def _highest_new(row: Person | Lead) -> int:
    """Of those that are stored in the same breath: their numbers are given, their rows not written yet."""
    around = object_session(row)
    return max((each.id or 0 for each in around.new if type(each) is type(row)), default=0) if around else 0
