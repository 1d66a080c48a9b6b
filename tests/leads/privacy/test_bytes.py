"""A grep of the database's own files finds nothing of who was erased, nor do the planner's samples of values."""

import random
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from kroi.core import clock
from kroi.db.model import db, session
from kroi.db.transaction import transaction
from kroi.leads import service as leads
from kroi.leads.models import Lead
from kroi.leads.privacy import aftermath, service
from kroi.leads.privacy.models import Aftermath
from kroi.leads.privacy.rules import Why
from tests.support.disk import raw_files
from tests.support.makers import make_lead

pytestmark = pytest.mark.slow

_WORD = "zanzibarquokka"


def test_no_byte_is_left_in_the_files(app: Flask, engine: str) -> None:
    if engine != "sqlite":
        return _no_sample_is_left()
    chance = random.Random(1)
    ids = []
    for number in range(60):
        lead = make_lead(f"{_WORD}{number} Aho", message=f"{_WORD} " * chance.randrange(1, 400))
        ids.append(lead.id)
        with transaction():
            row = session.get_one(Lead, lead.id)
            for _note in range(chance.randrange(1, 5)):
                leads.add_note(row, f"{_WORD} " * chance.randrange(1, 200))
            leads.add_task(row, f"Ask {_WORD}", clock.now())
    assert _found()
    chance.shuffle(ids)
    for some in (ids[:20], ids[20:21], ids[21:]):
        with transaction():
            service.erase_leads(some, why=Why.OWNER)
    assert _found() == [] and not session.scalars(select(Aftermath)).all()
    return None


def _found() -> list[str]:
    database = db.engine.url.database
    assert database is not None
    return [name for name, content in raw_files(Path(database)) if _WORD.encode() in content]


def _no_sample_is_left() -> None:
    """PostgreSQL keeps samples of values for its planner."""
    for number in range(30):
        make_lead(f"{_WORD}{number} Aho")
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE people")
    assert _sampled()
    ids = list(session.scalars(select(Lead.id)))
    make_lead("Bea Bystander")
    with transaction():
        service.erase_leads(ids, why=Why.OWNER)
    assert session.scalars(select(Aftermath)).all(), "the worker does it: it takes a while"
    aftermath.finish()
    assert not _sampled() and not session.scalars(select(Aftermath)).all()


def _sampled() -> bool:
    session.rollback()
    with db.engine.connect() as connection:
        query = text(
            "SELECT count(*) FROM pg_stats WHERE cast(histogram_bounds AS text) LIKE :word OR "
            "cast(most_common_vals AS text) LIKE :word"
        )
        return bool(connection.scalar(query, {"word": f"%{_WORD}%"}))


def test_somebody_who_reads_at_that_moment_is_waited_for(app: Flask, engine: str) -> None:
    if engine != "sqlite":
        return
    lead = make_lead(f"{_WORD} Aho")
    with db.engine.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM people").scalar()
        with transaction():
            service.erase_leads([lead.id], why=Why.OWNER)
        assert session.scalars(select(Aftermath)).all()
    aftermath.finish()
    assert _found() == [] and not session.scalars(select(Aftermath)).all()
