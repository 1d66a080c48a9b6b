"""Operators see what waits and what failed, without anybody's name, try it again or let it go."""

from collections.abc import Callable
from datetime import timedelta

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import run_in_transaction, transaction
from kroi.leads.mail.models import Mail
from kroi.notifications.delivery import service
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Outbox, OutboxKind
from kroi.notifications.upkeep.staff import KINDS
from tests.leads.mail.rows import written
from tests.notifications.conftest import Inbox
from tests.notifications.leads import ask
from tests.support.client import Client
from tests.support.makers import make_lead
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
PAGE = "/staff/operations/messages/"


def dead_answer(smtp_post: Post, inbox: Inbox) -> int:
    """The id of a message that failed for good."""
    mail = written(make_lead("Secret Name", email="secret@example.test"))
    inbox.answers = ["550 no secret@example.test"]
    service.sweep(smtp_post)
    session.expire_all()
    return session.query(Outbox.id).filter(Outbox.mail_id == mail.id).scalar() or 0


def test_what_failed_is_shown_by_number_and_code_only(
    signed_in: SignIn, olga: User, smtp_post: Post, inbox: Inbox
) -> None:
    message_id = dead_answer(smtp_post, inbox)
    page = signed_in(olga).get(PAGE).text
    main = page[page.index("<main") :]
    assert f"no. {message_id}" in main and "SMTP 550" in main and "failed for good" in main
    assert "ecret" not in main and "@" not in main


def test_a_dead_letter_is_tried_again_and_leaves(signed_in: SignIn, olga: User, smtp_post: Post, inbox: Inbox) -> None:
    message_id = dead_answer(smtp_post, inbox)
    client = signed_in(olga)
    assert client.post(f"{PAGE}{message_id}", data={"do": "replay"}).status_code == 303
    assert session.query(Mail).one().failed_at is None, "its writer sees that it waits"
    assert service.sweep(smtp_post) == 1
    session.expire_all()
    assert session.query(Mail).one().sent_at is not None
    assert client.post(f"{PAGE}{message_id}", data={"do": "replay"}).status_code == 409, "what left has left"
    assert len(inbox.mails) == 1


def test_all_dead_letters_are_tried_again_and_none_that_was_let_go(
    signed_in: SignIn, olga: User, smtp_post: Post, inbox: Inbox
) -> None:
    dead_answer(smtp_post, inbox)
    let_go = written(make_lead())
    client = signed_in(olga)
    (waiting,) = session.query(Outbox.id).filter(Outbox.mail_id == let_go.id).one()
    assert client.post(f"{PAGE}{waiting}", data={"do": "cancel"}).status_code == 303
    assert session.get_one(Mail, let_go.id).failure == "cancelled"
    assert client.post(PAGE).status_code == 303
    assert service.sweep(smtp_post) == 1
    assert len(inbox.mails) == 1


def test_the_lead_is_held_before_its_message_as_by_who_takes_the_mail_back(signed_in: SignIn, olga: User) -> None:
    mail, client = written(make_lead(), leaves_at=clock.now() + timedelta(days=1)), signed_in(olga)
    (waiting,) = session.query(Outbox.id).filter(Outbox.mail_id == mail.id).one()
    with counted_queries() as sent:
        assert client.post(f"{PAGE}{waiting}", data={"do": "cancel"}).status_code == 303
    lead = next(at for at, query in enumerate(sent) if "leads.reference" in query.partition("FROM")[0])
    message = next(at for at, query in enumerate(sent) if "outbox.attempts" in query.partition("FROM")[0])
    assert lead < message, "two who hold them the other way round wait for each other"


def test_what_a_worker_has_in_hand_is_left_to_it(signed_in: SignIn, olga: User) -> None:
    ask(email=None)
    message = run_in_transaction(service._claim)
    assert message is not None
    for do in ("cancel", "replay"):
        assert signed_in(olga).post(f"{PAGE}{message.id}", data={"do": do}).status_code == 409


def test_nothing_else_can_be_done_to_a_message(signed_in: SignIn, olga: User, chris: User) -> None:
    ask(email=None)
    message_id = session.query(Outbox.id).filter_by(kind=OutboxKind.NEW_LEAD).first()
    assert message_id is not None
    assert signed_in(olga).post(f"{PAGE}{message_id[0]}", data={"do": "read"}).status_code == 422
    assert signed_in(chris).post(f"{PAGE}{message_id[0]}", data={"do": "cancel"}).status_code == 404


def test_every_kind_of_message_has_words(signed_in: SignIn, olga: User) -> None:
    with transaction():
        session.add_all(Outbox(kind=kind, user_id=olga.id) for kind in OutboxKind)
    assert signed_in(olga).get(PAGE).status_code == 200
    assert set(KINDS) == set(OutboxKind)
