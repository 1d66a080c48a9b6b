"""Many rows at once, with the same fences as one: stamped with the dealership, and only its own are changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Executable, func, inspect, select, update
from sqlalchemy.orm import InstrumentedAttribute

from kroi.db import dialects
from kroi.db.model import Model, session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import in_transaction

_BATCH = 5_000  # rows, or keys, in one statement
Item = TypeVar("Item")


def insert_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, given by column, to an owned table. All of them name the same columns."""
    for batch in _stamped(rows):
        dialects.insert_many(inspect(model).local_table, batch, session=session)


def update_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows by their `id`; raises LookupError, and changes nothing, if one is not the dealership's own."""
    keys = [row["id"] for row in rows]
    for some in batches(keys):
        if session.scalar(select(func.count(_key(model))).where(_key(model).in_(some))) != len(set(some)):
            raise LookupError("a row that is to be changed is not there")
    for batch in _stamped(rows):
        session.execute(update(model), batch)


def count_changed(statement: Executable) -> int:
    """Carry out an UPDATE or DELETE; how many rows it found. Of many at once, one finds the row as it was."""
    return session.execute(statement).rowcount  # type: ignore[attr-defined, no-any-return]  # Result does not tell


def batches(rows: Sequence[Item], most: int = _BATCH) -> Iterator[Sequence[Item]]:
    """The same in order, so many at a time: a statement takes only so many values."""
    return (rows[start : start + most] for start in range(0, len(rows), most))


def _key(model: type[Model]) -> InstrumentedAttribute[int]:
    """The model's `id`: an attribute, since a bare column would escape the dealership's filter."""
    key: InstrumentedAttribute[int] = inspect(model).attrs["id"].class_attribute
    return key


def _stamped(rows: Sequence[Mapping[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    if not in_transaction():
        raise RuntimeError("rows are written in a transaction")
    session.flush()
    mine = {"dealership_id": current_dealership_id()}
    for batch in batches(rows):
        yield [{**row, **mine} for row in batch]
