"""What one of us wrote leaves as they wrote it, says where to answer, and its fate is told."""

import email
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from flask import Flask

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.db.model import session
from kroi.leads.mail.incoming import Outcome
from kroi.leads.mail.models import Mail
from kroi.leads.models import Lead
from kroi.notifications.delivery import service
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Notice
from kroi.notifications.rules import NoticeKind
from tests.leads.mail.rows import arrive, letter, written
from tests.notifications.conftest import Inbox
from tests.support.makers import make_lead


def answer(ana: User, **values: Any) -> Mail:
    with audit.acting_as(ana.id):
        return written(make_lead(email="wilma@example.test"), **values)


def left(inbox: Inbox) -> EmailMessage:
    (raw,) = inbox.mails
    found = email.message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_it_comes_from_a_person_and_can_be_answered_from_any_address(ana: User, smtp_post: Post, inbox: Inbox) -> None:
    ours = answer(ana, text="Hei Ääni\n.\nBye")
    assert service.sweep(smtp_post) == 1
    mail = left(inbox)
    assert mail["To"] == "wilma@example.test" and "Ana Aalto" in mail["From"] and "sales@a.test" in mail["From"]
    assert mail["Reply-To"] == "sales@a.test" and mail["Auto-Submitted"] is None
    assert mail["Subject"] == f"The A4 [{session.get_one(Lead, ours.lead_id).reference}]"
    assert mail.get_content().replace("\r\n", "\n").strip() == "Hei Ääni\n.\nBye"
    assert session.get_one(Mail, ours.id).sent_at is not None
    assert arrive(letter("other@example.test", In_Reply_To=mail["Message-ID"])) is Outcome.THREADED


def test_where_the_server_takes_it_the_address_itself_names_the_thread(
    app: Flask, ana: User, smtp_post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "imap://box:secret@127.0.0.1:1/INBOX?plus=on"
    monkeypatch.setitem(app.extensions, "kroi.settings", replace(app.extensions["kroi.settings"], imap_url=url))
    answer(ana)
    service.sweep(smtp_post)
    address = left(inbox)["Reply-To"]
    assert address.startswith("sales+") and address.endswith("@a.test")
    assert arrive(letter("other@example.test", To=address)) is Outcome.THREADED


def test_what_was_typed_becomes_no_header(ana: User, smtp_post: Post, inbox: Inbox) -> None:
    answer(ana, subject="Hi\r\nBcc: evil@example.test", text="\r\nBcc: evil@example.test\r\n\r\nx")
    service.sweep(smtp_post)
    assert left(inbox)["Bcc"] is None and "evil" not in str(left(inbox)["To"])


def test_a_refusal_for_good_is_told_to_who_wrote_it(ana: User, smtp_post: Post, inbox: Inbox) -> None:
    ours = answer(ana)
    inbox.answers = ["550 no such user wilma@example.test"]
    service.sweep(smtp_post)
    session.expire_all()
    mail = session.get_one(Mail, ours.id)
    assert mail.failed_at is not None and mail.failure == "SMTP 550"
    assert [notice.user_id for notice in session.query(Notice).filter_by(kind=NoticeKind.MAIL_FAILED)] == [ana.id]


def test_an_answer_follows_theirs(ana: User, smtp_post: Post, inbox: Inbox) -> None:
    ours = answer(ana)
    theirs = "<theirs@example.test>"
    arrive(letter(In_Reply_To=ours.message_id, Message_ID=theirs))
    with audit.acting_as(ana.id):
        written(session.get_one(Lead, ours.lead_id), nonce="00000000000b")
    service.sweep(smtp_post)
    followed = [email.message_from_bytes(each)["In-Reply-To"] for each in inbox.mails]
    assert theirs in followed
