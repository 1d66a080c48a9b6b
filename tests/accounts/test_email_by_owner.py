"""An owner changes the e-mail of somebody else: at once, and both addresses are told."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from kroi.accounts.models import Role, User
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from tests.accounts.door import is_in, try_password
from tests.accounts.test_email import NEW
from tests.accounts.test_links import choose, mailed
from tests.support.client import Client, visitor
from tests.support.makers import make_user

SignIn = Callable[[User], Client]


def test_an_owner_changes_somebody_elses_at_once(signed_in: SignIn, olga: User, ana: User, app: Flask) -> None:
    desk = visitor(app)
    try_password(desk, ana)
    owner = signed_in(olga)
    assert "ana@a.test" in owner.get(f"/staff/users/{ana.id}/email").text
    answer = owner.post(f"/staff/users/{ana.id}/email", data={"email": NEW})
    assert answer.headers["Location"] == f"/staff/users/{ana.id}"
    assert not is_in(desk) and try_password(visitor(app), NEW).status_code == 303


def test_who_was_invited_to_a_wrong_address_is_invited_again(
    app: Flask, signed_in: SignIn, olga: User, tmp_path: Path
) -> None:
    owner = signed_in(olga)
    owner.post("/staff/users/", data={"name": "Nora", "email": "norra@a.test", "role": "sales"})
    nora = session.query(User).filter_by(name="Nora").one()
    owner.post(f"/staff/users/{nora.id}/email", data={"email": "nora@a.test"})
    letters = "".join(each for each in mailed(app, tmp_path) if "To: nora@a.test" in each)
    [secret] = set(re.findall(r"/staff/link/([0-9a-f]{64})", letters))
    assert choose(visitor(app), secret) == 303


@pytest.mark.parametrize("typed", ["", "nobody", "olga@a.test"])
def test_an_owner_is_told_what_is_wrong_with_an_address(signed_in: SignIn, ana: User, typed: str) -> None:
    olga = make_user("Olga Two", email="olga@a.test", role=Role.OWNER)
    page = signed_in(olga).post(f"/staff/users/{ana.id}/email", data={"email": typed})
    assert page.status_code == 422 and 'id="email-error"' in page.text


def test_an_owner_changes_their_own_like_everybody(signed_in: SignIn, olga: User) -> None:
    client = signed_in(olga)
    for answer in (client.get(f"/staff/users/{olga.id}/email"), client.post(f"/staff/users/{olga.id}/email")):
        assert answer.status_code == 409 and "on your profile" in answer.text


def test_nobody_of_another_house_is_reached(signed_in: SignIn, olga: User, chris: User) -> None:
    client = signed_in(olga)
    assert client.get(f"/staff/users/{chris.id}/email").status_code == 404
    assert client.post(f"/staff/users/{chris.id}/email", data={"email": NEW}).status_code == 404
    with acting_for(chris.dealership_id):
        assert session.get_one(User, chris.id).email == chris.email
