"""Sent twice is asked once; a form that somebody's cache kept swallows nobody; spam is put aside with thanks."""

import base64
import json
import zlib
from collections import defaultdict
from typing import Any

import pytest
import time_machine

from kroi.core import clock, events
from kroi.leads.events import InquirySubmitted
from kroi.leads.rules import LeadStatus
from tests.leads.asking import bare, leads, only_lead, opened, send
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the leads that other rooms were told about."""
    found: list[int] = []
    listeners = {InquirySubmitted: [lambda event: found.append(event.lead_id)]}
    monkeypatch.setattr(events, "_listeners", defaultdict(list, listeners))
    return found


@pytest.fixture
def path(client: Client) -> str:
    """A car's form."""
    return f"/cars/{make_car().slug}/inquiry"


def test_the_same_form_with_the_same_words_is_answered_as_before(client: Client, path: str, told: list[int]) -> None:
    ticket = opened(client, path)
    first = send(client, path, ticket=ticket)
    second = send(client, path, ticket=ticket, phone="+358 40 7654321", email="Anna@Example.com")
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert told == [only_lead().id]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Bea", "email": "bea@example.com", "phone": "", "message": "And mine?"},
        {"email": "bea@example.com", "phone": ""},
        {"message": "Something else"},
        {"interest": "test_drive"},
        {"name": "Somebody Else"},
        {"phone": "050 123 4567"},
    ],
)
def test_the_same_form_with_other_words_is_another_lead(client: Client, path: str, typed: dict[str, Any]) -> None:
    ticket = opened(client, path)
    first = send(client, path, ticket=ticket)
    second = send(client, path, ticket=ticket, **typed)
    assert len(leads()) == 2
    assert first.headers["Location"] != second.headers["Location"]


def test_a_form_of_one_car_sent_about_another_is_another_lead(client: Client, path: str) -> None:
    ticket = opened(client, path)
    send(client, path, ticket=ticket)
    send(client, f"/cars/{make_car().slug}/inquiry", ticket=ticket)
    assert len(leads()) == 2


def test_the_same_words_within_ten_minutes_are_the_same_inquiry(client: Client, path: str, told: list[int]) -> None:
    first = send(client, path, message="Is it  still\r\nthere?")
    second = send(client, path, message="is it still there?")
    assert bare(first.headers["Location"]) == second.headers["Location"], "who guesses the words gets no key"
    assert told == [only_lead().id]


def test_a_second_try_completes_the_first(client: Client, path: str) -> None:
    send(client, path, phone=None)
    send(client, path, marketing="y")
    assert only_lead().phone == "040 765 4321" and only_lead().marketing


def test_the_same_words_later_or_about_another_car_are_a_new_inquiry(client: Client, path: str) -> None:
    send(client, path)
    send(client, f"/cars/{make_car().slug}/inquiry")
    with time_machine.travel(clock.now().timestamp() + 601, tick=False):
        send(client, path)
    assert len(leads()) == 3


def test_the_same_words_from_another_person_are_a_new_inquiry(client: Client, path: str) -> None:
    send(client, path)
    send(client, path, name="Bea", email="bea@example.com", phone=None)
    assert len({lead.person_id for lead in leads()}) == 2


@pytest.mark.parametrize(
    ("how", "reason"), [({"website": "http://buy.example"}, "honeypot"), ({"ago": 1.0}, "too_fast")]
)
def test_spam_is_put_aside_with_the_same_thanks(
    client: Client, path: str, told: list[int], how: dict[str, object], reason: str
) -> None:
    honest = send(client, path, name="Bea", email="bea@example.com", phone=None)
    with time_machine.travel(clock.now(), tick=False):  # however long a busy machine takes
        spam = send(client, path, **how)  # type: ignore[arg-type]
    lead = leads()[1]
    assert (lead.status, lead.spam_reason) == (LeadStatus.SPAM, reason)
    assert told == [leads()[0].id]
    page, same = client.get(honest.headers["Location"]).text, client.get(spam.headers["Location"]).text
    assert spam.status_code == honest.status_code == 303
    assert bare(page.replace(leads()[0].reference, lead.reference)) == bare(same)


@pytest.mark.parametrize("ahead", [60, 3600, 86400 * 365])
def test_a_form_made_before_the_clock_was_put_back_is_an_inquiry_like_any_other(
    client: Client, path: str, told: list[int], ahead: float
) -> None:
    assert send(client, path, ago=-ahead).status_code == 303
    assert (only_lead().status, told) == (LeadStatus.NEW, [only_lead().id])
    assert "fast" not in [each["code"] for each in only_lead().score_reasons]


def test_a_form_made_before_the_clock_was_put_back_still_has_its_trap(client: Client, path: str) -> None:
    send(client, path, ago=-3600, website="http://buy.example")
    assert only_lead().spam_reason == "honeypot"


def test_nobody_but_us_can_say_when_a_form_was_made(client: Client, path: str) -> None:
    packed, when, signature = opened(client, path, ago=0).lstrip(".").split(".")
    said = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))))
    later = base64.urlsafe_b64encode(json.dumps(said | {"t": said["t"] + 3_600_000}).encode()).decode().rstrip("=")
    assert send(client, path, ticket=f"{later}.{when}.{signature}").status_code == 422
    assert leads() == []


def test_more_than_the_limit_an_hour_from_one_address_is_spam(client: Client, path: str, told: list[int]) -> None:
    ticket = opened(client, path)
    for number in range(22):
        assert send(client, path, ticket=ticket, message=f"Question {number}").status_code == 303
    assert [lead.status for lead in leads()].count(LeadStatus.SPAM) == 2 and len(told) == 20
    assert leads()[-1].spam_reason == "too_many"
    with time_machine.travel(clock.now().timestamp() + 3601, tick=False):
        send(client, path, ticket=ticket, message="An hour later")
    assert leads()[-1].status is LeadStatus.NEW


def test_another_address_has_its_own_limit_and_none_is_stored_as_it_is(client: Client, path: str) -> None:
    addresses = ["192.0.2.1", "2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:2::1"]
    for number, address in enumerate(addresses):
        client.environ_base["REMOTE_ADDR"] = address
        send(client, path, message=f"Question {number}")
    digests = [lead.address_digest for lead in leads()]
    assert len(set(digests)) == 3 and digests[1] == digests[2], "one /64 is one sender"
    assert not any(address in str(digests) for address in addresses)


def test_sent_within_five_seconds_costs_points_and_says_so(client: Client, path: str) -> None:
    send(client, path, ago=4.0)
    lead = only_lead()
    assert lead.status is LeadStatus.NEW
    assert {"code": "fast", "points": -30} in lead.score_reasons


def test_spam_does_not_swallow_the_honest_second_try(client: Client, path: str, told: list[int]) -> None:
    with time_machine.travel(clock.now(), tick=False):
        send(client, path, ago=1.0)
    send(client, path)
    assert [lead.status for lead in leads()] == [LeadStatus.SPAM, LeadStatus.NEW]
    assert told == [leads()[1].id]
