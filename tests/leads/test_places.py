"""Where we are and when we are open, holidays and every place included, by one clock: on the contact page and for
search engines."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealership_queries
from kroi.dealerships import service
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

WEEK = {str(day): [["10:00", "18:00"]] for day in range(5)}
SPECIAL = {"2026-12-05": [["10:00", "14:00"]], "2026-12-06": [], "2026-12-24": [], "2026-11-01": [], "2027-06-25": []}
YARD = {
    "id": 1, "name": "Yard", "street": "Harbour 1", "postal_code": "00100", "city": "Helsinki", "phone": "+358 9 55",
    "hours": {"5": [["11:00", "15:00"]]}, "special": {"2026-12-12": []},
}  # fmt: skip
BARN = {"id": 2, "name": "Barn", "street": "Field 2", "postal_code": "02100", "city": "Espoo"}


@pytest.fixture(autouse=True)
def _friday(here: Dealership) -> Iterator[None]:
    with time_machine.travel("2026-12-04T16:30:00+02:00", tick=False):
        has(here, opening_hours=WEEK, special_days=SPECIAL, time_zone="Europe/Helsinki", phone="+358 9 1234")
        yield


def has(dealership: Dealership, **values: Any) -> None:
    with transaction():
        service.change_profile(dealership.id, **values)
    dealership_queries.forget_map()


def contact(client: Client) -> str:
    return html.unescape(client.get("/contact").text)


def dealer(client: Client, path: str = "/") -> dict[str, Any]:
    """The AutoDealer of a page's structured data."""
    (script,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', client.get(path).text, re.S)
    found = [thing for thing in json.loads(script)["@graph"] if thing["@type"] == "AutoDealer"]
    return dict(found[0])


def special(thing: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Days that differ, as search engines are told."""
    return [
        (each["validFrom"], each["opens"], each["closes"])
        for each in thing["openingHoursSpecification"]
        if each.get("validFrom") and each["validThrough"] == each["validFrom"]
    ]


def test_the_next_days_that_differ_are_named_with_their_hours(client: Client) -> None:
    page = contact(client)
    assert "Open until 18:00" in page
    assert re.search(r"Saturday 5 December</dt><dd>10:00–14:00", page)
    assert re.search(r"Sunday 6 December</dt><dd>closed", page) is None, "it is closed on Sundays anyway"
    assert re.search(r"Thursday 24 December</dt><dd>closed", page)
    assert "November" not in page and "June" not in page, "over, or far away"


def test_the_clock_is_the_dealerships_and_a_holiday_is_closed(client: Client, here: Dealership) -> None:
    with time_machine.travel("2026-12-04T15:59:59+00:00", tick=False):
        assert "Open until 18:00" in contact(client)
    with time_machine.travel("2026-12-04T16:00:00+00:00", tick=False):
        assert "Opens Sat 10:00" in contact(client)
    with time_machine.travel("2026-12-24T10:00:00+00:00", tick=False):
        page = contact(client)
        assert "Opens Fri 10:00" in page and "Open until" not in page


def test_one_place_is_shown_once_and_a_house_without_hours_promises_none(client: Client, here: Dealership) -> None:
    assert contact(client).count("<address>") == 2, "and the foot of the page"
    has(here, opening_hours={}, special_days={})
    page = contact(client)
    assert "Opening hours" not in page and "closed" not in page


def test_several_places_have_their_own_address_phone_and_hours(client: Client, here: Dealership) -> None:
    has(here, locations=[YARD, BARN])
    with counted_queries() as asked:
        page = contact(client)
    assert len(asked) <= 10 and page.count("<address>") == 4
    yard, barn = page[page.index(">Yard<") : page.index(">Barn<")], page[page.index(">Barn<") :]
    assert "Harbour 1" in yard and "tel:+358955" in yard and "Saturday</dt><dd>11:00–15:00" in yard
    assert "Opens Sat 11:00" in yard and "Saturday 12 December</dt><dd>closed" in yard
    assert "Field 2" in barn and "tel:+35891234" in barn and "Open until 18:00" in barn, "as the main place"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_they_are_told_in_every_language(client: Client, here: Dealership, language: str) -> None:
    has(here, languages=["en", "fi", "sv"], locations=[YARD])
    page = html.unescape(client.get(f"/{language}/contact").text)
    assert {"fi": "Torstai 24. joulukuuta", "sv": "Torsdag 24 december"}[language] in page
    assert "Days that differ" not in page and "Opening hours" not in page


def test_search_engines_hear_of_days_that_differ(client: Client) -> None:
    made = dealer(client)
    assert special(made)[:3] == [
        ("2026-12-05", "10:00", "14:00"),
        ("2026-12-06", "00:00", "00:00"),
        ("2026-12-24", "00:00", "00:00"),
    ]
    assert special(dealer(client, f"/cars/{make_car().slug}")) == special(made)


def test_search_engines_hear_of_every_place(client: Client, here: Dealership) -> None:
    has(here, locations=[YARD, BARN])
    yard, barn = dealer(client)["department"]
    assert (yard["name"], yard["telephone"], yard["address"]["streetAddress"]) == ("Yard", "+358 9 55", "Harbour 1")
    assert yard["openingHoursSpecification"][0]["dayOfWeek"] == "Saturday"
    assert special(yard) == [("2026-12-12", "00:00", "00:00")]
    assert special(barn)[0] == ("2026-12-05", "10:00", "14:00")
    assert len({yard["@id"], barn["@id"], dealer(client)["@id"]}) == 3


def test_open_all_night_is_said_without_an_hour_24(client: Client, here: Dealership) -> None:
    has(here, opening_hours={"0": [["00:00", "24:00"]]}, special_days={})
    assert dealer(client)["openingHoursSpecification"][0]["closes"] == "23:59"


def test_a_kept_page_forgets_a_day_at_midnight_and_its_opening_at_the_hour(client: Client) -> None:
    with time_machine.travel("2026-12-05T13:59:59+02:00", tick=False):
        assert "Open until 14:00" in client.get("/").text and special(dealer(client))[0][0] == "2026-12-05"
    with time_machine.travel("2026-12-05T14:00:00+02:00", tick=False):
        assert "Open until" not in client.get("/").text
    with time_machine.travel("2026-12-05T23:59:59+02:00", tick=False):
        assert special(dealer(client))[0][0] == "2026-12-05"
    with time_machine.travel("2026-12-06T00:00:00+02:00", tick=False):
        assert special(dealer(client))[0][0] == "2026-12-06"
