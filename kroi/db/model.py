"""What every table shares: typed columns, the dealership that owns a row, and the times it was written."""

import enum
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Engine,
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
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column, registry, scoped_session
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

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """A row is changed and deleted by its number *and* its dealership: no write of ours leaves the latter out.

        SQLAlchemy adds to the number only what it takes for the row's version, so that is what we say it is. A version
        would make it an error to delete what somebody else has deleted meanwhile; to us it is gone, as was wanted.
        """
        version = cls.__table__.c.dealership_id  # type: ignore[attr-defined]  # of the model
        return {"version_id_col": version, "version_id_generator": False, "confirm_deleted_rows": False}


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


reading_from: ContextVar[Engine | None] = ContextVar("kroi_reading_from", default=None)
"""The engine that sessions read from instead of the usual one; see `replica`."""


class _Session(FlaskSession):
    """Reads from the replica where somebody said so."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The replica, if it was chosen; else the usual engine."""
        return reading_from.get() or super().get_bind(*args, **kwargs)


db = SQLAlchemy(metadata=Model.metadata, session_options={"expire_on_commit": False, "class_": _Session})
session: scoped_session[Session] = db.session  # type: ignore[assignment]  # of Flask-SQLAlchemy's own kind
