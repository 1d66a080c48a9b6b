"""Many at once: one form sent fifty times is one lead, five hundred forms are five hundred, one claim wins."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from kroi.accounts.models import AuditEntry, User
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.leads import queries, service
from kroi.leads.models import Lead, Person
from kroi.leads.rules import LeadStatus
from tests.leads.asking import ANNA, bare, leads, opened, send
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow


def at_once(app: Flask, jobs: Iterable[Callable[[], object]], hands: int = 50) -> list[object]:
    """What the jobs answered, or raised, done by `hands` threads that begin together."""
    waiting, answers, gate = list(jobs), [], threading.Barrier(hands)

    def work() -> None:
        gate.wait()
        while True:
            try:
                job = waiting.pop()
            except IndexError:
                return
            with app.app_context():
                try:
                    answers.append(job())
                except Exception as raised:
                    answers.append(raised)

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    session.rollback()
    return answers


def post(app: Flask, path: str, **typed: object) -> Callable[[], object]:
    """A job: send the form at `path`, as a browser of its own; on a busy machine it may be told to come again."""

    def job() -> object:
        for _try in range(10):
            response = app.test_client().post(path, data=ANNA | typed, check=False)
            if response.status_code != 503:
                break
            assert response.headers["Retry-After"]
        return response.status_code, bare(response.headers.get("Location", ""))

    return job


@pytest.fixture
def generous(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with a limit that a crowd behind one address does not reach."""
    settings = replace(app.extensions["kroi.settings"], inquiry_limit=1_000_000)
    monkeypatch.setitem(app.extensions, "kroi.settings", settings)
    return app


def test_fifty_sends_of_one_form_are_one_lead(client: Client, generous: Flask) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    ticket = opened(client, path)
    answers = at_once(generous, [post(generous, path, submission=ticket) for _ in range(50)])
    (lead,) = leads()
    assert set(answers) == {(303, f"{path}/thanks?reference={lead.reference}")}
    assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_five_hundred_forms_are_five_hundred_leads(client: Client, generous: Flask) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    ticket = opened(client, path)
    typed = [{"name": f"P{n}", "email": f"p{n}@example.com", "phone": "", "message": f"No {n}"} for n in range(500)]
    answers = at_once(generous, [post(generous, path, submission=ticket, **each) for each in typed])
    assert {status for status, _ in answers} == {303}  # type: ignore[misc, has-type]
    found = leads()
    assert {lead.email for lead in found} == {each["email"] for each in typed}
    assert len(found) == len({lead.reference for lead in found}) == len({lead.person_id for lead in found}) == 500
    numbers = session.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all()
    assert numbers == list(range(1, 501)), "the audit has no gap"


def test_one_person_asking_twenty_things_at_once_is_one_person(client: Client, generous: Flask) -> None:
    ticket = opened(client, "/contact")
    # Two ways to the same person, so that locks are taken in both orders.
    ways = [{"phone": ""}, {"email": ""}, {}]
    send(client, "/contact", ticket=ticket, message="First")
    jobs = [post(generous, "/contact", submission=ticket, message=f"No {n}", **ways[n % 3]) for n in range(20)]
    assert {status for status, _ in at_once(generous, jobs, hands=20)} == {303}  # type: ignore[misc, has-type]
    assert len(leads()) == 21
    assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_the_limit_of_an_address_holds_in_a_crowd(client: Client, app: Flask) -> None:
    ticket = opened(client, "/contact")
    at_once(app, [post(app, "/contact", submission=ticket, message=f"No {n}") for n in range(30)], hands=30)
    assert [lead.spam_reason for lead in leads()].count("too_many") == 10


def test_a_free_lead_has_one_winner(client: Client, app: Flask, ana: User, boris: User) -> None:
    send(client, "/contact")
    lead_id, here = leads()[0].id, current_dealership_id()

    def claim(user_id: int) -> Callable[[], object]:
        def job() -> object:
            with acting_for(here), transaction():
                service.claim(queries.lock(lead_id), session.get_one(User, user_id))
            return user_id

        return job

    answers = at_once(app, [claim(each) for each in (ana.id, boris.id) * 10], hands=20)
    won = [each for each in answers if isinstance(each, int)]
    assert len(set(won)) == 1 and len(won) == 10
    assert all(isinstance(each, Conflict) for each in answers if not isinstance(each, int))
    assert queries.get(lead_id).assignee_id == won[0]


def test_two_moves_of_one_lead_leave_one_legal_history(client: Client, app: Flask) -> None:
    send(client, "/contact")
    lead_id, here = leads()[0].id, current_dealership_id()

    def move() -> object:
        with acting_for(here), transaction():
            lead = queries.lock(lead_id)
            service.change_status(lead, LeadStatus.CONTACTED)
        return "moved"

    answers = at_once(app, [move] * 20, hands=20)
    assert answers.count("moved") == 1
    assert session.get_one(Lead, lead_id).status == "contacted"
