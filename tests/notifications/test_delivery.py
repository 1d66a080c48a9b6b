"""Messages leave, are tried again, are given up, and are never lost or sent by two workers."""

import email
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import run_in_transaction
from kroi.notifications import queries, rules
from kroi.notifications import service as outbox
from kroi.notifications.cli import render
from kroi.notifications.delivery import carriers, service
from kroi.notifications.delivery.carriers import NotCarried, Smtp
from kroi.notifications.delivery.rules import Letter, compose
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Outbox
from kroi.notifications.worker.service import Worker
from tests.notifications.conftest import ADDRESS, Inbox
from tests.notifications.leads import ask
from tests.support.queries import counted_queries


def only_message() -> Outbox:
    session.expire_all()
    return session.query(Outbox).one()


def later(minutes: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True)


def test_a_mail_server_gets_the_mail_once(boris: User, smtp_post: Post, inbox: Inbox) -> None:
    ask(name="Väinö", message="Ääni\n.\n..\nlast line")
    assert service.sweep(smtp_post) == 2
    assert service.sweep(smtp_post) == 0
    mails = [email.message_from_bytes(each, policy=default) for each in inbox.mails]
    assert [mail["To"] for mail in mails] == ["boris@a.test", "wilma@example.test"]
    assert "| Ääni\n| .\n| ..\n| last line" in mails[0].get_content().replace("\r\n", "\n")
    assert len({mail["Message-ID"] for mail in mails}) == 2


def test_a_refusal_for_now_is_tried_again(boris: User, smtp_post: Post, inbox: Inbox) -> None:
    ask(email=None)
    inbox.answers = ["451 try later"]
    assert service.sweep(smtp_post) == 0
    waiting = only_message()
    assert (waiting.attempts, waiting.last_error, waiting.claimed_until) == (1, "SMTP 451", None)
    assert service.sweep(smtp_post) == 0, "not before its time"
    with later(1):
        assert service.sweep(smtp_post) == 1
    assert only_message().sent_at is not None


def test_a_refusal_for_good_is_not_tried_again(boris: User, smtp_post: Post, inbox: Inbox) -> None:
    ask(email=None)
    inbox.answers = ["554 no boris@a.test here"]
    service.sweep(smtp_post)
    dead = only_message()
    assert dead.dead_at is not None
    assert dead.last_error == "SMTP 554", "the server's words repeat addresses"
    with later(600):
        assert service.sweep(smtp_post) == 0


def test_after_many_failures_it_is_given_up(boris: User, smtp_post: Post, inbox: Inbox) -> None:
    ask(email=None)
    inbox.answers = ["451 no"] * 99
    start = clock.now()
    for hour in range(0, 24 * 7, 7):
        with time_machine.travel(start + timedelta(hours=hour), tick=True):
            service.sweep(smtp_post)
    dead = only_message()
    assert dead.dead_at is not None and dead.attempts == rules.MOST_ATTEMPTS


def test_with_the_mail_server_down_nothing_is_lost(
    boris: User, app: Flask, nobody_listens: Callable[[], int], smtp_post: Post
) -> None:
    ask()
    down = Post(Smtp(f"smtp://127.0.0.1:{nobody_listens()}"), render, ADDRESS)
    with pytest.raises(NotCarried):
        service.sweep(down)
    worker = Worker(down, ())
    worker.round()
    with counted_queries() as sent:
        worker.round()
    assert sent == [], "the server is left alone for a while"
    with later(2):
        assert service.sweep(smtp_post) == 2


def test_a_connection_that_the_server_closed_is_opened_again(smtp_post: Post, inbox: Inbox) -> None:
    carrier = smtp_post.carrier
    assert isinstance(carrier, Smtp)
    for name in ("one", "two"):
        letter = Letter("a@b.test", name, "Hello", "Us", "us@a.test")
        carrier.carry(compose(letter, message_id=f"<{name}@a.test>", at=clock.now()), name)
        assert carrier._open is not None and carrier._open.sock is not None
        carrier._open.sock.shutdown(socket.SHUT_RDWR)
    assert len(inbox.mails) == 2


def test_no_password_goes_to_a_server_without_tls(
    boris: User, monkeypatch: pytest.MonkeyPatch, mail_server: Controller
) -> None:
    ask(email=None)
    monkeypatch.setattr(carriers, "_LOOPBACK", ())
    with pytest.raises(NotCarried, match="no TLS"):
        service.sweep(Post(Smtp(f"smtp://me:secret@127.0.0.1:{mail_server.port}"), render, ADDRESS))
    assert only_message().sent_at is None


def test_a_worker_that_died_loses_nothing(boris: User, post: Post, mail_folder: Path) -> None:
    ask(email=None)
    assert run_in_transaction(service._claim) is not None
    assert service.sweep(post) == 0, "it may still be alive"
    with later(rules.CLAIM.total_seconds() / 60 + 0.1):
        assert service.sweep(post) == 1
    assert len(list(mail_folder.glob("*.eml"))) == 1


def test_a_worker_that_died_after_the_file_was_written_writes_the_same_file(
    boris: User, post: Post, mail_folder: Path
) -> None:
    ask(email=None)
    message = run_in_transaction(service._claim)
    assert message is not None
    session.expunge(message)
    service._send(message, post)
    with later(3):
        service.sweep(post)
    assert [path.name for path in mail_folder.iterdir()] == [f"{message.dealership_id}-{message.id}.eml"]


def test_a_late_worker_does_not_undo_what_another_did(boris: User, post: Post) -> None:
    ask(email=None)
    slow = run_in_transaction(service._claim)
    assert slow is not None
    session.expunge(slow)
    with later(3):
        service.sweep(post)
    service._note_failure(slow, NotCarried("SMTP 554", permanent=True))
    assert only_message().dead_at is None and only_message().sent_at is not None


def test_several_workers_send_each_mail_once(app: Flask, boris: User, post: Post) -> None:
    for number in range(15):
        ask(email=f"{number}@example.test")
    sent: list[str] = []

    class Counter:
        def carry(self, mail: object, name: str) -> None:
            sent.append(name)

        def close(self) -> None:
            pass

    def work() -> None:
        with app.app_context():
            service.sweep(Post(Counter(), render, ADDRESS))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    service.sweep(Post(Counter(), render, ADDRESS))
    assert len(sent) == len(set(sent)) == 30


def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(
    boris: User, ana: User, mail_folder: Path, post: Post
) -> None:
    ask(email=None)

    def broken_for_ana(template: str, context: object) -> str:
        broken_for_ana.calls += 1  # type: ignore[attr-defined]
        if broken_for_ana.calls == 1:  # type: ignore[attr-defined]
            raise KeyError("private words")
        return "fine"

    broken_for_ana.calls = 0  # type: ignore[attr-defined]
    assert service.sweep(Post(post.carrier, broken_for_ana, ADDRESS)) == 1
    errors = {row.last_error for row in session.query(Outbox)}
    assert errors == {None, "letter KeyError"}


def test_an_idle_sweep_is_one_query(app: Flask, post: Post) -> None:
    with counted_queries() as sent:
        service.sweep(post)
    assert len(sent) == 1


def test_the_queue_says_how_long_the_oldest_waits(boris: User) -> None:
    ask(email=None)
    start = clock.now()
    with later(10):
        found = queries.measure_queue()
    assert found.waiting == 1
    assert found.oldest_due_at is not None and found.oldest_due_at <= start


def test_what_left_long_ago_is_forgotten_and_what_failed_is_kept(
    boris: User, ana: User, smtp_post: Post, inbox: Inbox
) -> None:
    ask(email=None)
    inbox.answers = ["554 no"]
    service.sweep(smtp_post)
    outbox.forget_sent()
    assert session.query(Outbox).count() == 2
    with later(31 * 24 * 60):
        outbox.forget_sent()
    session.expire_all()
    assert [row.last_error for row in session.query(Outbox)] == ["SMTP 554"]
