"""Passkeys: added, named, removed, and at the door; whatever is not an answer to our question is refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from kroi.accounts import service as accounts
from kroi.accounts.models import AuditEntry, User
from kroi.accounts.passkeys import service
from kroi.accounts.passkeys.models import Passkey, PasskeyChallenge
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.makers import make_user
from tests.support.source import ROOT

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]


def asked(client: Client, address: str) -> dict[str, Any]:
    answer = client.post(f"{address}/options")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    found: dict[str, Any] = json.loads(answer.text)
    return found


def send(client: Client, address: str, credential: str, **more: str) -> int:
    return client.post(address, data={"credential": credential, **more}).status_code


def registered(client: Client, key: Authenticator | None = None, **how: Any) -> Authenticator:
    """A key that this signed-in person tried to add."""
    key = key or Authenticator()
    question = asked(client, "/staff/profile/passkeys")
    send(client, "/staff/profile/passkeys", key.make(question, **how), name="Work laptop")
    return key


def at_the_door(client: Client, key: Authenticator, **how: Any) -> int:
    return send(client, "/staff/sign-in/passkey", key.get(asked(client, "/staff/sign-in/passkey"), **how))


@pytest.fixture
def key(signed_in: SignIn, ana: User) -> Authenticator:
    """Ana's."""
    return registered(signed_in(ana))


def test_a_passkey_is_added_and_opens_the_door(app: Flask, signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    question = asked(client, "/staff/profile/passkeys")
    assert question["rp"]["id"] == "a.test"
    wanted = question["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    key = Authenticator()
    assert send(client, "/staff/profile/passkeys", key.make(question), name="Work laptop") == 303
    page = client.get("/staff/profile/passkeys").text
    assert "Work laptop" in page and "never used" in page and "It opens the door now." in page
    browser = visitor(app)
    assert at_the_door(browser, key) == 303 and is_in(browser)
    assert session.query(AuditEntry).filter_by(action="sign in").one().details == {"with": "passkey"}
    assert session.query(Passkey).one().sign_count == 1
    assert session.query(PasskeyChallenge).count() == 0


def test_several_may_be_added_and_one_is_not_added_twice(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    first = registered(client)
    registered(client)
    assert [each["id"] for each in asked(client, "/staff/profile/passkeys")["excludeCredentials"]][0]
    registered(client, first)
    assert session.query(Passkey).count() == 2


def test_it_goes_on_to_where_one_was_going_and_never_elsewhere(app: Flask, key: Authenticator) -> None:
    for next, leads in (("/staff/cars/", "/staff/cars/"), ("//evil.test", "/staff/")):
        browser = visitor(app)
        said = key.get(asked(browser, "/staff/sign-in/passkey"))
        answer = browser.post("/staff/sign-in/passkey", data={"credential": said, "next": next})
        assert answer.headers["Location"] == leads


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "http://evil.test"}, {"origin": "https://a.test"}, {"origin": "http://a.test:8080"},
        {"origin": "http://b.test"}, {"site": "evil.test"}, {"site": "test"}, {"flags": PRESENT}, {"flags": 0},
        {"handle": b"somebody else"},
    ],
)  # fmt: skip
def test_an_answer_from_elsewhere_or_without_its_owner_is_refused(
    app: Flask, key: Authenticator, how: dict[str, Any]
) -> None:
    browser = visitor(app)
    assert at_the_door(browser, key, **how) == 422 and not is_in(browser)
    assert at_the_door(browser, key) == 303, "and the key still works"


@pytest.mark.parametrize("how", [{"origin": "http://evil.test"}, {"flags": PRESENT}])
def test_a_new_key_from_elsewhere_or_without_its_owner_is_not_added(
    signed_in: SignIn, ana: User, how: dict[str, Any]
) -> None:
    registered(signed_in(ana), **how)
    assert session.query(Passkey).count() == 0


def test_an_answer_counts_once(app: Flask, key: Authenticator) -> None:
    browser = visitor(app)
    said = key.get(asked(browser, "/staff/sign-in/passkey"))
    assert send(browser, "/staff/sign-in/passkey", said) == 303
    browser.post("/staff/sign-out")
    assert send(browser, "/staff/sign-in/passkey", said) == 422
    assert send(visitor(app), "/staff/sign-in/passkey", said) == 422


def test_an_answer_counts_only_in_the_browser_that_was_asked(app: Flask, key: Authenticator) -> None:
    thief, victim = visitor(app), visitor(app)
    said = key.get(asked(victim, "/staff/sign-in/passkey"))
    asked(thief, "/staff/sign-in/passkey")
    assert send(thief, "/staff/sign-in/passkey", said) == 422


def test_a_question_waits_five_minutes(app: Flask, key: Authenticator) -> None:
    browser = visitor(app)
    said = key.get(asked(browser, "/staff/sign-in/passkey"))
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert send(browser, "/staff/sign-in/passkey", said) == 422
        service.forget_old()
    assert session.query(PasskeyChallenge).count() == 0


def test_a_question_of_one_kind_is_not_answered_by_another(app: Flask, signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    key = registered(client)
    question = asked(client, "/staff/profile/passkeys")
    said = key.get(question | {"rpId": "a.test"})
    assert send(client, "/staff/sign-in/passkey", said) == 422


def test_a_copied_key_whose_count_runs_behind_is_refused(app: Flask, key: Authenticator) -> None:
    key.count = 7
    assert at_the_door(visitor(app), key) == 303
    key.count = 3
    assert at_the_door(visitor(app), key) == 422
    key.count = 8
    assert at_the_door(visitor(app), key) == 303


def test_a_key_of_another_house_opens_nothing_here(app: Flask, signed_in: SignIn, ana: User, chris: User) -> None:
    theirs = signed_in(chris)
    foreign = registered(theirs, origin="http://b.test")
    there = visitor(app)
    there.host = "b.test"
    assert at_the_door(there, foreign, origin="http://b.test") == 303
    browser = visitor(app)
    assert at_the_door(browser, foreign) == 422
    assert at_the_door(browser, foreign, origin="http://b.test", site="b.test") == 422


def test_a_key_that_nobody_added_and_a_forged_signature_are_refused(app: Flask, key: Authenticator) -> None:
    assert at_the_door(visitor(app), Authenticator()) == 422
    thief = Authenticator()
    thief.id, thief.handle = key.id, key.handle
    assert at_the_door(visitor(app), thief) == 422


@pytest.mark.parametrize("said", ["", "null", "[]", "{}", "{" * 5000, '{"id": 1}', '{"id":"é","rawId":"é"}', "\x00"])
def test_nonsense_is_refused(app: Flask, key: Authenticator, said: str) -> None:
    browser = visitor(app)
    asked(browser, "/staff/sign-in/passkey")
    assert send(browser, "/staff/sign-in/passkey", said) == 422


def test_who_was_switched_off_does_not_get_in(app: Flask, key: Authenticator, ana: User) -> None:
    with transaction():
        accounts.switch_off(ana)
    assert at_the_door(visitor(app), key) == 422


def test_it_stands_for_both_steps(app: Flask, signed_in: SignIn, key: Authenticator, olga: User, ana: User) -> None:
    signed_in(olga).post("/staff/users/roles", data={"role": ["sales"]})
    browser = visitor(app)
    assert at_the_door(browser, key) == 303
    assert browser.get("/staff/").status_code == 200
    other = visitor(app)
    try_password(other, ana)
    assert other.get("/staff/").headers["Location"] == "/staff/profile/app"


def test_keys_are_named_and_removed_by_their_owner(
    app: Flask, signed_in: SignIn, key: Authenticator, ana: User, boris: User
) -> None:
    client, row = signed_in(ana), session.query(Passkey).one().id
    for action, data in (("name", {"name": "Mine now"}), ("remove", {})):
        assert signed_in(boris).post(f"/staff/profile/passkeys/{row}/{action}", data=data).status_code == 404
    assert client.post(f"/staff/profile/passkeys/{row}/name", data={"name": " "}).status_code == 422
    assert client.post(f"/staff/profile/passkeys/{row}/name", data={"name": "Phone"}).status_code == 303
    assert "Phone" in client.get("/staff/profile/passkeys").text
    assert client.post(f"/staff/profile/passkeys/{row}/remove").status_code == 303
    assert at_the_door(visitor(app), key) == 422


def test_adding_and_removing_ask_again_who_it_is(signed_in: SignIn, key: Authenticator, ana: User) -> None:
    client, row = signed_in(ana), session.query(Passkey).one().id
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        for path in ("options", "", f"{row}/remove"):
            answer = client.post(f"/staff/profile/passkeys/{path}".rstrip("/"), data={"name": "x"})
            assert answer.headers["Location"] == "/staff/profile/confirm?next=/staff/profile/passkeys"
    assert session.query(Passkey).count() == 1


def test_questions_are_asked_sixty_times(app: Flask) -> None:
    browser = visitor(app)
    answers = [browser.post("/staff/sign-in/passkey/options").status_code for _ in range(62)]
    assert answers == [200] * 60 + [429] * 2


def test_nobody_has_more_than_twenty(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    for _ in range(20):
        registered(client)
    assert client.post("/staff/profile/passkeys/options").status_code == 409


def test_a_key_does_not_say_whose_it_is(signed_in: SignIn, ana: User) -> None:
    question = asked(signed_in(ana), "/staff/profile/passkeys")
    other = asked(signed_in(make_user("Bo")), "/staff/profile/passkeys")
    assert question["user"]["id"] != other["user"]["id"] and str(ana.id) != question["user"]["id"]


def test_a_process_that_asks_no_key_does_not_carry_the_library() -> None:
    said = (
        "import sys, kroi.factory; print(sorted(each for each in sys.modules if each.partition('.')[0] == 'webauthn'))"
    )
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
