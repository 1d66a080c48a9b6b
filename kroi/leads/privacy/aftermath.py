"""What an erasure does after it is stored: its line in the ledger, files, and what a database keeps of deleted rows."""

import logging
from typing import Any

from sqlalchemy import delete, select

from kroi.core import clock
from kroi.db import dialects
from kroi.db.model import db, session
from kroi.db.transaction import transaction
from kroi.leads.live import versions
from kroi.leads.people.models import PersonMerge
from kroi.leads.privacy import files, ledger
from kroi.leads.privacy.holdings import hanging
from kroi.leads.privacy.models import Aftermath

_log = logging.getLogger(__name__)


def begin() -> None:
    """Do what can be done at once. What fails, or takes long, is done by the chore; this raises nothing."""
    try:
        versions.look()
        _see_to_all(patient=False)
    except Exception as error:  # the erasure is stored: whoever asked for it must not be told that it failed
        _log.error("what follows an erasure waits: %s", type(error).__name__)


def finish() -> None:
    """Do what is left. A chore."""
    if session.scalar(select(Aftermath.id).limit(1)) is not None:
        _see_to_all(patient=True)


def _see_to_all(*, patient: bool) -> None:
    done = [row_id for row_id in list(session.scalars(select(Aftermath.id).order_by(Aftermath.id))) if _see_to(row_id)]
    session.rollback()  # a read of ours would keep the database from wiping
    models: list[type[Any]] = [*hanging(), PersonMerge]
    tables = [str(model.__tablename__) for model in models]
    if done and dialects.wipe(db.engine, tables, patient=patient):
        with transaction():
            session.execute(
                delete(Aftermath).where(Aftermath.id.in_(done)).execution_options(synchronize_session=False)
            )


def _see_to(row_id: int) -> bool:
    """The ledger and the files of one erasure; is nothing left of it?"""
    with transaction():
        query = select(Aftermath).where(Aftermath.id == row_id).with_for_update(skip_locked=True)
        row = session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            return False
        if row.noted_at is None:
            ledger.append(row.at, tuple(row.people), tuple(row.leads), row.why)
            row.noted_at = clock.now()
        row.files = [name for name in row.files if not files.remove(name)]
        if row.files:
            _log.warning("%s files of an erasure could not be removed, and will be tried again", len(row.files))
        return not row.files
