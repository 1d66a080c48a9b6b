"""Finding people costs the same among many: every way to them goes by an index."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event

from kroi.core import clock
from kroi.db import bulk
from kroi.db.model import db, session
from kroi.db.transaction import transaction
from kroi.leads.models import Person
from kroi.leads.people import queries, service
from kroi.leads.people.models import PairState, PersonPair
from kroi.leads.people.rules import keys
from kroi.leads.rules import names
from tests.leads.people.crowd import ask, people
from tests.support import plans
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

KNOWN = ("Anna Aho", "anna@example.com", "+358407654321")


def fill(count: int) -> None:
    """So many people beside the one we know, each with a pair."""
    now = clock.now()
    rows = [
        {
            "name": f"Nimi{n} Suku{n}", "email": f"n{n}@example.com", "email_key": f"n{n}@example.com", "phone": None,
            "phone_key": f"+35850{n:07}", "name_key": names.key(f"Nimi Suku{chr(97 + n % 26) * 3}{n}"),
            "seal_key": "-", "search_text": f"nimi{n}", "created_at": now, "updated_at": now, "merged_into": None,
        }
        for n in range(count)
    ]  # fmt: skip
    with transaction():
        session.execute(delete(PersonPair))
        session.execute(delete(Person).where(Person.name.startswith("Nimi")))
        bulk.insert_rows(Person, rows)
        ids = [row.id for row in session.query(Person).order_by(Person.id)]
        service.add_pairs((one, other, ["name"]) for one, other in zip(ids, ids[1:], strict=False))
    plans.settle()


def test_every_way_to_people_goes_by_an_index(app: Flask, engine: str) -> None:
    ask(*KNOWN)
    fill(2_000)
    (known,) = (row for row in people() if row.name == "Anna Aho")
    session.rollback()
    with statements() as sent:
        queries.list_candidates(keys(KNOWN[1], KNOWN[2], "FI"), KNOWN[0])
        queries.find_holder("+358407654321")
        queries.list_merged_into(known.id)
        queries.list_pairs_of(known.id)
        queries.list_pairs(PairState.OPEN)
        queries.list_merges(known.id)
        queries.known_by(known.id)
    explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "
    with db.engine.connect() as connection:
        for statement, values in sent:
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, values))
            for walk in ("SCAN people", "SCAN person_pairs", "Seq Scan on people", "Seq Scan on person_pairs"):
                assert walk not in plan, f"{statement}\n{plan}"


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of people inside, with its values."""
    sent: list[tuple[str, Any]] = []

    def see(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if "people" in statement or "person_" in statement:
            sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", see)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", see)


def test_an_inquiry_of_somebody_new_asks_about_people_a_few_times_only(app: Flask) -> None:
    fill(200)
    with counted_queries() as sent:
        ask("Zoe Zeck", "zoe@example.com", "+358501234567")
    assert len([each for each in sent if "FROM people" in each]) <= 5
