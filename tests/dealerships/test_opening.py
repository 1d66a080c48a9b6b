"""Every page says whether the house is open, in the dealership's own time."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
import time_machine

from kroi.dealerships import rules
from kroi.dealerships.rules import Profile
from tests.support.client import Client

HOURS = {"0": [["10:00", "12:00"], ["13:00", "18:00"]], "2": [["10:00", "18:00"]]}


def profile() -> Profile:
    texts: dict[str, Any] = dict.fromkeys(("host", "phone", "email", "street", "postal_code", "city", "country"), "")
    return Profile(
        id=1,
        name="A",
        language="en",
        languages=("en",),
        currency="EUR",
        zone="Europe/Helsinki",
        privacy_version="1",
        hours=HOURS,
        **texts,
    )


@pytest.mark.parametrize(
    ("moment", "until"),
    [("2026-11-23 10:00", time(12)), ("2026-11-23 11:59", time(12)), ("2026-11-23 17:59", time(18))],
)
def test_it_is_open_until_the_interval_ends(moment: str, until: time) -> None:
    found = rules.opening(profile(), datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert (found.is_open, found.until) == (True, until)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 09:59", "2026-11-23 10:00"),
        ("2026-11-23 12:00", "2026-11-23 13:00"),
        ("2026-11-23 18:00", "2026-11-25 10:00"),
        ("2026-11-25 18:00", "2026-11-30 10:00"),
    ],
)
def test_otherwise_it_says_when_it_opens(moment: str, opens: str) -> None:
    found = rules.opening(profile(), datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert not found.is_open
    assert found.next_open == datetime.fromisoformat(opens).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23 08:30", "Open until 18:00"),  # half past ten in Helsinki
        ("2026-11-23 07:30", "Opens at 10:00"),
        ("2026-11-21 08:30", "Opens Mon 10:00"),
    ],
)
def test_pages_say_it_in_words(client: Client, moment: str, words: str) -> None:
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        page = client.get("/privacy").text
    assert words in page
    assert ('class="open-now closed"' in page) == words.startswith("Opens")


@pytest.mark.parametrize("name", ["cars.example.com", "a.test", "localhost"])
def test_host_names(name: str) -> None:
    assert rules.is_host(name)


@pytest.mark.parametrize("name", ["", "http://a.test", "a.test:80", "-a.test", "a..test", "a_b.test", "x" * 300])
def test_what_is_no_host_name(name: str) -> None:
    assert not rules.is_host(name)


def test_ports_and_case_do_not_matter_in_a_host() -> None:
    assert rules.bare_host("Cars.Example.com.:8000") == "cars.example.com"
    assert rules.bare_host("[::1]:8000") == "[::1]"
