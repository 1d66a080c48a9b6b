"""Every row has its dealership: reads are filtered, writes stamped, and with none chosen nothing works."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Executable, Table, bindparam, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.sql import visitors

from kroi.db import dialects
from kroi.db.model import Model, Owned, session
from kroi.db.transaction import in_transaction

ACROSS: Literal["across"] = "across"
_chosen: ContextVar[int | Literal["across"] | None] = ContextVar("kroi_dealership", default=None)
_TOLD = "kroi.told"  # what PostgreSQL was told in this transaction


class NoDealership(RuntimeError):
    """An owned table was touched with no dealership chosen: a bug, and never an empty answer."""


def current_dealership_id() -> int:
    """The dealership we act for; raises NoDealership when there is none."""
    chosen = _chosen.get()
    if not isinstance(chosen, int):
        raise NoDealership("no dealership is chosen")
    return chosen


def find_dealership_id() -> int | None:
    """The dealership we act for, or `None`."""
    chosen = _chosen.get()
    return chosen if isinstance(chosen, int) else None


@contextmanager
def acting_for(dealership_id: int) -> Iterator[None]:
    """Everything inside reads and writes this dealership's rows only."""
    with _choose(dealership_id):
        yield


@contextmanager
def across_dealerships() -> Iterator[None]:
    """Everything inside reads all rows. For operations only; writes must say whose they are."""
    with _choose(ACROSS):
        yield


@contextmanager
def _choose(chosen: int | Literal["across"]) -> Iterator[None]:
    before = _chosen.get()
    _forget_rows(before, chosen)
    token = _chosen.set(chosen)
    try:
        yield
    finally:
        _forget_rows(chosen, before)
        _chosen.reset(token)


def _forget_rows(old: int | str | None, new: int | str | None) -> None:
    """Rows of one dealership must not be found in the session of the next."""
    if old == new or old is None or not session.registry.has():
        return
    if in_transaction():
        raise RuntimeError("the dealership cannot change inside a transaction")
    session.remove()


# Outside the lambda below, or each query would build its criteria anew (the lambda cache would miss).
_OURS: BindParameter[int] = bindparam("kroi_dealership_id", callable_=current_dealership_id, unique=False)


_ONLY_OURS = with_loader_criteria(Owned, lambda cls: cls.dealership_id == _OURS, include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def _filter_reads(state: ORMExecuteState) -> None:
    chosen = _chosen.get()
    if chosen is None:
        if _reads_owned(state.statement):
            raise NoDealership("an owned table was read with no dealership chosen")
        return
    _tell_database(state.session)
    if chosen != ACROSS and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(_ONLY_OURS)


def _reads_owned(statement: Executable) -> bool:
    owned = {mapper.local_table for mapper in Model.registry.mappers if issubclass(mapper.class_, Owned)}
    parts = visitors.iterate(statement)  # type: ignore[arg-type]  # what is carried out can be walked
    return any(part in owned for part in parts if isinstance(part, Table))


@event.listens_for(Session, "before_flush")
def _stamp_writes(session_: Session, context: Any, instances: Any) -> None:
    owned = [row for row in (*session_.new, *session_.dirty, *session_.deleted) if isinstance(row, Owned)]
    if not owned:
        return
    chosen = _chosen.get()
    if chosen is None:
        raise NoDealership("an owned row was written with no dealership chosen")
    _tell_database(session_)
    for row in owned:
        if row.dealership_id is None and chosen != ACROSS:
            row.dealership_id = chosen
        elif chosen not in (ACROSS, row.dealership_id):
            raise RuntimeError(f"a {type(row).__name__} of another dealership cannot be written here")


@event.listens_for(Session, "after_begin")
def _begin(session_: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return
    session_.info.pop(_TOLD, None)
    _tell(session_, connection)


def _tell_database(session_: Session) -> None:
    """Row security on PostgreSQL follows the choice, also when it changes after the transaction began."""
    _tell(session_, session_.connection())


def _tell(session_: Session, connection: Connection) -> None:
    chosen = _chosen.get()
    if _TOLD in session_.info and session_.info[_TOLD] == chosen:
        return
    if chosen == ACROSS:
        dialects.enter_operations(connection)
    else:
        dialects.enter_tenant(connection, chosen if isinstance(chosen, int) else None)
    session_.info[_TOLD] = chosen
