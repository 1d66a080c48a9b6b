"""Which rows refer to which: read from the foreign keys, so that a table that is added later is not forgotten."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import InstrumentedAttribute

from kroi.db.model import Model, Owned


def parents_first() -> list[type[Any]]:
    """The model of every table that dealerships own, after those that its rows refer to."""
    models = _models()
    return [models[table] for table in Model.metadata.sorted_tables if table in models]


def parents_of(model: type[Any]) -> Iterator[tuple[type[Any], InstrumentedAttribute[int]]]:
    """What this table's rows refer to: the other model, and the column that does."""
    mapper, models = model.__mapper__, _models()
    for key in mapper.local_table.foreign_key_constraints:
        columns = [each for each in key.columns if each.name != "dealership_id"]
        if columns and key.referred_table in models:
            yield models[key.referred_table], mapper.get_property_by_column(columns[0]).class_attribute


def _models() -> dict[Table, type[Any]]:
    mappers = [each for each in Model.registry.mappers if issubclass(each.class_, Owned)]
    return {cast(Table, each.local_table): each.class_ for each in mappers}  # no model of ours is a join or a query
