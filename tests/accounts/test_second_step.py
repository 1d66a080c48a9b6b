"""The second step: codes of an app, recovery codes, and roles that must have one."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from kroi.accounts import service as accounts
from kroi.accounts.factors import queries, rules, service
from kroi.accounts.factors.models import Authenticator, RecoveryCode
from kroi.accounts.models import AuditEntry, Role, StaffSession, User
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets.rules import TicketKind
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.accounts.door import is_in, try_password
from tests.support.client import Client, visitor
from tests.support.crowd import at_once
from tests.support.makers import PASSWORD, make_user

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]


def code_of(user: User, steps: int = 0) -> str:
    """What the app of this person shows, now or so many half minutes later."""
    found = queries.find(user.id)
    assert found is not None
    return pyotp.TOTP(service.secret_of(found)).at(clock.now() + timedelta(seconds=rules.STEP * steps))


def with_app(user: User) -> list[str]:
    """This person has an app that showed a code a while ago; their recovery codes."""
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        with transaction():
            service.begin(user.id)
        with transaction():
            codes = service.confirm(user.id, code_of(user))
    assert codes is not None
    return codes


def first_step(app: Flask, user: User, next: str = "") -> Client:
    browser = visitor(app)
    answer = try_password(browser, user, next=next)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/sign-in/code")
    assert not is_in(browser) and session.query(StaffSession).count() == 0
    return browser


def try_code(browser: Client, code: str) -> int:
    return browser.post("/staff/sign-in/code", data={"code": code}).status_code


def test_an_app_is_set_up_by_its_first_code(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    assert client.post("/staff/profile/app/start").status_code == 303
    page = client.get("/staff/profile/app").text
    assert "<svg" in page and "data:" not in page
    secret = "".join(re.findall(r'<code class="code">([A-Z2-7 ]+)</code>', page)[0].split())
    assert client.post("/staff/profile/app", data={"code": "000000"}).status_code == 422
    shown = client.post("/staff/profile/app", data={"code": pyotp.TOTP(secret).now()})
    codes = re.findall(r"\b(?:[a-z2-9]{4}-){2}[a-z2-9]{4}\b", shown.text)
    assert shown.status_code == 200 and len(set(codes)) == rules.CODES
    after = client.get("/staff/profile/app").text
    assert secret not in after.replace(" ", "") and codes[0] not in after


def test_after_the_password_comes_the_code_and_then_where_one_was_going(app: Flask, ana: User) -> None:
    with_app(ana)
    browser = first_step(app, ana, next="/staff/cars/")
    answer = browser.post("/staff/sign-in/code", data={"code": code_of(ana)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/cars/")
    assert is_in(browser)
    assert session.query(AuditEntry).filter_by(action="sign in").one().details == {"with": "password and code"}


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(app: Flask, ana: User, steps: int, counts: bool) -> None:
    with_app(ana)
    with time_machine.travel(clock.now(), tick=False):
        assert (try_code(first_step(app, ana), code_of(ana, steps)) == 303) is counts


def test_no_code_is_taken_twice_nor_an_older_one_after_it(app: Flask, ana: User) -> None:
    with_app(ana)
    with time_machine.travel(clock.now(), tick=False):
        now, before = code_of(ana), code_of(ana, -1)
        assert try_code(first_step(app, ana), now) == 303
        with transaction():
            session.query(StaffSession).delete()
        browser = first_step(app, ana)
        assert [try_code(browser, each) for each in (now, before)] == [422, 422]
        assert try_code(browser, code_of(ana, 1)) == 303


def test_of_many_who_send_one_code_at_once_one_gets_in(app: Flask, ana: User) -> None:
    with_app(ana)
    code = code_of(ana)

    def one() -> bool:
        with transaction():
            return service.accept(ana.id, code)

    assert sorted(map(str, at_once(app, [one] * 12))) == ["False"] * 11 + ["True"]


def test_a_recovery_code_opens_once_however_it_is_typed(app: Flask, ana: User) -> None:
    first, second, *_rest = with_app(ana)
    browser = first_step(app, ana)
    assert try_code(browser, f" {first.upper().replace('-', ' ')} ") == 303
    with transaction():
        session.query(StaffSession).delete()
    assert try_code(first_step(app, ana), first) == 422
    assert try_code(first_step(app, ana), second) == 303
    assert session.query(RecoveryCode).count() == rules.CODES - 2


def test_of_many_who_send_one_recovery_code_at_once_one_gets_in(app: Flask, ana: User) -> None:
    code = with_app(ana)[0]

    def one() -> bool:
        with transaction():
            return service.accept(ana.id, code)

    assert sorted(map(str, at_once(app, [one] * 12))) == ["False"] * 11 + ["True"]


def test_neither_secret_nor_recovery_codes_stand_in_the_database(app: Flask, ana: User) -> None:
    codes = with_app(ana)
    found = session.query(Authenticator).one()
    assert service.secret_of(found) not in found.sealed_secret
    assert not {each.digest for each in session.query(RecoveryCode)} & {*codes, *map(rules.bare, codes)}


def test_somebody_elses_codes_do_not_count(app: Flask, ana: User, boris: User) -> None:
    with_app(ana)
    theirs = with_app(boris)
    browser = first_step(app, ana)
    assert try_code(browser, theirs[0]) == 422 and try_code(browser, code_of(boris)) == 422


def test_wrong_codes_are_counted_with_wrong_passwords(app: Flask, ana: User) -> None:
    with_app(ana)
    for n in range(6):
        try_password(visitor(app), ana, "a wrong one", address=f"192.0.2.{n}")
    browser = first_step(app, ana)
    assert [try_code(browser, "000000") for _ in range(6)] == [422] * 4 + [429] * 2
    assert try_code(browser, code_of(ana)) == 429


def test_without_the_password_there_is_no_second_step(client: Client, ana: User) -> None:
    with_app(ana)
    assert client.get("/staff/sign-in/code").headers["Location"] == "/staff/sign-in"
    assert client.post("/staff/sign-in/code", data={"code": code_of(ana)}).headers["Location"] == "/staff/sign-in"
    assert not is_in(client)


def test_the_second_step_waits_five_minutes_and_not_for_another_password(app: Flask, ana: User) -> None:
    with_app(ana)
    late, changed = first_step(app, ana), first_step(app, ana)
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert late.post("/staff/sign-in/code", data={"code": code_of(ana)}).headers["Location"] == "/staff/sign-in"
    with transaction():
        accounts.reset_password(ana, "another fine phrase", cost=4, temporary=False)
    assert try_code(changed, code_of(ana)) == 422


def test_a_new_password_by_link_does_not_skip_it(app: Flask, ana: User) -> None:
    with_app(ana)
    with transaction():
        secret = tickets.hand_out(ana, TicketKind.RESET)
    browser = visitor(app)
    browser.get(f"/staff/link/{secret}")
    browser.post("/staff/new-password", data={"password": "another fine phrase"})
    assert not is_in(browser)
    assert try_password(browser, ana, "another fine phrase").headers["Location"] == "/staff/sign-in/code"


def test_what_changes_the_way_in_asks_again_who_it_is(signed_in: SignIn, ana: User) -> None:
    with_app(ana)
    client = signed_in(ana)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        for address in ("/staff/profile/app/codes", "/staff/profile/app/remove"):
            asked = client.post(address).headers["Location"]
            assert asked == "/staff/profile/confirm?next=/staff/profile/app"
        assert queries.is_on(ana.id)
        data = {"password": PASSWORD, "code": "", "next": "/staff/profile/app"}
        assert client.post("/staff/profile/confirm", data=data).status_code == 422
        assert client.post("/staff/profile/confirm", data=data | {"password": "no", "code": "1"}).status_code == 422
        right = client.post("/staff/profile/confirm", data=data | {"code": code_of(ana)})
        assert right.headers["Location"] == "/staff/profile/app"
        assert client.post("/staff/profile/app/remove").status_code == 303
    assert not queries.is_on(ana.id) and session.query(RecoveryCode).count() == 0


def test_new_recovery_codes_replace_the_old(signed_in: SignIn, app: Flask, ana: User) -> None:
    old = with_app(ana)
    assert "shown only now" in signed_in(ana).post("/staff/profile/app/codes").text
    with transaction():
        session.query(StaffSession).delete()
    assert try_code(first_step(app, ana), old[0]) == 422


def test_a_role_that_must_have_one_sets_it_up_before_anything_else(
    app: Flask, signed_in: SignIn, olga: User, ana: User
) -> None:
    anas = signed_in(ana)
    assert signed_in(olga).post("/staff/users/roles", data={"role": ["sales"]}).status_code == 303
    assert anas.get("/staff/cars/").headers["Location"] == "/staff/profile/app", "sessions that are open, too"
    browser = visitor(app)
    try_password(browser, ana)
    assert browser.get("/staff/").headers["Location"] == "/staff/profile/app"
    assert "must have a second step" in browser.get("/staff/profile/app").text
    browser.post("/staff/profile/app/start")
    browser.post("/staff/profile/app", data={"code": code_of(ana)})
    assert browser.get("/staff/").status_code == 200
    assert browser.post("/staff/profile/app/remove").status_code == 409
    assert signed_in(make_user("Bo", Role.MANAGER)).get("/staff/").status_code == 200


def test_a_role_that_need_not_have_one_any_more_goes_on(signed_in: SignIn, olga: User, ana: User) -> None:
    anas, owner = signed_in(ana), signed_in(olga)
    owner.post("/staff/users/roles", data={"role": ["sales", "emperor"]})
    owner.post("/staff/users/roles", data={})
    assert anas.get("/staff/").status_code == 200
    said = [each.details for each in session.query(AuditEntry).filter_by(action="require second step")]
    assert said == [{"from": [], "to": ["sales"]}, {"from": ["sales"], "to": []}]


def test_an_owner_helps_whoever_lost_phone_and_codes(app: Flask, signed_in: SignIn, olga: User, ana: User) -> None:
    with_app(ana)
    anas = signed_in(ana)
    assert signed_in(olga).post(f"/staff/users/{ana.id}/second-step").status_code == 303
    assert not is_in(anas)
    assert try_password(visitor(app), ana).headers["Location"] == "/staff/"


@pytest.mark.parametrize("code", ["", "é" * 6, "١٢٣٤٥٦", "1" * 41, "\x00", "-" * 12, "12 34"])
def test_nonsense_is_no_code(app: Flask, ana: User, code: str) -> None:
    with_app(ana)
    assert try_code(first_step(app, ana), code) == 422
