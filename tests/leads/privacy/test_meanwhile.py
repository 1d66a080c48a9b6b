"""Erasing while others work: one wins, nobody is left behind half, and nobody who is gone comes back as a ghost."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from kroi.accounts.audit import anchors, chain
from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import run_in_transaction, transaction
from kroi.leads import queries
from kroi.leads import service as leads
from kroi.leads.mail.incoming import Outcome
from kroi.leads.models import Lead, Person
from kroi.leads.privacy import service
from kroi.leads.privacy.rules import Why
from kroi.leads.rules import InquiryDraft
from kroi.notifications.cli import post_for_settings
from kroi.notifications.delivery import kept
from kroi.notifications.delivery import service as delivery
from kroi.notifications.models import Outbox
from kroi.notifications.service import forget_sent, tell_of_lead
from tests.leads.mail.rows import arrive, letter, written
from tests.support.crowd import at_once
from tests.support.makers import make_lead


def erasing(person_id: int) -> Callable[[], object]:
    """A job: erase this person."""
    return lambda: run_in_transaction(lambda: service.erase_person(person_id, why=Why.OWNER))


def noting(lead_id: int) -> Callable[[], object]:
    """A job: write a note about this lead."""
    return lambda: run_in_transaction(lambda: leads.add_note(queries.lock(lead_id), "Called")).id


def asking(number: int) -> Callable[[], object]:
    """A job: Anna asks again."""
    draft = InquiryDraft(name="Anna Aho", email="anna@example.com", message=f"Question {number}")
    return lambda: run_in_transaction(lambda: leads.add_walk_in(draft)).id


def test_of_many_who_erase_one_wins(app: Flask) -> None:
    anna = make_lead("Anna Aho", email="anna@example.com")
    answers = at_once(app, [erasing(anna.person_id)] * 8)
    assert len([each for each in answers if isinstance(each, NotFound)]) == 7
    assert not session.scalars(select(Person)).all()
    assert chain.verify(anchors.read(current_dealership_id())).finding is None


def test_who_writes_a_note_at_that_moment_is_told_that_there_is_no_such_lead(app: Flask) -> None:
    anna = make_lead("Anna Aho", email="anna@example.com")
    answers = at_once(app, [noting(anna.id), erasing(anna.person_id), *[noting(anna.id)] * 6])
    assert not [each for each in answers if isinstance(each, Exception) and not isinstance(each, NotFound)]
    assert not session.scalars(select(Person)).all() and not session.scalars(select(Lead)).all()


def test_who_asks_at_that_moment_is_erased_whole_or_is_somebody_new(app: Flask) -> None:
    anna = make_lead("Anna Aho", email="anna@example.com")
    person_id = anna.person_id
    answers = at_once(app, [*map(asking, range(4)), erasing(person_id), *map(asking, range(4, 8))])
    assert not [each for each in answers if isinstance(each, Exception)]
    assert session.get(Person, person_id) is None
    assert len(session.scalars(select(Person)).all()) <= 1, "and all they ask later is one person's"


def test_a_number_is_never_given_again(app: Flask) -> None:
    anna = make_lead("Anna Aho")
    person_id, lead_id = anna.person_id, anna.id
    erasing(person_id)()
    bea = make_lead("Bea Bystander")
    assert bea.id > lead_id and bea.person_id > person_id


def test_an_answer_that_comes_later_is_a_strangers(app: Flask) -> None:
    anna = make_lead("Anna Aho", email="anna@example.com")
    ours = written(anna)
    raw = letter("Anna Aho <anna@example.com>", In_Reply_To=ours.message_id)
    erasing(anna.person_id)()
    bea = make_lead("Bea Bystander")
    assert arrive(raw) is Outcome.NEW_LEAD
    assert session.scalar(select(func.count(Lead.id)).where(Lead.person_id == bea.person_id)) == 1


def delivered(lead: Lead) -> list[str]:
    """What of this lead's mails lies as files."""
    with transaction():
        tell_of_lead(lead.id)
    delivery.sweep(post_for_settings())
    return sorted(path.name for path in kept.folder().glob("*.eml"))


def test_mails_that_lie_as_files_go_along(app: Flask) -> None:
    bea = make_lead("Bea Bystander", email="bea@example.com")
    theirs = delivered(bea)
    anna = make_lead("Anna Aho", email="anna@example.com")
    assert len(delivered(anna)) > len(theirs) > 0
    erasing(anna.person_id)()
    assert sorted(path.name for path in kept.folder().glob("*.eml")) == theirs
    assert not [path for path in kept.folder().iterdir() if "anna@" in path.read_text()]


def test_a_mail_that_leaves_at_that_moment_leaves_no_file(app: Flask) -> None:
    anna = make_lead("Anna Aho", email="anna@example.com")
    with transaction():
        tell_of_lead(anna.id)
    post = post_for_settings()

    class Slow:
        """Somebody is erased while the mail is being carried."""

        def carry(self, mail: object, name: str) -> None:
            if session.scalar(select(func.count(Outbox.id))):
                erasing(anna.person_id)()
            post.carrier.carry(mail, name)  # type: ignore[arg-type]

        def close(self) -> None:
            post.carrier.close()

    delivery.deliver_next(delivery.Post(Slow(), post.render, post.public_url, post.private_hooks))
    assert not list(kept.folder().glob("*"))


def test_files_of_forgotten_messages_are_forgotten(app: Flask) -> None:
    anna = make_lead("Anna Aho", email="anna@example.com")
    names = delivered(anna)
    orphan = kept.folder() / f"{current_dealership_id()}-999999.eml"
    orphan.write_text("anna@example.com")
    elsewhere = kept.folder() / f"{current_dealership_id() + 1}-999999.eml"
    elsewhere.write_text("not ours to judge")
    forget_sent()
    assert sorted(path.name for path in kept.folder().glob("*.eml")) == sorted([*names, elsewhere.name])
