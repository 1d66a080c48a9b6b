"""Whose time is over is found without looking at what everybody else has to do."""

import pytest
from flask import Flask

from kroi.db.model import db
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.privacy.retention import queries
from kroi.leads.privacy.retention.queries import Today
from tests.leads.people.test_scale import statements

WALKS = ("SCAN leads", "SCAN tasks", "SCAN activities", "SCAN appointments", "tasks_dealership_id_done_at")
"""Ways of SQLite, which plans without numbers; what PostgreSQL reads is counted in `tests/leads/desk/test_plans.py`."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
def test_each_clock_begins_with_its_own_leads_and_looks_at_their_tasks_only(app: Flask, here: Dealership) -> None:
    today = Today.at(dealerships.get_profile(here.id))
    with statements() as sent:
        assert queries.count_people_due(today) == 0
        assert queries.list_due(today, 50) == []
    assert len(sent) == 2
    with db.engine.connect() as connection:
        for statement, values in sent:
            plan = "\n".join(str(row) for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values))
            assert [walk for walk in WALKS if walk in plan] == [], plan
            if "count" in statement:
                assert "leads USING INDEX ix_leads_dealership_id_status" in plan  # what is spam, before what is old
