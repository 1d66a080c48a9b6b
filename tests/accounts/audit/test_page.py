"""The page of who did what: found by person, deed, thing and day, whatever it holds; and its file."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from kroi.accounts import audit, service
from kroi.accounts.audit.queries import PER_PAGE
from kroi.accounts.models import AuditEntry, Role, User
from kroi.core import sealing
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.leads.models import Person
from tests.accounts.audit.tampering import made, tamper
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]


def noted(action: str, kind: str = "car", number: int | None = 1, by: User | None = None, **details: object) -> None:
    with transaction(), audit.acting_as(by.id if by else None):
        audit.record(action, kind, number, details=details)


def rows(page: str) -> int:
    return page.count("<tr>") - 1


def test_an_entry_says_who_what_which_before_and_after(signed_in: SignIn, olga: User, ana: User) -> None:
    with transaction(), audit.acting_as(olga.id):
        service.change_role(ana, Role.MANAGER)
    page = signed_in(olga).get("/staff/audit/").text
    for said in ("Olga Oja", "changed the role", f'href="/staff/users/{ana.id}"', "Sales</s> → Manager"):
        assert said in page


def test_every_thing_leads_to_its_page(signed_in: SignIn, olga: User) -> None:
    car = make_car()
    lead = make_lead(car=car)
    noted("change", "car", car.id)
    noted("move", "lead", lead.id)
    client = signed_in(olga)
    page = client.get("/staff/audit/").text
    for address in (f"/staff/cars/{car.id}", f"/staff/leads/{lead.id}"):
        assert f'href="{address}"' in page and client.get(address).status_code == 200


def test_what_has_no_words_of_ours_speaks_for_itself(signed_in: SignIn, olga: User) -> None:
    noted("photo_sorted.again", "gear_box", 7, depth=3, list=[1, 2], nested={"a": None}, truth=True, none=None)
    page = signed_in(olga).get("/staff/audit/").text
    for said in ("photo sorted again", "gear box 7", "depth: 3", "list: 1, 2", "nested: a: –", "truth: yes", "none: –"):
        assert said in page


def sealed_entry() -> Person:
    person = Person(name="Rosa Rudder")
    with transaction():
        session.add(person)
        session.flush()
        said = sealing.seal(person.seal_key, json.dumps({"name": "Rosa Rudder", "phone": "+358401234567"}))
        audit.record("lead.received", "lead", 1, person_id=person.id, sealed=said)
    return person


def test_personal_values_are_shown_until_their_person_is_erased(signed_in: SignIn, olga: User) -> None:
    person, client = sealed_entry(), signed_in(olga)
    for path in ("/staff/audit/", "/staff/audit/export"):
        assert "+358401234567" in client.get(path).text
    with transaction():
        session.delete(session.get_one(Person, person.id))
    for path in ("/staff/audit/", "/staff/audit/export"):
        page = client.get(path).text
        assert "+358401234567" not in page and "Rosa" not in page and "erased" in page


def test_fifty_are_on_a_page_and_all_are_reached(signed_in: SignIn, olga: User) -> None:
    made(PER_PAGE * 2 + 7)
    client, address, seen = signed_in(olga), "/staff/audit/", []
    while address:
        page = client.get(address).text
        seen.append(rows(page))
        at = page.find('rel="next" href="')
        address = page[at + 17 : page.find('"', at + 17)].replace("&amp;", "&") if at > 0 else ""
    assert seen == [PER_PAGE, PER_PAGE, 7]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("who=0", 1), ("what=sign+in", 1), ("thing=lead", 1), ("thing=car&number=5", 1), ("number=5", 2),
        ("since=2026-03-02", 2), ("until=2026-03-01", 2), ("since=2026-03-01&until=2026-03-02", 3),
        ("since=2030-01-01", 0), ("until=2020-01-01", 0), ("what=nothing", 0), ("who=nonsense", 4),
        ("number=nonsense", 4), ("since=nonsense&until=9999-12-31", 4), ("who=999999999999999999999", 4),
        ("before=nonsense", 4), ("number=0&since=0001-01-01", 4), ("what=%27%20OR%201=1", 0),
    ],
)  # fmt: skip
def test_entries_are_found(signed_in: SignIn, olga: User, ana: User, asked: str, found: int) -> None:
    days = ["2026-03-01T09:00", "2026-03-01T23:59", "2026-03-02T09:00", "2026-03-09T09:00"]
    said = [
        ("change", "car", 5, ana),
        ("change", "lead", 5, ana),
        ("sign in", "user", 2, olga),
        ("change", "car", 6, None),
    ]
    for day, (action, kind, number, by) in zip(days, said, strict=True):
        with time_machine.travel(datetime.fromisoformat(f"{day}+02:00"), tick=False):
            noted(action, kind, number, by)
    assert max(rows(signed_in(olga).get(f"/staff/audit/?{asked}").text), 0) == found


def test_by_person(signed_in: SignIn, olga: User, ana: User) -> None:
    noted("change", by=ana)
    noted("change", by=olga)
    page = signed_in(olga).get(f"/staff/audit/?who={ana.id}").text
    assert rows(page) == 1 and f'<option selected value="{ana.id}">' in page


def test_it_takes_ten_queries_or_fewer_however_long_it_is(signed_in: SignIn, olga: User) -> None:
    made(60)
    sealed_entry()
    client = signed_in(olga)
    for asked in ("", "?who=0&what=change&thing=car&since=2020-01-01&until=2040-01-01&before=50"):
        with counted_queries() as sent:
            assert client.get(f"/staff/audit/{asked}").status_code == 200
        assert len(sent) <= 10


def test_the_file_holds_no_formula(signed_in: SignIn, olga: User) -> None:
    with transaction():
        olga.name = '=HYPERLINK("http://evil.test")'
    noted("+cmd", by=olga, reason="@SUM(A1)")
    answer = signed_in(olga).get("/staff/audit/export")
    assert answer.mimetype == "text/csv" and answer.headers["Content-Disposition"].startswith("attachment")
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert lines[1][2] == '\'=HYPERLINK("http://evil.test")' and lines[1][3] == "'+cmd"
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]


def test_the_file_holds_what_the_page_finds(signed_in: SignIn, olga: User) -> None:
    made(PER_PAGE + 5)
    noted("sign in", "user", olga.id, olga)
    client = signed_in(olga)
    assert len(client.get("/staff/audit/export").text.splitlines()) == PER_PAGE + 7
    assert len(client.get("/staff/audit/export?what=sign+in").text.splitlines()) == 2


def test_only_owners_read_it_and_only_their_own(signed_in: SignIn, ana: User, boris: User, chris: User) -> None:
    noted("change", reason="a secret of this house")
    for user in (ana, boris):
        assert [signed_in(user).get(path).status_code for path in ("/staff/audit/", "/staff/audit/export")] == [
            403,
            403,
        ]
        assert "/staff/audit/" not in signed_in(user).get("/staff/profile").text
    for path in ("/staff/audit/", "/staff/audit/export"):
        assert "a secret of this house" not in signed_in(chris).get(path).text


def test_a_tampered_entry_is_still_shown(signed_in: SignIn, olga: User) -> None:
    made(2)
    tamper('UPDATE audit_entries SET details = \'{"from": {"x": [[]]}, "to": null}\', sealed = \'x\', person_id = 9')
    assert "erased" in signed_in(olga).get("/staff/audit/").text


def test_another_houses_entries_have_numbers_of_their_own(app: Flask, olga: User, chris: User) -> None:
    theirs = chris.dealership_id
    made(2)
    with acting_for(theirs):
        made(1)
        assert [each.number for each in session.query(AuditEntry)] == [1]
