"""How often somebody may try, and that nobody is locked out by a stranger."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from kroi.accounts.door import rules
from kroi.accounts.door import service as door
from kroi.accounts.door.rules import Knock
from kroi.accounts.models import SignInAttempt, User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.crowd import at_once
from tests.support.makers import PASSWORD

pytestmark = pytest.mark.slow


def test_an_account_has_ten_wrong_tries_whatever_the_address(app: Flask, ana: User) -> None:
    answers = [try_password(visitor(app), ana, "wrong one", address=f"192.0.2.{n}").status_code for n in range(15)]
    assert answers == [422] * 10 + [429] * 5


def test_an_account_that_does_not_exist_has_as_many(app: Flask) -> None:
    answers = [
        try_password(visitor(app), "nobody@a.test", "wrong one", address=f"192.0.2.{n}").status_code for n in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2


def test_an_address_has_twenty_whatever_the_account(client: Client) -> None:
    answers = [try_password(client, f"n{n}@a.test", "wrong one").status_code for n in range(25)]
    assert answers == [422] * 20 + [429] * 5


def test_too_many_says_when_to_come_back(client: Client, ana: User) -> None:
    for _ in range(10):
        try_password(client, ana, "wrong one")
    page = try_password(client, ana)
    assert page.status_code == 429 and page.headers["Retry-After"] == "900"
    assert "Too many tries. Wait 15 minutes" in page.text
    assert 'value="ana@a.test"' in page.text
    assert not is_in(client)


def test_after_a_quarter_of_an_hour_one_may_try_again(client: Client, ana: User) -> None:
    for _ in range(10):
        try_password(client, ana, "wrong one")
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert try_password(client, ana).status_code == 303


def test_fifty_tries_at_once_are_no_way_round(app: Flask, ana: User) -> None:
    knock = Knock(address="there", account="ana")

    def one() -> bool:
        with transaction():
            return door.count(knock) is not None

    answers = at_once(app, [one] * 50)
    assert [each for each in answers if not isinstance(each, bool)] == []
    assert sum(map(bool, answers)) == rules.PER_ACCOUNT


def test_the_victim_still_gets_in_from_a_known_device(app: Flask, ana: User) -> None:
    desk, attacker = visitor(app), visitor(app)
    try_password(desk, ana)
    desk.post("/staff/sign-out")
    for n in range(30):
        try_password(attacker, ana, "wrong one", address=f"198.51.100.{n}")
    assert try_password(attacker, ana).status_code == 429
    assert try_password(desk, ana).status_code == 303
    assert is_in(desk)


def test_the_victim_gets_in_also_from_the_attackers_address(app: Flask, ana: User) -> None:
    desk = visitor(app)
    try_password(desk, ana)
    desk.post("/staff/sign-out")
    for n in range(30):
        try_password(visitor(app), f"n{n}@a.test", "wrong one")
    assert try_password(desk, ana).status_code == 303


def test_a_known_device_has_a_limit_too(app: Flask, ana: User) -> None:
    desk = visitor(app)
    try_password(desk, ana)
    answers = [try_password(desk, ana, "wrong one").status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_a_device_known_to_one_account_is_a_stranger_to_another(app: Flask, ana: User, boris: User) -> None:
    desk = visitor(app)
    try_password(desk, ana)
    answers = [try_password(desk, boris, "wrong one", address=f"192.0.2.{n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_a_forged_device_is_unknown(client: Client, ana: User) -> None:
    client.set_cookie("kroi_device", "WyJhbmEiXQ.aaaa.bbbb", domain="a.test")
    assert [try_password(client, ana, "wrong one").status_code for _ in range(11)][-1] == 429


def test_the_right_password_uses_up_nothing(client: Client, ana: User) -> None:
    assert [try_password(client, ana).status_code for _ in range(25)] == [303] * 25
    assert session.query(SignInAttempt).count() == 0


def test_nothing_that_was_typed_is_stored(client: Client) -> None:
    try_password(client, "mallory@evil.test", "hunter22!", address="203.0.113.9")
    [attempt] = session.query(SignInAttempt).all()
    stored = f"{attempt.address_digest} {attempt.account_digest}"
    assert "mallory" not in stored and "203.0.113" not in stored
    assert len(attempt.address_digest) == len(attempt.account_digest) == 32


def test_old_tries_are_forgotten(client: Client, ana: User) -> None:
    try_password(client, "nobody@a.test", "wrong one")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        try_password(client, ana)
    assert session.query(SignInAttempt).count() == 0


def test_old_tries_are_forgotten_where_nobody_signs_in(client: Client) -> None:
    try_password(client, "nobody@a.test", "wrong one")
    door.forget_old()
    assert session.query(SignInAttempt).count() == 1
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
        door.forget_old()
    assert session.query(SignInAttempt).count() == 0


def test_a_household_with_ipv6_is_one_address() -> None:
    assert rules.neighbourhood("2001:db8:1:2:3::4") == rules.neighbourhood("2001:db8:1:2::9") != "2001:db8:1:3::9"
    assert rules.neighbourhood("::ffff:192.0.2.1") == "192.0.2.1"
    assert rules.neighbourhood("nonsense") == "nonsense"


def test_the_current_password_cannot_be_guessed_through_the_profile(app: Flask, ana: User) -> None:
    client = visitor(app)
    try_password(client, ana)
    wish = {"current": "wrong one", "password": "a brand new phrase"}
    answers = [client.post("/staff/profile/password", data=wish).status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert client.post("/staff/profile/password", data=wish | {"current": PASSWORD}).status_code == 429
