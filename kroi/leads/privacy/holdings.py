"""Which rows hang on people and leads: found by following the schema's foreign keys, so that no table is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from kroi.db import references
from kroi.db.model import session
from kroi.leads.models import Lead, Person


@dataclass(frozen=True)
class Holding:
    """A table, and which of its rows are about the people and leads in question."""

    model: type[Any]
    rows: ColumnElement[bool]

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.model.__tablename__)

    def count(self) -> int:
        """How many rows there are."""
        return session.scalar(select(func.count(self.model.id)).where(self.rows)) or 0


def holdings(person_ids: Sequence[int], lead_ids: Sequence[int]) -> list[Holding]:
    """Everything about these people and leads (numbers), in the order in which it can be deleted."""
    known: dict[type[Any], Sequence[int]] = {Person: person_ids, Lead: lead_ids}
    found: dict[type[Any], ColumnElement[bool]] = {model: model.id.in_(ids) for model, ids in known.items()}
    keys: dict[type[Any], Any] = dict(known)
    for model in references.parents_first():
        ways = [column.in_(keys[parent]) for parent, column in references.parents_of(model) if parent in found]
        if ways and model not in found:
            found[model] = or_(*ways)
            keys[model] = select(model.id).where(found[model])
    return [Holding(model, rows) for model, rows in reversed(found.items()) if known.get(model, True)]


def hanging() -> list[type[Any]]:
    """The models of every table that is about people: these two, and all that refers to them, at whatever distance."""
    return [each.model for each in holdings([0], [0])]
