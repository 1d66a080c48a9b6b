"""Passwords: which are good enough, and that they count exactly as typed."""

import pytest

from kroi.accounts import rules
from kroi.accounts.rules import Weakness

WHO = {"email": "ana.aalto@a.test", "name": "Ana Aalto"}


def test_a_few_words_in_a_row_are_good() -> None:
    assert rules.weakness("correct horse battery", **WHO) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("seven77", Weakness.SHORT),
        ("x" * 201, Weakness.LONG),
        ("password", Weakness.COMMON),
        ("PassWord1", Weakness.COMMON),
        ("1234567890", Weakness.COMMON),
        ("ana.aalto@a.test", Weakness.OWN_NAME),
        ("AnaAalto1!", Weakness.OWN_NAME),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, why: Weakness) -> None:
    assert rules.weakness(password, **WHO) is why


def test_the_list_of_common_passwords_has_three_thousand_that_are_long_enough() -> None:
    common = rules._common()
    assert len(common) > 2_900  # a few differ only by their case
    assert min(map(len, common)) >= rules.LEAST


@pytest.mark.parametrize(
    "password",
    ["x" * 64, "x" * 72, "x" * 73, "ä" * 64, " spaces at both ends ", "zero\0byte and more", "naïve 🚗🚗🚗🚗"],
)
def test_a_password_counts_exactly_as_typed(password: str) -> None:
    stored = rules.hash_password(password, cost=4)
    assert rules.matches(password, stored)
    for other in (password + "x", password[:-1], password.strip() + "  ", password.swapcase() + "!"):
        assert not rules.matches(other, stored)


def test_what_follows_the_72nd_byte_counts_too() -> None:
    stored = rules.hash_password("x" * 72 + "one end", cost=4)
    assert not rules.matches("x" * 72 + "another end", stored)


def test_nobodys_hash_takes_the_same_work_and_matches_nothing() -> None:
    nobody = rules.nobodys_hash(12)
    assert nobody.startswith("$2b$12$") and len(nobody) == 60
    assert not rules.matches("anything", rules.nobodys_hash(4))


def test_made_passwords_are_good_ones_and_differ() -> None:
    made = {rules.new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(rules.weakness(each, **WHO) is None for each in made)


@pytest.mark.parametrize("email", ["ana@example.com", "a.b+c@mail.example.co.uk", "ana@house"])
def test_addresses_that_can_be(email: str) -> None:
    assert rules.is_email(email)


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "@a.test", "a b@c.test", "a@b@c", "a@b.test\nBcc: x@y.test", "<a@b>"]
)
def test_addresses_that_cannot_be(email: str) -> None:
    assert not rules.is_email(email)
