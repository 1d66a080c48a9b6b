"""Another e-mail address: shown to be one's own by a link, told to the old one, and nobody else's business."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from kroi.accounts import service as accounts
from kroi.accounts.emails import service
from kroi.accounts.models import AuditEntry, StaffSession, User
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets.rules import PASSWORD as PASSWORD_LINKS
from kroi.accounts.tickets.rules import TicketKind
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.notifications.models import Outbox
from tests.accounts.door import is_in, try_password
from tests.accounts.test_links import choose, mailed
from tests.accounts.test_second_step import code_of, with_app
from tests.support.client import Client, visitor
from tests.support.crowd import at_once
from tests.support.makers import PASSWORD, make_user
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
NEW = "ana.new@a.test"
LINK = re.compile(r"http://a\.test:8000(/staff/email/[0-9a-f]{64})")


def ask(client: Client, email: str = NEW) -> str:
    """The link's path, as it is shown where no mail leaves the house."""
    page = client.post("/staff/profile/email", data={"email": email})
    [link] = re.findall(r"/staff/email/[0-9a-f]{64}", page.text)
    return str(link)


def follow(client: Client, link: str) -> int:
    """Open the link and press the button."""
    assert client.get(link).headers["Location"] == "/staff/profile/email/new"
    return client.post("/staff/profile/email/new").status_code


def address_of(user: User) -> str:
    """What stands in the database now."""
    found = session.scalar(select(User.email).where(User.id == user.id))
    assert found is not None
    return found


def asked_by(user: User, email: str = NEW) -> str:
    with transaction():
        return f"/staff/email/{service.ask(user, email)}"


def test_a_link_to_the_new_address_makes_it_count(app: Flask, ana: User, tmp_path: Path) -> None:
    desk, phone = visitor(app), visitor(app)
    try_password(desk, ana)
    try_password(phone, ana)
    ask(desk, " Ana.New@A.test ")
    [letter] = mailed(app, tmp_path)
    assert f"To: {NEW}" in letter
    [link] = LINK.findall(letter)
    assert try_password(visitor(app), "ana@a.test").status_code == 303, "nothing changes until it is followed"
    answer = desk.get(link)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert NEW in desk.get(answer.headers["Location"]).text
    assert desk.post("/staff/profile/email/new").headers["Location"] == "/staff/profile"
    assert is_in(desk) and not is_in(phone)
    assert try_password(visitor(app), "ana@a.test").status_code == 422
    assert try_password(visitor(app), NEW).status_code == 303


def test_the_old_address_is_told_and_the_new_one_too(app: Flask, signed_in: SignIn, ana: User, tmp_path: Path) -> None:
    client = signed_in(ana)
    assert follow(client, ask(client)) == 303
    letters = [each for each in mailed(app, tmp_path) if "was changed" in each]
    told = {re.findall(r"^To: (.*)$", each, re.MULTILINE)[0]: each for each in letters}
    assert set(told) == {"ana@a.test", NEW}
    assert NEW not in told["ana@a.test"], "whoever reads the old mailbox is not told the new one"
    assert "This one opens nothing any more" in " ".join(told["ana@a.test"].split())


@pytest.mark.parametrize(("language", "words"), [("en", "was changed"), ("fi", "vaihdettiin"), ("sv", "ändrades")])
def test_letters_speak_their_readers_language(app: Flask, tmp_path: Path, language: str, words: str) -> None:
    nora = make_user("Nora Niemi", email="nora@a.test", language=language)
    with transaction():
        service.change(nora, "nn@a.test")
    letters = [each.replace("=C3=A4", "ä").lower() for each in mailed(app, tmp_path)]
    assert len(letters) == 2 and all(words in each for each in letters)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_one_is_is_asked_first(app: Flask, ana: User, method: str) -> None:
    client = visitor(app)
    try_password(client, ana)
    with_app(ana)
    with transaction():
        session.execute(update(StaffSession).values(proven_at=clock.now() - timedelta(hours=1)))
    answer = getattr(client, method)("/staff/profile/email")
    assert answer.headers["Location"] == "/staff/profile/confirm?next=/staff/profile/email"
    proof = {"password": PASSWORD, "next": "/staff/profile/email"}
    assert client.post("/staff/profile/confirm", data=proof).status_code == 422, "the code is asked for, too"
    proof |= {"code": code_of(ana)}
    assert client.post("/staff/profile/confirm", data=proof).headers["Location"] == "/staff/profile/email"
    assert client.get("/staff/profile/email").status_code == 200


def test_a_link_waits_for_its_owner_to_sign_in(app: Flask, ana: User) -> None:
    phone = visitor(app)
    page = phone.get(phone.get(asked_by(ana)).headers["Location"])
    assert page.headers["Location"] == "/staff/sign-in?next=/staff/profile/email/new"
    assert try_password(phone, ana, next="/staff/profile/email/new").status_code == 303
    assert phone.post("/staff/profile/email/new").status_code == 303
    assert address_of(ana) == NEW


def test_a_link_gives_nothing_to_anybody_else(app: Flask, signed_in: SignIn, ana: User, boris: User) -> None:
    link = asked_by(ana)
    assert follow(visitor(app), link) == 303, "led to the door"
    assert signed_in(ana).get("/staff/profile/email/new").headers["Location"] == "/staff/profile/email", "no link here"
    assert follow(signed_in(boris), link) == 410
    secret = link.rpartition("/")[2]
    assert choose(visitor(app), secret) == 410, "it chooses no password"
    assert address_of(ana) == "ana@a.test"
    assert follow(signed_in(ana), link) == 303, "and it was not used up by trying"


def test_a_link_for_a_password_changes_no_address(signed_in: SignIn, ana: User) -> None:
    with transaction():
        secret = tickets.hand_out(ana, TicketKind.RESET)
    assert follow(signed_in(ana), f"/staff/email/{secret}") == 410


def test_a_link_opens_once_and_for_a_day(app: Flask, signed_in: SignIn, ana: User) -> None:
    def at(moment: timedelta) -> None:
        client = visitor(app)
        with time_machine.travel(clock.now() + moment, tick=False):
            try_password(client, ana)
            assert follow(client, link) == (303 if moment < timedelta(days=1) else 410)

    link = asked_by(ana)
    at(timedelta(days=1, minutes=1))
    at(timedelta(hours=23))
    assert address_of(ana) == NEW
    assert follow(signed_in(ana), link) == 410


def test_a_newer_link_takes_the_older_ones_place(signed_in: SignIn, ana: User) -> None:
    first, second = asked_by(ana, "first@a.test"), asked_by(ana)
    assert follow(signed_in(ana), first) == 410
    assert follow(signed_in(ana), second) == 303


def test_a_letter_for_a_password_and_one_for_an_address_live_side_by_side(app: Flask, ana: User) -> None:
    link = asked_by(ana)
    visitor(app).post("/staff/forgotten", data={"email": ana.email})
    client = visitor(app)
    try_password(client, ana)
    assert follow(client, link) == 303, "a stranger who asks for a letter hinders nobody"


@pytest.mark.parametrize("change", ["link", "owner"])
def test_links_mailed_to_the_old_address_are_void(app: Flask, signed_in: SignIn, ana: User, change: str) -> None:
    with transaction():
        secret = tickets.hand_out(ana, TicketKind.RESET)
    if change == "link":
        assert follow(signed_in(ana), asked_by(ana)) == 303
    else:
        with transaction():
            service.change(ana, NEW)
    assert tickets.find_good(secret, PASSWORD_LINKS) is None


def test_a_new_password_voids_a_link_that_was_asked_for(signed_in: SignIn, ana: User) -> None:
    link = asked_by(ana)
    with transaction():
        accounts.change_own_password(ana, "something else entirely", cost=4)
    assert follow(signed_in(ana), link) == 410


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type an e-mail address."),
        ("ana", "This is not an e-mail address"),
        ("ana@a.test\r\nBcc: x@y.test", "This is not an e-mail address"),
        (f"{'x' * 255}@a.test", "longer"),
        ("ana@a.test", "This is the address already."),
        ("Boris@A.test", "Somebody here has this e-mail already."),
    ],
)
def test_an_address_that_will_not_do_is_refused_beside_the_field(
    signed_in: SignIn, ana: User, typed: str, why: str
) -> None:
    make_user("Boris B", email="boris@a.test")
    page = signed_in(ana).post("/staff/profile/email", data={"email": typed})
    assert page.status_code == 422 and why in page.text and 'id="email-error"' in page.text
    assert session.query(Outbox).count() == 0


def test_an_address_at_another_dealership_is_free_here(signed_in: SignIn, ana: User, chris: User) -> None:
    client = signed_in(ana)
    assert follow(client, ask(client, chris.email)) == 303
    assert address_of(ana) == chris.email


def test_who_takes_the_address_first_has_it(signed_in: SignIn, ana: User, boris: User) -> None:
    link = asked_by(ana)
    with transaction():
        service.change(boris, NEW)
    assert follow(signed_in(ana), link) == 409
    assert address_of(ana) == "ana@a.test"


def test_of_two_who_want_one_address_at_once_one_gets_it(app: Flask, ana: User, boris: User) -> None:
    def change(user: User) -> Callable[[], bool]:
        def one() -> bool:
            try:
                with transaction():
                    service.change(session.get_one(User, user.id), NEW)
            except Conflict:
                return False
            return True

        return one

    assert sorted(map(str, at_once(app, [change(ana), change(boris)]))) == ["False", "True"]


def test_letters_to_one_address_are_counted(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    answers = [client.post("/staff/profile/email", data={"email": NEW}).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_the_link_is_not_shown_where_mail_leaves(
    app: Flask, signed_in: SignIn, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = replace(app.extensions["kroi.settings"], smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setitem(app.extensions, "kroi.settings", mailing)
    page = signed_in(ana).post("/staff/profile/email", data={"email": NEW}).text
    assert f"A letter is on its way to {NEW}" in page and "/staff/email/" not in page


def test_the_record_knows_that_and_not_what(signed_in: SignIn, olga: User, ana: User) -> None:
    client = signed_in(ana)
    follow(client, ask(client))
    signed_in(olga).post(f"/staff/users/{ana.id}/email", data={"email": "again@a.test"})
    entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
    assert [(each.action, each.subject_id, each.details) for each in entries] == [
        ("ask for email", ana.id, {}),
        ("change email", ana.id, {"with": "link"}),
        ("change email", ana.id, {"with": "owner"}),
    ]
    assert "@" not in str([(each.details, each.sealed) for each in entries])


def test_pages_take_ten_queries_or_fewer(signed_in: SignIn, olga: User, ana: User) -> None:
    client = signed_in(olga)
    for page in ("/staff/profile/email", "/staff/profile/email/new", f"/staff/users/{ana.id}/email"):
        with counted_queries() as sent:
            client.get(page)
        assert len(sent) <= 10
