"""What comes in finds its lead, or becomes one, once; machines and strangers' inventions do not."""

import pytest
from flask import Flask

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.mail import service
from kroi.leads.mail.incoming import MOST_A_DAY, Outcome
from kroi.leads.mail.models import Direction, Mail, MailReceipt
from kroi.leads.mail.rules.threads import Thread
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.leads.rules import LeadStatus, Source
from kroi.notifications.cli import render
from kroi.notifications.delivery import desks, letters
from kroi.notifications.models import Notice, Outbox, OutboxKind
from kroi.notifications.rules import NoticeKind
from tests.leads.mail.rows import arrive, letter, written
from tests.support.makers import make_car, make_lead

pytestmark = pytest.mark.slow


def came() -> list[Mail]:
    return session.query(Mail).filter(Mail.direction == Direction.IN).all()


def test_an_answer_finds_its_lead_by_the_id_it_answers_whoever_sends_it(ana: User) -> None:
    lead = make_lead(email="wilma@example.test", assignee_id=ana.id)
    ours = written(lead)
    raw = letter("Her husband <other@example.test>", In_Reply_To=ours.message_id)
    assert arrive(raw) is Outcome.THREADED
    (mail,) = came()
    assert (mail.lead_id, mail.text, mail.address) == (lead.id, "Saturday is fine.", "other@example.test")
    found = session.get_one(Lead, lead.id)
    assert found.answer_waiting_at is not None and found.status is lead.status, "it reopens nothing"
    lines = session.query(Activity).filter(Activity.kind == ActivityKind.MAIL).all()
    assert [line.facts["direction"] for line in lines] == ["out", "in"]
    assert [notice.user_id for notice in session.query(Notice).filter_by(kind=NoticeKind.ANSWER)] == [ana.id]
    assert written(lead).answers == mail.message_id


def test_references_and_an_address_with_a_plus_name_the_lead_as_well(ana: User) -> None:
    lead = make_lead()
    ours = written(lead).message_id
    token = ours.strip("<>").partition("@")[0]
    assert arrive(letter(References=f"<1@x.test> {ours} <2@x.test>")) is Outcome.THREADED
    assert arrive(letter(To=f"sales+{token}@a.test")) is Outcome.THREADED
    assert {mail.lead_id for mail in came()} == {lead.id}


def test_an_invented_id_names_nothing(ana: User) -> None:
    lead = make_lead()
    here = lead.dealership_id
    forged = f"<{here}.{lead.id}.0123456789ab.{'0' * 20}@a.test>"
    moved = written(lead).message_id.replace(f"{here}.{lead.id}.", f"{here}.{make_lead().id}.")
    for invented in (forged, moved):
        assert arrive(letter(In_Reply_To=invented)) is Outcome.NEW_LEAD
    assert [mail.lead_id for mail in came() if mail.lead_id == lead.id] == []


def test_a_reference_alone_is_believed_only_from_its_own_person(ana: User) -> None:
    lead = make_lead(email="wilma@example.test")
    subject = f"Re: The A4 [{lead.reference.lower()}]"
    assert arrive(letter("stranger@example.test", Subject=subject)) is Outcome.NEW_LEAD
    assert arrive(letter("Wilma <WILMA@example.test>", Subject=subject)) is Outcome.THREADED
    assert [mail.lead_id for mail in came()][-1] == lead.id


def test_a_receipt_can_be_answered_too(ana: User) -> None:
    lead = make_lead(email="wilma@example.test")
    message = Outbox(
        id=7, dealership_id=lead.dealership_id, kind=OutboxKind.RECEIPT, lead_id=lead.id, created_at=lead.received_at
    )

    desk = desks.desk(dealerships.get_profile(lead.dealership_id), "https://a.test", "a.test", render)
    receipt = letters.write(message, desk)
    assert receipt is not None and receipt.message_id is not None
    session.rollback()
    assert arrive(letter("x@example.test", In_Reply_To=receipt.message_id)) is Outcome.THREADED


def test_the_same_message_is_taken_in_once_also_under_another_number(ana: User) -> None:
    ours = written(make_lead())
    raw = letter(In_Reply_To=ours.message_id)
    assert [arrive(raw, 5), arrive(raw, 5), arrive(raw, 6)] == [Outcome.THREADED, Outcome.KNOWN, Outcome.KNOWN]
    assert len(came()) == 1
    assert "wilma" not in str(session.query(MailReceipt.message_key, MailReceipt.mailbox).all())


def test_who_writes_to_the_house_becomes_a_lead_with_the_car_they_name(ana: User) -> None:
    car = make_car()
    text = f"Is https://a.test/cars/{car.slug} still there?"
    assert arrive(letter(text=text, Subject="A question")) is Outcome.NEW_LEAD
    lead = session.query(Lead).one()
    assert (lead.source, lead.name, lead.email, lead.car_id) == (
        Source.EMAIL, "Wilma Virta", "wilma@example.test", car.id,
    )  # fmt: skip
    assert lead.message == f"A question\n\n{text}" and lead.status is LeadStatus.NEW
    kinds = sorted(message.kind.value for message in session.query(Outbox))
    assert kinds == ["new_lead", "receipt"], "staff hear of it, and the sender gets a receipt"
    assert written(lead).answers is not None, "our answer joins their mail"


def test_too_many_from_one_address_are_put_aside_as_with_any_form(app: Flask, ana: User) -> None:
    limit = app.extensions["kroi.settings"].inquiry_limit
    for number in range(limit + 1):
        arrive(letter(text=f"Question {number}"))
    assert session.query(Lead).filter(Lead.status == LeadStatus.SPAM).count() == 1


def test_one_lead_takes_so_many_mails_a_day(ana: User) -> None:
    ours = written(make_lead()).message_id
    for number in range(MOST_A_DAY):
        assert arrive(letter(text=str(number), In_Reply_To=ours)) is Outcome.THREADED
    assert arrive(letter(In_Reply_To=ours)) is Outcome.TOO_MANY


def test_machines_are_not_listened_to(ana: User) -> None:
    ours = written(make_lead()).message_id
    for header in ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<x.example>"}):
        assert arrive(letter(In_Reply_To=ours, **header)) is Outcome.AUTOMATIC
    assert arrive(letter("sales@a.test")) is Outcome.NO_SENDER, "our own mail, going round"
    assert arrive(letter("nobody")) is Outcome.NO_SENDER
    assert came() == []


BOUNCE = """From: MAILER-DAEMON@mx.example
To: sales@a.test
Message-ID: <{action}@mx.example>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; wilma@example.test
Action: {action}
Status: 5.1.1
--b
Content-Type: message/rfc822

Message-ID: {original}
Subject: The A4

Come and see it.
--b--
"""


def bounce(original: str, action: str = "failed") -> bytes:
    """A report that a mail did not arrive."""
    return BOUNCE.format(original=original, action=action).encode()


def test_a_bounce_marks_the_mail_that_did_not_arrive_and_tells_its_writer(ana: User) -> None:
    with audit.acting_as(ana.id):
        ours = written(make_lead())
    assert arrive(bounce(ours.message_id, action="delayed")) is not Outcome.BOUNCE
    assert arrive(bounce(ours.message_id)) is Outcome.BOUNCE
    mail = session.get_one(Mail, ours.id)
    assert mail.failed_at is not None and mail.failure == "returned 5.1.1"
    assert [n.user_id for n in session.query(Notice).filter_by(kind=NoticeKind.MAIL_FAILED)] == [ana.id]
    assert came() == []


def test_a_bounce_of_an_invented_mail_marks_nothing(ana: User) -> None:
    ours = written(make_lead())
    forged = ours.message_id.replace("@", "0@")
    assert arrive(bounce(forged)) is Outcome.BOUNCE
    assert session.get_one(Mail, ours.id).failed_at is None


def test_a_mail_to_another_dealership_is_theirs(ana: User, chris: User, there: Dealership) -> None:
    there_id, address = there.id, there.email
    assert arrive(letter(To=f"B <{address}>")) is Outcome.NEW_LEAD
    assert session.query(Lead).count() == 0
    with acting_for(there_id):
        assert session.query(Lead).count() == 1
    assert arrive(letter(To="nobody@elsewhere.test")) is Outcome.NOT_OURS


def test_a_thread_of_an_erased_lead_is_a_new_question(ana: User) -> None:
    lead = make_lead()

    gone = Thread(lead.dealership_id, lead.id + 1000, "0123456789ab").message_id(service.sign, "a.test")
    assert arrive(letter(In_Reply_To=gone)) is Outcome.NEW_LEAD
