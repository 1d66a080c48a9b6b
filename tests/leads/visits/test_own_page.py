"""The shopper's own page: their key opens it and nothing else, and what they do there reaches us."""

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.catalogue.models import Car
from kroi.core import clock, events
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.leads.events import ErasureAsked, ShopperActed, ShopperDid
from kroi.leads.mail.models import Direction, Mail
from kroi.leads.models import Activity, ActivityKind
from kroi.leads.own_page import queries, rules
from kroi.leads.own_page.models import OwnPage
from kroi.leads.rules import LeadStatus
from kroi.leads.visits import rules as visit_rules
from kroi.leads.visits.rules import VisitStatus
from tests.leads.asking import only_lead, send
from tests.leads.visits.asking import at, book, page_of, visits
from tests.support.client import Client, visitor
from tests.support.makers import make_car, stored
from tests.support.queries import counted_queries

pytestmark = [pytest.mark.usefixtures("tuesday"), pytest.mark.slow]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What other rooms heard."""
    heard: list[object] = []
    for kind in (ShopperActed, ErasureAsked):
        monkeypatch.setitem(events._listeners, kind, [heard.append])
    return heard


@pytest.fixture
def mine(client: Client) -> str:
    """The address of Anna's page, who has booked a car for eleven."""
    return (
        "/my/"
        + book(client, make_car(make="Audi", model="A6").slug, "24 11:00").headers["Location"].partition("key=")[2]
    )


def test_the_thanks_lead_to_it_and_it_shows_what_was_asked(client: Client, mine: str) -> None:
    thanks = client.get(book(client, make_car().slug, "25 11:00", message="Me again").headers["Location"])
    assert 'href="/my/' in thanks.text and thanks.headers["Referrer-Policy"] == "same-origin"
    page = client.get(mine)
    assert page.status_code == 200 and "Audi A6" in page.text and "Is it still there?" in page.text
    assert "Tuesday 24 November 11:00" in page.text and "Me again" not in page.text


def test_nobody_keeps_it_or_hears_of_it(client: Client, mine: str) -> None:
    for address in (mine, f"{mine}/erasure", f"/my/{'0' * 64}"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store" and "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "same-origin" and "Set-Cookie" not in headers
    key, page = mine.removeprefix("/my/"), client.get(mine).text
    assert 'rel="canonical"' not in page
    assert all(key not in str(row.__dict__) for row in session.scalars(select(OwnPage)))
    assert all(key not in str(row.details) for row in session.scalars(select(AuditEntry)))


@pytest.mark.parametrize("key", ["x", "0" * 64, "A" * 64, "0" * 63, "%00", "..%2f..", "0" * 4000, "٠" * 64])
def test_a_guessed_key_finds_nothing_whatever_it_looks_like(client: Client, mine: str, key: str) -> None:
    visit = visits()[0].id
    for rest in ("", f"/visits/{visit}.ics", "/erasure"):
        assert client.get(f"/my/{key}{rest}").status_code == 404
    for rest in ("/messages", f"/visits/{visit}", "/erasure"):
        assert client.post(f"/my/{key}{rest}", data={"message": "x", "do": "cancel"}).status_code in (404, 405)
    assert visits()[0].status is VisitStatus.BOOKED


def test_wrong_over_and_foreign_keys_are_answered_alike(client: Client, mine: str, there: Dealership) -> None:
    elsewhere = visitor(client.application)
    elsewhere.host = "b.test"
    foreign = elsewhere.get(mine)
    unknown = client.get(f"/my/{'0' * 64}")
    with time_machine.travel(clock.now() + rules.LIVES + timedelta(seconds=1), tick=False):
        over = client.get(mine)
    assert {foreign.status_code, unknown.status_code, over.status_code} == {404}
    assert over.text == unknown.text and mine.removeprefix("/my/") not in over.text + foreign.text


def test_who_guesses_the_words_gets_no_key(client: Client) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    assert "key=" in send(client, path).headers["Location"]
    assert "key=" not in send(client, path).headers["Location"]


def test_a_message_becomes_part_of_the_lead(client: Client, mine: str, told: list[object]) -> None:
    answer = client.post(f"{mine}/messages", data={"message": " Is there\x00 a tow bar? <b> "})
    assert answer.status_code == 303 and answer.headers["Location"] == f"{mine}#messages"
    line = session.scalars(select(Activity).where(Activity.kind == ActivityKind.WRITTEN)).one()
    assert (line.text, line.by_id, line.facts) == ("Is there a tow bar? <b>", None, {})
    assert told == [ShopperActed(only_lead().id, ShopperDid.WROTE)]
    assert "Is there a tow bar? &lt;b&gt;" in client.get(mine).text and only_lead().first_answer_at is None


@pytest.mark.parametrize("words", ["", "  \x00 ", "x" * 4001])
def test_no_message_is_said_beside_the_field(client: Client, mine: str, words: str) -> None:
    answer = client.post(f"{mine}/messages", data={"message": words})
    assert answer.status_code == 422 and 'id="own-message-error"' in answer.text
    assert queries.list_written(only_lead().id) == []


def test_there_is_an_end_to_messages_of_one_day(client: Client, mine: str) -> None:
    answers = [client.post(f"{mine}/messages", data={"message": f"No. {n}"}).status_code for n in range(21)]
    assert answers == [303] * 20 + [409]


def test_our_answers_are_there_and_what_came_by_mail_is_not(client: Client, mine: str) -> None:
    for way, text in ((Direction.OUT, "Yes, it has one."), (Direction.IN, "From my mailbox")):
        stored(
            Mail(lead_id=only_lead().id, direction=way, address="a@b.example", subject="", text=text, message_id=text)
        )
    page = client.get(mine).text
    assert "Yes, it has one." in page and "From my mailbox" not in page


def test_a_visit_is_cancelled_and_its_time_is_free_again(client: Client, mine: str, told: list[object]) -> None:
    address = f"{mine}/visits/{visits()[0].id}"
    assert client.post(address, data={"do": "cancel"}).status_code == 303
    assert client.post(address, data={"do": "cancel"}).status_code == 303
    assert visits()[0].status is VisitStatus.CANCELLED
    assert told[0] == ShopperActed(only_lead().id, ShopperDid.CANCELLED_VISIT)
    assert "Cancelled" in client.get(mine).text and 'value="cancel"' not in client.get(mine).text


def test_a_visit_is_moved_to_a_time_that_is_free(client: Client, mine: str) -> None:
    address, slot = f"{mine}/visits/{visits()[0].id}", visit_rules.write(at("25 12:00"))
    assert slot in client.get(mine).text
    assert client.post(address, data={"do": "move", "slot": slot}).status_code == 303
    old, new = visits()
    assert (old.status, new.status, new.starts_at) == (VisitStatus.MOVED, VisitStatus.BOOKED, at("25 12:00"))
    assert client.post(address, data={"do": "move", "slot": slot}).status_code == 409


def test_a_time_that_somebody_took_leaves_the_visit_as_it_was(client: Client, mine: str) -> None:
    visit, slot = visits()[0], visit_rules.write(at("24 14:00"))
    slug = session.get_one(Car, visit.car_id).slug
    book(client, slug, "24 14:00", name="Bea", email="bea@example.com", phone="")
    refused = client.post(f"{mine}/visits/{visit.id}", data={"do": "move", "slot": slot})
    assert refused.status_code == 422 and "Somebody else has just taken this time." in html.unescape(refused.text)
    assert visits()[0].status is VisitStatus.BOOKED and slot not in refused.text


@pytest.mark.parametrize("data", [{}, {"do": "move"}, {"do": "move", "slot": "x"}, {"do": "done"}, {"do": "confirm"}])
def test_nothing_else_can_be_done_to_a_visit(client: Client, mine: str, data: dict[str, str]) -> None:
    assert client.post(f"{mine}/visits/{visits()[0].id}", data=data).status_code == 422
    assert [each.status for each in visits()] == [VisitStatus.BOOKED]


def test_another_leads_visit_is_out_of_reach(client: Client, mine: str) -> None:
    book(client, make_car().slug, "24 15:00", name="Bea", email="bea@example.com", phone="")
    theirs = visits()[1]
    assert client.post(f"{mine}/visits/{theirs.id}", data={"do": "cancel"}).status_code == 404
    assert client.get(f"{mine}/visits/{theirs.id}.ics").status_code == 404


def test_the_calendar_file_names_the_car(client: Client, mine: str) -> None:
    file = client.get(f"{mine}/visits/{visits()[0].id}.ics")
    assert file.headers["Content-Disposition"] == 'attachment; filename="visit.ics"' and "Audi A6" in file.text


def test_who_wants_to_be_erased_is_asked_once_more_and_the_owner_sees_it(
    client: Client, mine: str, told: list[object], signed_in: Callable[[User], Client], olga: User, ana: User
) -> None:
    assert "Delete what we know about you?" in client.get(f"{mine}/erasure").text and told == []
    for _time in range(2):
        assert client.post(f"{mine}/erasure").status_code == 303
    lead_id = only_lead().id
    assert told == [ErasureAsked(lead_id), ShopperActed(lead_id, ShopperDid.ASKED_TO_BE_ERASED)]
    assert "We have your wish" in client.get(f"{mine}/erasure").text
    assert "You asked on" in client.get(mine).text
    assert "Want to be erased" in signed_in(olga).get("/staff/visits/").text
    assert "Want to be erased" not in signed_in(ana).get("/staff/visits/").text
    assert "wants to be erased" in signed_in(ana).get(f"/staff/leads/{lead_id}").text


def test_spam_has_a_page_too_and_nobody_hears_of_it(client: Client, told: list[object]) -> None:
    location = send(client, "/contact", website="http://buy.example").headers["Location"]
    mine = "/my/" + location.partition("key=")[2]
    assert client.post(f"{mine}/messages", data={"message": "Buy!"}).status_code == 303
    assert only_lead().status is LeadStatus.SPAM and told == []


def test_another_secret_makes_no_wrong_link(client: Client, mine: str) -> None:
    with transaction():
        page = queries.find(only_lead().id)
        assert page is not None
        page.salt = "another"
    assert queries.find_key(only_lead().id) == "" and client.get(mine).status_code == 200


def test_the_page_costs_few_queries(client: Client, mine: str) -> None:
    with counted_queries() as asked:
        client.get(mine)
    assert len(asked) <= 10


def test_the_key_of_a_page_is_not_made_from_anything_known(client: Client, mine: str) -> None:
    assert page_of(only_lead()) == mine and rules.is_key(mine.removeprefix("/my/"))
    assert rules.digest(mine.removeprefix("/my/")) != mine.removeprefix("/my/")
