"""Who hears of a lead, when a failed mail is tried again, and what a mail looks like."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.core.sites import site_of
from kroi.notifications import rules
from kroi.notifications.delivery import rules as envelopes
from kroi.notifications.delivery.rules import Letter
from kroi.notifications.rules import Colleague
from kroi.notifications.worker import rules as rounds

ANA, BEN, BORIS = Colleague(1, manages=False), Colleague(2, manages=False), Colleague(3, manages=True)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def letter(**values: Any) -> Letter:
    return Letter(
        **{"to": "a@b.test", "subject": "S", "body": "B", "sender_name": "Us", "sender": "us@a.test"} | values
    )


def test_everybody_hears_of_a_free_lead() -> None:
    assert rules.who_hears([ANA, BEN, BORIS], None) == [1, 2, 3]


def test_whose_it_is_and_who_manages_hear_of_an_assigned_lead() -> None:
    assert rules.who_hears([ANA, BEN, BORIS], 2) == [2, 3]


def test_waits_double_up_to_six_hours_and_vary() -> None:
    assert [rules.wait_after(n, 0.5).total_seconds() for n in (1, 2, 3, 14, 400)] == [
        30,
        60,
        120,
        21_600,
        21_600,
    ]
    assert rules.wait_after(1, 0) < rules.wait_after(1, 1)


def test_a_mail_is_tried_for_more_than_a_day() -> None:
    shortest = sum((rules.wait_after(n, 0.25) for n in range(1, rules.MOST_ATTEMPTS)), timedelta())
    assert shortest > timedelta(hours=20)
    assert rules.is_hopeless(rules.MOST_ATTEMPTS, permanent=False)
    assert not rules.is_hopeless(rules.MOST_ATTEMPTS - 1, permanent=False)


@given(st.text(), st.text())
def test_nothing_typed_becomes_a_header(subject: str, name: str) -> None:
    mail = envelopes.compose(
        letter(subject=f"x\r\nBcc: evil@example.com\n{subject}", sender_name=f"\nBcc: e@x.test\r{name}"),
        message_id="<1.2@a.test>",
        at=NOW,
    )
    head = mail.as_bytes().split(b"\r\n\r\n")[0]
    names = {line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))}
    assert b"Bcc" not in names and len(names) == 9


@pytest.mark.parametrize("address", ["", "nobody", "a@b.test\nBcc: c@d.test", "a@b.test, c@d.test", "<a@b.test>"])
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        envelopes.compose(letter(to=address), message_id="<1.2@a.test>", at=NOW)


def test_links_stay_whole() -> None:
    link = "https://cars.example.com/staff/leads/" + "1" * 100
    assert link.encode() in envelopes.compose(letter(body=link), message_id="<1@a.test>", at=NOW).as_bytes()


def test_text_that_old_servers_cannot_take_is_wrapped_up() -> None:
    mail = envelopes.compose(letter(body="Väinö " + "x" * 2000), message_id="<1@a.test>", at=NOW)
    raw = mail.as_bytes()
    assert raw.isascii() and max(map(len, raw.splitlines())) < 1000
    assert mail.get_content().startswith("Väinö")


def test_a_chore_is_due_when_its_time_has_come_round() -> None:
    hour = timedelta(hours=1)
    assert rounds.is_due(None, hour, 5) and rounds.is_due(5, hour, 3605)
    assert not rounds.is_due(5, hour, 3604)


def test_pauses_grow_but_not_without_end() -> None:
    assert [rounds.pause_after(n) for n in (1, 2, 3, 50)] == [2, 4, 8, 60]
    assert [rounds.outage_wait(n) for n in (1, 2, 50)] == [0.5, 1, 15]


def test_links_lead_to_the_dealerships_own_host() -> None:
    assert site_of("https://group.test:8443", "b.test") == "https://b.test:8443"
    assert site_of("http://127.0.0.1:8000", "") == "http://127.0.0.1:8000"
