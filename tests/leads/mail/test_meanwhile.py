"""A mail comes in while somebody of us is at its lead: neither undoes what the other did."""

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.leads.mail import incoming
from kroi.leads.mail.incoming import Outcome
from kroi.leads.models import Lead
from tests.leads.mail.rows import arrive, letter, written
from tests.support.makers import make_lead


def test_what_they_write_while_we_answer_an_earlier_mail_waits_for_an_answer_of_its_own(
    app: Flask, ana: User, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make_lead(email="wilma@example.test", assignee_id=ana.id)
    ours, find_lead, number = written(lead).message_id, incoming._lead_of, lead.id

    def answer() -> None:
        """In a session of its own, as another worker would."""
        here = current_dealership_id()
        with app.app_context(), acting_for(here):
            written(session.get_one(Lead, number))
            session.remove()

    def find_and_be_overtaken(*given: object) -> Lead | None:
        found = find_lead(*given)  # type: ignore[arg-type]  # passed on
        answer()
        return found

    assert arrive(letter(In_Reply_To=ours)) is Outcome.THREADED
    if engine == "sqlite":  # it lets one write at a time: the other is first
        answer()
    else:
        monkeypatch.setattr(incoming, "_lead_of", find_and_be_overtaken)
    assert arrive(letter(In_Reply_To=ours, text="And Sunday?")) is Outcome.THREADED
    assert session.get_one(Lead, lead.id).answer_waiting_at is not None
