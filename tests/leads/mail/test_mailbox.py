"""The mailbox is a real IMAP server's: what lies there is taken in once, whatever is killed in between."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.core.config import Settings
from kroi.db.model import session
from kroi.leads.mail import incoming, mailbox
from kroi.leads.mail.incoming import Outcome
from kroi.leads.mail.models import Mail
from kroi.leads.models import Lead
from tests.leads.mail.rows import letter, written
from tests.support.mailbox import Box, imap_server
from tests.support.makers import make_lead
from tests.support.server import free_port

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The port of an IMAP server with one empty mailbox."""
    with imap_server() as port:
        yield port


@pytest.fixture
def box(app: Flask, server: int, monkeypatch: pytest.MonkeyPatch) -> Box:
    """The mailbox of this installation, emptied."""
    found = Box(server)
    with found.open() as imap:
        imap.select("INBOX")
        imap.store("1:*", "+FLAGS", "(\\Deleted)")
        imap.expunge()
    settings: Settings = app.extensions["kroi.settings"]
    monkeypatch.setitem(app.extensions, "kroi.settings", replace(settings, imap_url=found.url))
    monkeypatch.setattr(mailbox, "_pause", mailbox._Pause())
    mailbox._tried.clear()
    return found


def test_what_lies_in_the_mailbox_is_taken_in_and_marked_as_seen(ana: User, box: Box) -> None:
    lead = make_lead()
    box.put(letter(In_Reply_To=written(lead).message_id), letter(text="A question", To="sales@a.test"))
    assert mailbox.fetch() == Counter({Outcome.THREADED: 1, Outcome.NEW_LEAD: 1})
    assert (box.unseen(), mailbox.fetch()) == (0, Counter())
    session.expire_all()
    assert session.get_one(Lead, lead.id).answer_waiting_at is not None


def test_killed_before_a_message_was_marked_it_is_not_taken_in_twice(
    ana: User, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = written(make_lead()).message_id
    box.put(*(letter(text=f"Answer {number}", In_Reply_To=ours) for number in range(6)))
    take, taken = incoming.take, []

    class Killed(BaseException):
        """As a signal would end it: nothing catches this."""

    def stored_and_killed(raw: bytes, origin: incoming.Origin) -> Outcome:
        taken.append(take(raw, origin))
        if len(taken) % 2:
            raise Killed
        return taken[-1]

    monkeypatch.setattr(incoming, "take", stored_and_killed)
    for _round in range(40):
        if not box.unseen():
            break
        try:
            mailbox.fetch()
        except Killed:
            session.remove()
    session.expire_all()
    texts = Counter(mail.text for mail in session.query(Mail) if mail.address == "wilma@example.test")
    assert texts == {f"Answer {number}": 1 for number in range(6)}


def test_killed_while_it_was_being_taken_in_nothing_is_lost(
    ana: User, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(letter(In_Reply_To=written(make_lead()).message_id))
    with monkeypatch.context() as broken:
        broken.setattr(incoming, "_attach", lambda *_: 1 / 0)
        assert mailbox.fetch() == Counter()
    assert box.unseen() == 1
    assert mailbox.fetch() == Counter({Outcome.THREADED: 1})


def test_one_that_cannot_be_taken_in_holds_up_no_other_and_is_flagged_for_a_person(
    ana: User, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(letter(text="poison", To="sales@a.test"), letter(text="fine", To="sales@a.test"))
    take = incoming.take

    def fails(raw: bytes, origin: incoming.Origin) -> Outcome:
        return take(raw, origin) if b"poison" not in raw else 1 / 0  # type: ignore[return-value]

    monkeypatch.setattr(incoming, "take", fails)
    assert mailbox.fetch() == Counter({Outcome.NEW_LEAD: 1})
    for _again in range(2):
        mailbox.fetch()
    assert (box.unseen(), box.unseen("FLAGGED")) == (0, 1)


def test_a_large_mail_is_read_up_to_a_bound(ana: User, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_BYTES", 50_000)
    box.put(letter(text="long\n" * 100_000, In_Reply_To=written(make_lead()).message_id))
    assert mailbox.fetch() == Counter({Outcome.THREADED: 1})
    session.expire_all()
    assert all(len(mail.whole or "") <= 50_000 for mail in session.query(Mail))


def test_a_server_that_is_away_is_left_alone_for_a_while_and_costs_no_error(
    app: Flask, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = replace(app.extensions["kroi.settings"], imap_url=f"imap://a:b@127.0.0.1:{free_port()}/INBOX")
    monkeypatch.setitem(app.extensions, "kroi.settings", away)
    assert mailbox.fetch() == Counter()
    assert mailbox._pause.failures == 1
    mailbox.fetch()
    assert mailbox._pause.failures == 1, "it was not asked again"


def test_a_wrong_password_and_a_server_without_tls_are_failures_like_any(
    app: Flask, box: Box, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = replace(app.extensions["kroi.settings"], imap_url=box.url.replace("demopass", "secret-pass"))
    monkeypatch.setitem(app.extensions, "kroi.settings", wrong)
    mailbox.fetch()
    monkeypatch.setattr(mailbox, "_pause", mailbox._Pause())
    monkeypatch.setattr(mailbox, "_LOOPBACK", ())
    mailbox.fetch()
    assert mailbox._pause.failures == 1
    assert "secret-pass" not in caplog.text and "Unsafe" in caplog.text
