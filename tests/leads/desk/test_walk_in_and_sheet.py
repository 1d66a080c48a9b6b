"""Somebody who came in is written down in one short form; the list leaves as a table in which nothing is a formula."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.catalogue.rules import CarStatus
from kroi.db.model import session
from kroi.leads.inbox import sheets as lead_sheets
from kroi.leads.models import Lead
from kroi.leads.rules import Interest, LeadStatus, Source
from kroi.web import sheets
from tests.support.client import Client
from tests.support.makers import make_car, make_lead

SignIn = Callable[[User], Client]
GOOD = {"name": "Wanda Walk", "phone": "040 765 4321", "interest": "test_drive", "source": "walk_in"}


def test_a_walk_in_belongs_to_who_wrote_it_down(signed_in: SignIn, ana: User) -> None:
    car = make_car(model="Q7", stock_number="70007")
    client = signed_in(ana)
    answer = client.post("/staff/leads/", data=GOOD | {"car": "70007 Audi Q7", "note": "Wants it in blue."})
    lead = session.scalars(select(Lead)).one()
    assert answer.headers["Location"] == f"/staff/leads/{lead.id}"
    assert (lead.assignee_id, lead.car_id, lead.source) == (ana.id, car.id, Source.WALK_IN)
    assert (lead.interest, lead.message) == (Interest.TEST_DRIVE, "Wants it in blue.")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Write the name first."),
        ({"phone": ""}, "Give a phone number or an e-mail address."),
        ({"phone": "abc"}, "A phone number has digits"),
        ({"email": "x"}, "The e-mail needs an @ sign"),
        ({"interest": "x"}, "Not a valid choice"),
        ({"source": "adf"}, "Not a valid choice"),
        ({"car": "Trabant"}, "No car is like that."),
        ({"car": "Audi"}, "Several cars are like that; begin with the stock number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    signed_in: SignIn, ana: User, change: dict[str, Any], words: str
) -> None:
    make_car()
    make_car(model="A6")
    answer = signed_in(ana).post("/staff/leads/", data=GOOD | {"note": "Keep me"} | change)
    assert answer.status_code == 422
    assert words in answer.text and "Keep me" in answer.text
    assert session.scalars(select(Lead)).all() == []


def test_a_car_is_found_by_words_when_there_is_one(signed_in: SignIn, ana: User) -> None:
    car = make_car(make="Tesla", model="Model 3")
    make_car(make="Tesla", model="Model 3", status=CarStatus.DRAFT)
    signed_in(ana).post("/staff/leads/", data=GOOD | {"car": "tesla model"})
    assert session.scalars(select(Lead.car_id)).one() == car.id


def read(answer: Any, separator: str = ",") -> list[list[str]]:
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=separator))


def test_the_sheet_holds_the_view_and_the_audit_holds_the_count(signed_in: SignIn, boris: User) -> None:
    make_lead("Anna", phone="040 765 4321", message="Line one\nline two; and, more")
    make_lead("Over", status=LeadStatus.WON)
    client = signed_in(boris)
    answer = client.post("/staff/leads/export")
    head, *rows = read(answer)
    assert head[:5] == ["Reference", "Came", "Name", "E-mail", "Phone"]
    assert [row[2] for row in rows] == ["Anna"]
    assert rows[0][4] == "'040 765 4321" and rows[0][-1] == "Line one\nline two; and, more"
    assert (
        answer.headers["Content-Disposition"].startswith("attachment") and "no-store" in answer.headers["Cache-Control"]
    )
    assert len(read(client.post("/staff/leads/export?tab=all"))) == 3
    said = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "leads.exported")).all()
    assert said == [{"count": 1}, {"count": 2}]


def test_the_sheet_is_in_the_language_of_who_asks(signed_in: SignIn, boris: User) -> None:
    make_lead("Anna")
    client = signed_in(boris)
    client.post("/staff/profile", data={"name": boris.name, "language": "fi"})
    head, row = read(client.post("/staff/leads/export"), ";")
    assert head[2] == "Nimi" and row[2] == "Anna"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_what_a_stranger_typed_is_never_a_formula(mark: str) -> None:
    assert sheets.cell(f"{mark}1+1|cmd") == f"'{mark}1+1|cmd"


@pytest.mark.parametrize("words", ["Anna", "3 - 2", "", "a=b", "'quoted"])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert sheets.cell(words) == words


def test_a_long_list_goes_out_in_pieces() -> None:
    assert [len(piece) > 0 for piece in lead_sheets.pieces([], "en")] == [True]


def test_sales_and_strangers_take_no_list_out(signed_in: SignIn, ana: User, chris: User) -> None:
    make_lead("Ours")
    assert signed_in(ana).post("/staff/leads/export").status_code == 403
    assert b"Ours" not in signed_in(chris).post("/staff/leads/export?tab=all").data
