"""What a mail says, who gets one, and who does not."""

import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.catalogue.rules import CarStatus
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.notifications.delivery import service
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Outbox
from tests.notifications.leads import ask
from tests.support.makers import make_car


def mails(folder: Path) -> dict[str, EmailMessage]:
    """Every mail in the folder, by recipient."""
    found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in folder.glob("*.eml")]
    return {str(mail["To"]): mail for mail in found if isinstance(mail, EmailMessage)}


def change(row_type: type[Any], row_id: int, **values: object) -> None:
    with transaction():
        row = session.get_one(row_type, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_staff_hear_of_a_lead_and_the_shopper_gets_a_receipt(
    ana: User, boris: User, post: Post, mail_folder: Path
) -> None:
    car = make_car(make="Škoda", model="Superb", price_cents=14_900_00)
    lead_id = ask(name="Väinö Mäki", car_id=car.id)

    assert service.sweep(post) == 3

    found = mails(mail_folder)
    assert set(found) == {"ana@a.test", "boris@a.test", "wilma@example.test"}
    told = found["ana@a.test"]
    assert told["Subject"] == "New lead: Väinö Mäki, Škoda Superb"
    assert told["Reply-To"] == "wilma@example.test"
    words = told.get_content()
    assert f"https://a.test/staff/leads/{lead_id}" in words
    assert "€14,900" in words and "+358401234567" in words and "| Is it still there?" in words
    receipt = found["wilma@example.test"].get_content()
    assert f"https://a.test/cars/{car.slug}" in receipt
    assert session.get_one(Lead, lead_id).reference in receipt


def test_a_receipt_repeats_nothing_that_was_typed(boris: User, post: Post, mail_folder: Path) -> None:
    ask(name="Cheap pills", message="Buy at https://pills.example")
    service.sweep(post)
    raw = mails(mail_folder)["wilma@example.test"].as_string()
    assert "pills" not in raw


def test_without_an_address_there_is_no_receipt(boris: User, post: Post, mail_folder: Path) -> None:
    ask(email=None)
    service.sweep(post)
    assert set(mails(mail_folder)) == {"boris@a.test"}


def test_with_no_staff_the_dealership_itself_hears(app: Flask, post: Post, mail_folder: Path) -> None:
    ask(email=None)
    service.sweep(post)
    assert set(mails(mail_folder)) == {"sales@a.test"}


def test_who_was_switched_off_or_made_spam_meanwhile_is_left_alone(
    ana: User, boris: User, post: Post, mail_folder: Path
) -> None:
    ask()
    spam = ask(email="spammer@example.test")
    change(User, ana.id, active=False)
    change(Lead, spam, status=LeadStatus.SPAM)
    service.sweep(post)
    assert set(mails(mail_folder)) == {"boris@a.test", "wilma@example.test"}
    assert service.sweep(post) == 0


def test_a_withdrawn_car_is_named_but_not_linked(boris: User, post: Post, mail_folder: Path) -> None:
    car = make_car(status=CarStatus.WITHDRAWN)
    ask(car_id=car.id)
    service.sweep(post)
    words = mails(mail_folder)["wilma@example.test"].get_content()
    assert "Audi A4" in words and car.slug not in words


def test_other_dealerships_staff_hear_nothing(
    boris: User, chris: User, there: Dealership, post: Post, mail_folder: Path
) -> None:
    there_id = there.id
    ask(email=None)
    with acting_for(there_id):
        ask(email=None, name="Theirs")
    service.sweep(post)
    found = mails(mail_folder)
    assert set(found) == {"boris@a.test", "chris@b.test"}
    assert "Theirs" in found["chris@b.test"]["Subject"]
    assert "B Motors" in found["chris@b.test"]["From"]


def test_the_outbox_holds_references_and_no_personal_data(boris: User) -> None:
    ask(name="Secret Name", email="secret@example.test", phone="+358409999999", message="secret words")
    for row in session.query(Outbox):
        values = " ".join(str(getattr(row, column.key)) for column in Outbox.__table__.columns)
        assert "secret" not in values.lower() and "999999" not in values


def test_an_undone_inquiry_leaves_no_message(boris: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        from kroi.notifications.service import tell_of_lead

        session.info["probe"] = ask_inside()
        tell_of_lead(session.info.pop("probe"))
        raise ZeroDivisionError
    assert session.query(Outbox).count() == 0


def ask_inside() -> int:
    """A lead in the open transaction."""
    from kroi.core import clock
    from kroi.leads.models import Person
    from kroi.leads.rules import Interest, Priority, Source

    person = Person(name="W", email="w@example.test", phone=None)
    session.add(person)
    session.flush()
    lead = Lead(
        person_id=person.id, name="W", email="w@example.test", reference="R", interest=Interest.QUESTION,
        source=Source.WEBSITE_CAR, privacy_version="1", score=1, score_reasons=[], score_version=1,
        priority=Priority.LOW, received_at=clock.now(), submission_key="k",
    )  # fmt: skip
    session.add(lead)
    session.flush()
    return lead.id
