"""What is asked for one lead, one person or one inquiry costs the same however many others there are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.bulk import insert_rows
from kroi.db.model import Model, session
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.leads.files.models import FileKind, LeadFile
from kroi.leads.mail.models import Direction, Mail
from kroi.leads.models import Activity, ActivityKind, Lead, Person, Task
from kroi.leads.people import service as people
from kroi.leads.privacy.retention import queries as retention
from kroi.leads.privacy.retention.queries import Today
from kroi.leads.rules import LeadStatus
from tests.leads.people.crowd import ask
from tests.support import plans
from tests.support.client import Client
from tests.support.makers import make_lead

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
LARGE = ("leads", "people", "activities", "tasks", "mails", "lead_files", "person_pairs", "person_merges")
NAMES = (
    *LARGE,
    *(f"{name}_{number}" for name in LARGE for number in range(1, 6)),
)  # as SQLite tells joins of one table
MANY, FEW = 2_000, 200  # of everything, and rows a query may look at


@pytest.fixture
def lead(app: Flask) -> Lead:
    """An open lead with a task, a mail and a file, among many of others that are over and have as much."""
    one = make_lead("Anna Aho", email="anna@example.com", phone="040 765 4321")
    with transaction():
        others = _copied(Person, session.get_one(Person, one.person_id), [_person(at) for at in range(MANY)])
        leads = _copied(Lead, one, [_lead(at, person_id) for at, person_id in enumerate(others)])
        for kind, model, row in ((ActivityKind.TASK, Task, _TASK), (ActivityKind.MAIL, Mail, _MAIL),
                                 (ActivityKind.FILE, LeadFile, _FILE)):  # fmt: skip
            insert_rows(model, [{**row, "lead_id": lead_id} for lead_id in [one.id, *leads]])
            found = session.query(model.id, model.lead_id).all()
            insert_rows(Activity, [_line(kind, row_id, lead_id) for row_id, lead_id in found])
        people.add_pairs((one, other, ["name"]) for one, other in zip(others, others[1:], strict=False))
    plans.settle()
    return one


def test_the_page_of_a_lead_looks_at_its_own_rows(signed_in: SignIn, boris: User, lead: Lead, engine: str) -> None:
    assert _greedy(lambda: _page(signed_in(boris), f"/staff/leads/{lead.id}", "Call them"), engine) == []


def test_the_page_of_a_person_looks_at_their_own_rows(signed_in: SignIn, boris: User, lead: Lead, engine: str) -> None:
    assert _greedy(lambda: _page(signed_in(boris), f"/staff/people/{lead.person_id}", "Anna Aho"), engine) == []


def test_an_inquiry_finds_its_person_without_looking_at_the_others(lead: Lead, engine: str) -> None:
    assert _greedy(lambda: ask("Anna Aho", "anna@example.com", "040 765 4321", "Is it there?"), engine) == []


def test_an_inquiry_of_somebody_new_looks_at_no_others_either(lead: Lead, engine: str) -> None:
    assert _greedy(lambda: ask("Zoe Zeck", "zoe@example.com", "050 123 4567", "Is it there?"), engine) == []


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")  # SQLite: test_retention_plan.py
def test_whose_time_is_over_is_found_without_looking_at_the_others(lead: Lead, engine: str) -> None:
    today = Today.at(dealerships.get_profile(lead.dealership_id))
    assert _greedy(lambda: (retention.count_people_due(today), retention.list_due(today, 50)), engine) == []


def test_a_query_that_looks_at_all_leads_would_be_noticed(lead: Lead, engine: str) -> None:
    assert _greedy(session.query(Lead).filter(Lead.message == "no such message").all, engine) != []


def _greedy(act: Callable[[], object], engine: str) -> list[str]:
    sent = plans.sent_by(act)
    session.rollback()
    assert sent
    return [one[0] for one in sent if _is_greedy(one, engine)]


def _is_greedy(one: plans.Sent, engine: str) -> bool:
    if engine == "sqlite":
        return bool(plans.growing_on_sqlite(one, NAMES))
    return plans.rows_read_on_postgresql(one) > FEW


def _page(client: Client, path: str, words: str) -> None:
    assert words in client.get(path).text


def _copied(model: type[Model], one: Model, differing: Sequence[Mapping[str, Any]]) -> list[int]:
    """Rows like `one`, each with what differs; their ids."""
    left_out = {"id", "dealership_id", "urgency"}
    alike = {column.key: getattr(one, column.key) for column in model.__table__.columns if column.key not in left_out}
    insert_rows(model, [{**alike, **values} for values in differing])
    table = model.__table__
    return [row.id for row in session.query(model).with_entities(table.c.id).order_by(table.c.id)][1:]


def _person(at: int) -> dict[str, Any]:
    return {
        "name": f"Nimi{at} Suku{at}", "email": f"n{at}@example.com", "email_key": f"n{at}@example.com",
        "phone": None, "phone_key": f"+35850{at:07}", "name_key": f"suku{at}", "search_text": f"nimi{at}",
    }  # fmt: skip


def _lead(at: int, person_id: int) -> dict[str, Any]:
    over = {"status": LeadStatus.WON, "reference": f"K-{at}", "submission_key": f"other {at}", "name": f"Nimi{at}"}
    return {"person_id": person_id, **over}


_TASK = {"text": "Call them", "due_at": clock.now(), "created_at": clock.now(), "by_id": None, "done_at": None}
_MAIL = {
    "direction": Direction.IN, "at": clock.now(), "address": "a@example.com", "subject": "Hello", "text": "Is it?",
    "files": [], "message_id": "<1@example.com>",
}  # fmt: skip
_FILE = {"name": "a.pdf", "kind": FileKind.PDF, "size": 9, "digest": "0" * 64, "at": clock.now(), "by_id": None}


def _line(kind: ActivityKind, row_id: int, lead_id: int) -> dict[str, Any]:
    facts = {kind.value: row_id}
    return {"lead_id": lead_id, "kind": kind, "at": clock.now(), "by_id": None, "text": None, "facts": facts}
