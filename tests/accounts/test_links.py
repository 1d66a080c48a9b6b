"""Links by which somebody chooses a password: once, for a while, and only whose they are."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from kroi.accounts import service
from kroi.accounts.models import AuditEntry, Role, StaffSession, User
from kroi.accounts.tickets import rules
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets.models import Ticket
from kroi.accounts.tickets.rules import TicketKind
from kroi.core import clock
from kroi.db.model import Model, db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.notifications.cli import render
from kroi.notifications.delivery import service as delivery
from kroi.notifications.delivery.carriers import Files
from kroi.notifications.delivery.service import Post
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.crowd import at_once
from tests.support.makers import PASSWORD, make_user

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
NEW = "a brand new phrase"


def link_for(user: User, kind: TicketKind = TicketKind.RESET) -> str:
    with transaction():
        return tickets.hand_out(user, kind)


def open_link(client: Client, secret: str) -> None:
    answer = client.get(f"/staff/link/{secret}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/new-password")
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def choose(client: Client, secret: str, password: str = NEW) -> int:
    open_link(client, secret)
    return client.post("/staff/new-password", data={"password": password}).status_code


def mailed(app: Flask, folder: Path) -> list[str]:
    """What leaves now, as text without the breaks that mail puts into lines."""
    delivery.sweep(Post(Files(folder), render, "http://127.0.0.1:8000"))
    return [path.read_text().replace("=\n", "").replace("=3D", "=") for path in sorted(folder.glob("*.eml"))]


def test_a_forgotten_password_is_replaced_by_a_mailed_link(app: Flask, ana: User, tmp_path: Path) -> None:
    browser = visitor(app)
    assert "a letter with a link is on its way" in browser.post("/staff/forgotten", data={"email": "Ana@a.test"}).text
    [mail] = mailed(app, tmp_path)
    [secret] = re.findall(r"http://a\.test:8000/staff/link/([0-9a-f]{64})", mail)
    assert choose(browser, secret) == 303
    assert try_password(browser, "ana@a.test").status_code == 422
    assert try_password(browser, "ana@a.test", NEW).status_code == 303 and is_in(browser)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "choose a new password"), ("fi", "salasana"), ("sv", "lösenord")]
)
def test_the_letter_speaks_its_readers_language(app: Flask, tmp_path: Path, language: str, words: str) -> None:
    link_for(make_user("Nora Niemi", email="nora@a.test", language=language))
    [mail] = mailed(app, tmp_path)
    assert words in mail.replace("=C3=B6", "ö").lower()


def test_the_secret_stands_in_no_table(app: Flask, ana: User) -> None:
    secret = link_for(ana)
    with db.engine.connect() as connection:
        for name in Model.metadata.tables:
            rows = connection.execute(text(f"SELECT * FROM {name}")).all()
            assert secret not in str(rows), name


def test_the_answer_does_not_say_who_is_here(app: Flask, ana: User) -> None:
    gone = make_user("Gone Gert", active=False)
    pages = [
        visitor(app).post("/staff/forgotten", data={"email": who}).text for who in (ana.email, gone.email, "no@a.test")
    ]
    assert len(set(pages)) == 1
    kinds = [(each.user_id is None, each.kind) for each in session.query(Ticket).order_by(Ticket.id)]
    assert kinds == [(False, "reset"), (True, "reset"), (True, "reset")]


def test_the_answer_takes_as_long_for_nobody(app: Flask, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    costly = replace(app.extensions["kroi.settings"], bcrypt_cost=9)
    monkeypatch.setitem(app.extensions, "kroi.settings", costly)
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for n in range(9):
        for name, email in (("known", make_user(f"N {n}").email), ("unknown", f"nobody{n}@a.test")):
            browser, begin = visitor(app), time.process_time()
            browser.post("/staff/forgotten", data={"email": email}, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"})
            taken[name].append(time.process_time() - begin)
    known, unknown = (statistics.median(each) for each in taken.values())
    assert 0.7 < known / unknown < 1.4


def test_letters_are_asked_for_three_times_and_lock_nobody_out(app: Flask, ana: User) -> None:
    def ask(who: str, n: int) -> int:
        where = {"REMOTE_ADDR": f"192.0.2.{n}"}
        return visitor(app).post("/staff/forgotten", data={"email": who}, environ_base=where).status_code

    assert [ask(ana.email, n) for n in range(5)] == [200, 200, 200, 429, 429]
    assert [ask("no@a.test", n) for n in range(5)] == [200, 200, 200, 429, 429]
    assert [ask(f"n{n}@a.test", 99) for n in range(12)] == [200] * 10 + [429] * 2
    assert try_password(visitor(app), ana).status_code == 303


def test_of_twenty_posts_at_once_one_gets_the_link(app: Flask, ana: User) -> None:
    secret = link_for(ana)

    def one() -> bool:
        with transaction():
            return service.choose_password(secret, NEW, cost=4) is not None

    answers = at_once(app, [one] * 20)
    assert sorted(map(str, answers)) == ["False"] * 19 + ["True"]
    assert session.query(AuditEntry).filter_by(action="choose password").count() == 1


@pytest.mark.parametrize(
    ("kind", "lasts"), [(TicketKind.RESET, timedelta(hours=1)), (TicketKind.INVITE, timedelta(days=7))]
)
def test_a_link_ends_by_itself(app: Flask, ana: User, kind: TicketKind, lasts: timedelta) -> None:
    secret = link_for(ana, kind)
    with time_machine.travel(clock.now() + lasts - timedelta(minutes=1), tick=False):
        browser = visitor(app)
        open_link(browser, secret)
        assert ana.email in browser.get("/staff/new-password").text
    with time_machine.travel(clock.now() + lasts + timedelta(minutes=1), tick=False):
        assert choose(browser, secret) == 410
        assert "opens nothing any more" in browser.get("/staff/new-password").text
    assert try_password(visitor(app), ana).status_code == 303, "the password stayed"


def test_a_used_link_and_a_replaced_one_open_nothing(app: Flask, ana: User) -> None:
    first = link_for(ana)
    second = link_for(ana)
    assert choose(visitor(app), first) == 410
    assert choose(visitor(app), second) == 303
    assert choose(visitor(app), second, "yet another phrase") == 410


@pytest.mark.parametrize("change", ["own password", "owner's password", "switched off"])
def test_a_link_ends_when_the_account_changes(app: Flask, ana: User, change: str) -> None:
    secret = link_for(ana)
    with transaction():
        match change:
            case "own password":
                service.change_own_password(ana, "something else entirely", cost=4)
            case "owner's password":
                service.reset_password(ana, "something else entirely", cost=4)
            case _:
                service.switch_off(ana)
    assert choose(visitor(app), secret) == 410


def test_a_link_of_another_house_opens_nothing_here(app: Flask, chris: User) -> None:
    nonce = rules.new_nonce()
    key = app.extensions["kroi.settings"].secret_key
    secret = rules.secret_of(key, chris.dealership_id, nonce)
    theirs = chris.dealership_id
    with acting_for(theirs):
        with transaction():
            now = clock.now()
            session.add(
                Ticket(
                    user_id=chris.id, kind=TicketKind.RESET, nonce=nonce, digest=rules.digest(secret),
                    created_at=now, expires_at=now + timedelta(hours=1),
                )
            )  # fmt: skip
    assert choose(visitor(app), secret) == 410
    there = visitor(app)
    there.host = "b.test"
    assert choose(there, secret) == 303


@pytest.mark.parametrize("secret", ["x", "0" * 64, "é", "a" * 500])
def test_what_is_no_link_opens_nothing(client: Client, secret: str) -> None:
    assert choose(client, secret) == 410


def test_a_weak_password_is_refused_and_the_link_lives(app: Flask, ana: User) -> None:
    browser, secret = visitor(app), link_for(ana)
    assert choose(browser, secret, "password1") == 422
    assert choose(browser, secret) == 303


def test_a_chosen_password_ends_every_session(app: Flask, signed_in: SignIn, ana: User) -> None:
    desk = signed_in(ana)
    assert choose(visitor(app), link_for(ana)) == 303
    assert not is_in(desk) and session.query(StaffSession).count() == 0


def test_looking_at_a_link_uses_nothing_up(app: Flask, ana: User) -> None:
    secret = link_for(ana)
    for _ in range(3):
        open_link(visitor(app), secret)
    assert choose(visitor(app), secret) == 303


def test_an_owner_sends_a_link_to_somebody_who_is_here(
    app: Flask, signed_in: SignIn, olga: User, ana: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = replace(app.extensions["kroi.settings"], smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setitem(app.extensions, "kroi.settings", mailing)
    page = signed_in(olga).post(f"/staff/users/{ana.id}/link")
    assert "A letter with a link goes to ana@a.test" in page.text and "/staff/link/" not in page.text
    assert "/staff/link/" in mailed(app, tmp_path)[0]
    assert try_password(visitor(app), "ana@a.test", PASSWORD).status_code == 303, "nothing changes until it is used"


def test_who_is_switched_off_gets_no_letter(app: Flask, ana: User, tmp_path: Path) -> None:
    link_for(ana)
    with transaction():
        service.switch_off(ana)
    assert mailed(app, tmp_path) == []


def test_old_links_are_forgotten(app: Flask, ana: User) -> None:
    link_for(ana)
    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        link_for(make_user("Nora", Role.SALES))
        tickets.forget_old()
    assert session.query(Ticket).count() == 1
