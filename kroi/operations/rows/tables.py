"""Kroi's tables in an order in which no row comes before one that it refers to, and what their columns hold."""

import sqlalchemy as sa

from kroi.db.model import Model, UtcDateTime
from kroi.operations.rows.rules import Kind

_KINDS: tuple[tuple[type, Kind], ...] = (
    (UtcDateTime, Kind.MOMENT),
    (sa.JSON, Kind.JSON),
    (sa.Boolean, Kind.YES_NO),
    (sa.Integer, Kind.WHOLE),
    (sa.Date, Kind.DAY),
    (sa.Enum, Kind.TEXT),
    (sa.String, Kind.TEXT),
)


def parents_first() -> list[sa.Table]:
    """Every table."""
    return list(Model.metadata.sorted_tables)


def names(table: sa.Table) -> list[str]:
    """The columns in an order of their own, which does not depend on when a migration added them.

    Without those that the database works out from others by itself.
    """
    kept = (column.name for column in table.columns if column.computed is None)
    return sorted(kept, key=lambda name: (name != "id", name))


def kinds(table: sa.Table) -> list[Kind]:
    """What they hold, in the same order."""
    return [kind_of(table.columns[name]) for name in names(table)]


def kind_of(column: sa.Column[object]) -> Kind:
    """What a column holds; raises TypeError for a type that nobody has taught us to carry."""
    for type_, kind in _KINDS:
        if isinstance(column.type, type_):
            return kind
    raise TypeError(f"{column.table.name}.{column.name} holds {column.type!r}")


def owner_column(table: sa.Table) -> str:
    """The column that says whose a row is."""
    return "id" if table.name == "dealerships" else "dealership_id"
