"""What owners do with staff."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from kroi.accounts import queries, service
from kroi.accounts.models import AuditEntry, Role, User
from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.crowd import at_once
from tests.support.makers import make_user
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
NORA = {"name": "Nora Niemi", "email": "Nora@A.test", "role": "manager"}


def shown_password(page: str) -> str:
    [found] = re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", page)
    return str(found)


def test_everybody_is_listed(signed_in: SignIn, olga: User, ana: User, chris: User) -> None:
    make_user("Gone Gert", active=False)
    page = signed_in(olga).get("/staff/users/")
    assert page.status_code == 200
    assert "Ana Aalto" in page.text and "Switched off" in page.text
    assert "Chris" not in page.text


def test_the_list_takes_ten_queries_or_fewer(signed_in: SignIn, olga: User) -> None:
    client = signed_in(olga)
    with counted_queries() as sent:
        client.get("/staff/users/")
    assert len(sent) <= 10


def test_somebody_new_gets_a_link_that_is_shown_once_where_no_mail_leaves(
    signed_in: SignIn, olga: User, app: Flask
) -> None:
    page = signed_in(olga).post("/staff/users/", data=NORA)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    nora = queries.find_by_email("nora@a.test")
    assert nora is not None and nora.role is Role.MANAGER and nora.temporary_until is not None
    [link] = re.findall(r"http://a\.test:\d+(/staff/link/[0-9a-f]{64})", page.text)
    browser = visitor(app)
    browser.get(link)
    assert browser.post("/staff/new-password", data={"password": "a brand new phrase"}).status_code == 303
    assert try_password(browser, nora, "a brand new phrase").status_code == 303 and is_in(browser)
    assert link not in signed_in(olga).get(f"/staff/users/{nora.id}").text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "no address"}, {"role": "emperor"}])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(signed_in: SignIn, olga: User, wrong: dict[str, str]) -> None:
    page = signed_in(olga).post("/staff/users/", data=NORA | wrong)
    assert page.status_code == 422 and "Not added yet." in page.text
    assert session.query(User).count() == 1


def test_nobody_is_here_twice(signed_in: SignIn, olga: User, ana: User) -> None:
    page = signed_in(olga).post("/staff/users/", data=NORA | {"email": "ANA@a.test"})
    assert page.status_code == 422 and "here already" in page.text
    assert 'aria-invalid="true"' in page.text and 'value="ANA@a.test"' in page.text, (
        "beside the field, with what was typed"
    )


def test_the_same_address_may_work_at_two_houses(signed_in: SignIn, olga: User, chris: User) -> None:
    assert signed_in(olga).post("/staff/users/", data=NORA | {"email": chris.email}).status_code == 200


def test_two_who_add_the_same_person_at_once_add_one(app: Flask) -> None:
    def one() -> None:
        with transaction():
            service.hire("Nora", "nora@a.test", Role.SALES, "first password", cost=4, temporary=True)

    answers = at_once(app, [one] * 8)
    assert sorted(type(each).__name__ for each in answers) == ["Conflict"] * 7 + ["NoneType"]


def test_another_role_counts_from_a_new_sign_in(signed_in: SignIn, olga: User, ana: User) -> None:
    anas = signed_in(ana)
    assert signed_in(olga).post(f"/staff/users/{ana.id}/role", data={"role": "manager"}).status_code == 303
    assert session.get_one(User, ana.id).role is Role.MANAGER
    assert not is_in(anas)


def test_a_role_that_there_is_not_is_refused(signed_in: SignIn, olga: User, ana: User) -> None:
    assert signed_in(olga).post(f"/staff/users/{ana.id}/role", data={"role": "god"}).status_code == 422


def test_whoever_is_switched_off_is_out_at_the_next_request(signed_in: SignIn, olga: User, ana: User) -> None:
    anas, boss = signed_in(ana), signed_in(olga)
    assert boss.post(f"/staff/users/{ana.id}/off").status_code == 303
    assert not is_in(anas)
    assert try_password(anas, ana).status_code == 422
    assert boss.post(f"/staff/users/{ana.id}/on").status_code == 303
    assert not is_in(anas), "old sessions stay dead"
    assert try_password(anas, ana).status_code == 303


def test_a_new_password_ends_sessions_and_the_old_password(signed_in: SignIn, olga: User, ana: User) -> None:
    anas = signed_in(ana)
    page = signed_in(olga).post(f"/staff/users/{ana.id}/password")
    assert page.status_code == 200
    assert not is_in(anas) and try_password(anas, ana).status_code == 422
    assert try_password(anas, ana, shown_password(page.text)).status_code == 303


@pytest.mark.parametrize(("action", "data"), [("off", {}), ("role", {"role": "sales"})])
def test_the_last_owner_stays(signed_in: SignIn, olga: User, action: str, data: dict[str, str]) -> None:
    make_user("Gone Owner", Role.OWNER, active=False)
    page = signed_in(olga).post(f"/staff/users/{olga.id}/{action}", data=data)
    assert page.status_code == 409 and "last owner" in page.text
    kept = session.get_one(User, olga.id)
    assert kept.active and kept.role is Role.OWNER


def test_of_two_owners_who_switch_each_other_off_one_stays(app: Flask, olga: User) -> None:
    other = make_user("Otto Owner", Role.OWNER)

    def leave(user_id: int) -> None:
        with transaction():
            service.switch_off(queries.lock(user_id))

    answers = at_once(app, [lambda: leave(olga.id), lambda: leave(other.id)])
    assert [type(each) for each in answers if each is not None] == [Conflict]
    session.expire_all()
    assert session.query(User).filter_by(role=Role.OWNER, active=True).count() == 1


def test_works_without_htmx_and_without_script(signed_in: SignIn, olga: User, ana: User) -> None:
    page = signed_in(olga).get(f"/staff/users/{ana.id}").text
    for action in ("role", "off", "password"):
        assert f'action="/staff/users/{ana.id}/{action}"' in page


@pytest.mark.parametrize("who", ["ana", "boris"])
def test_only_owners_see_the_staff(signed_in: SignIn, who: str, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get("/staff/users/").status_code == 403
    assert client.post("/staff/users/", data=NORA).status_code == 403
    assert 'href="/staff/users/"' not in client.get("/staff/profile").text


def test_staff_of_another_house_do_not_exist(signed_in: SignIn, olga: User, chris: User, there: Dealership) -> None:
    client, theirs, there_id = signed_in(olga), chris.id, there.id
    assert client.get(f"/staff/users/{theirs}").status_code == 404
    for action in ("off", "on", "password"):
        assert client.post(f"/staff/users/{theirs}/{action}").status_code == 404
    assert client.post(f"/staff/users/{theirs}/role", data={"role": "sales"}).status_code == 404
    with acting_for(there_id):
        kept = session.get_one(User, theirs)
        assert kept.active and kept.role is Role.OWNER


def test_everything_is_audited_without_names_or_addresses(signed_in: SignIn, olga: User, ana: User) -> None:
    client = signed_in(olga)
    client.post("/staff/users/", data=NORA)
    for action, data in (("role", {"role": "manager"}), ("password", {}), ("off", {}), ("on", {})):
        client.post(f"/staff/users/{ana.id}/{action}", data=data)
    entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
    assert [each.action for each in entries] == ["add", "change role", "reset password", "switch off", "switch on"]
    assert {each.actor_id for each in entries} == {olga.id}
    assert entries[1].details == {"from": "sales", "to": "manager"}
    assert "nora" not in str([each.details for each in entries]).lower()
