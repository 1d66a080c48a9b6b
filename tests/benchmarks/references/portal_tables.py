"""Kroi's own tables as somebody else would map them: read from the database, with the relations that the lists show."""

from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, foreign, relationship, remote, scoped_session, sessionmaker

from tests.benchmarks.references.database import URL

_TABLES = (
    "leads", "people", "cars", "users", "activities", "person_pairs", "audit_entries", "outbox", "notices",
    "appointments",
)  # fmt: skip
_engine = create_engine(URL)
database = scoped_session(sessionmaker(_engine))


class _Base(DeclarativeBase):
    """The root of these."""


_Base.metadata.reflect(_engine, only=_TABLES, resolve_fks=False)
_mapped: dict[str, Any] = {
    name: type(name.title(), (_Base,), {"__table__": _Base.metadata.tables[name], "__str__": lambda self: str(self.id)})
    for name in _TABLES
}
lead, person, car, user, activity, pair, entry, message, notice, visit = _mapped.values()


def _points(of: Any, column: str, to: Any) -> Any:
    """A row of `of` names one of `to`."""
    return relationship(to, primaryjoin=foreign(getattr(of, column)) == remote(to.id), viewonly=True)


lead.person, lead.car = _points(lead, "person_id", person), _points(lead, "car_id", car)
lead.assignee = _points(lead, "assignee_id", user)
activity.by, entry.actor = _points(activity, "by_id", user), _points(entry, "actor_id", user)
pair.one, pair.other = _points(pair, "one_id", person), _points(pair, "other_id", person)
message.user = _points(message, "user_id", user)
notice.lead = _points(notice, "lead_id", lead)
visit.lead, visit.car = _points(visit, "lead_id", lead), _points(visit, "car_id", car)
