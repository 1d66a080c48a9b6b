"""What every table shares: typed columns, the dealership that owns a row, and the times it was written."""

import enum
from datetime import UTC, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry, scoped_session
from sqlalchemy.schema import Constraint
from sqlalchemy.types import TypeDecorator

from kroi.core import clock

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, on databases that keep zones and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: nobody could say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class BigKey(BigInteger):
    """A 64-bit key: BIGINT, and on SQLite INTEGER, because only that is its row id there."""


@compiles(BigKey, "sqlite")
def _sqlite_key(element: BigKey, compiler: Any, **kw: Any) -> str:
    return "INTEGER"


Json = JSON().with_variant(JSONB(), "postgresql")

Key = Annotated[int, mapped_column(BigKey, primary_key=True)]


class Model(DeclarativeBase):
    """The root of all tables."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={
            datetime: UtcDateTime,
            str: Text,
            dict[str, Any]: Json,
            list[str]: Json,
            list[int]: Json,
            list[list[str]]: Json,
            list[dict[str, Any]]: Json,
            enum.StrEnum: Enum(
                enum.StrEnum,
                native_enum=False,
                create_constraint=False,
                length=32,
                values_callable=lambda kind: [each.value for each in kind],
            ),
        },
    )


class Owned:
    """A row that belongs to one dealership: reads are filtered and writes stamped by `db.tenancy`."""

    dealership_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("dealerships.id", ondelete="RESTRICT"), nullable=False, sort_order=-9
    )


class Timestamps:
    """When the row was first written, and last."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now, sort_order=91)


def owned_table(*more: Constraint | Index) -> tuple[Constraint | Index, ...]:
    """`__table_args__` of an Owned table: what `owned_key` of other tables points at, and `more`."""
    return (UniqueConstraint("dealership_id", "id"), *more)


def owned_key(column: str, *, to: str) -> ForeignKeyConstraint:
    """A foreign key to a row of the same dealership, and never of another."""
    return ForeignKeyConstraint(["dealership_id", column], [f"{to}.dealership_id", f"{to}.id"], ondelete="RESTRICT")


db = SQLAlchemy(metadata=Model.metadata, session_options={"expire_on_commit": False})
session: scoped_session[Session] = db.session  # type: ignore[assignment]  # of Flask-SQLAlchemy's own kind
