"""Cars side by side: what differs, what is best, and how to get to two of them."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.choosing import rules
from kroi.catalogue.choosing.rules import Better
from kroi.catalogue.models import Car
from kroi.core import clock
from tests.catalogue.choosing.test_favourites import address
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries


def compared(client: Client, *cars: Car) -> str:
    return client.get(address("/compare", *(car.slug for car in cars))).text


def row(page: str, label: str) -> list[str]:
    """The cells of one row as they stand in the page."""
    found = re.search(rf'<tr[^>]*><th scope="row">{re.escape(label)}</th>(.*?)</tr>', page, re.DOTALL)
    assert found, f"no row {label}"
    return [each.strip() for each in re.findall(r"<td>(.*?)</td>", found.group(1), re.DOTALL)]


def test_the_best_of_a_row_is_bold(client: Client) -> None:
    page = compared(
        client,
        make_car(price_cents=20_000_00, mileage_km=90_000, model_year=2019, power_kw=110, owners=2, co2_g_km=120),
        make_car(price_cents=15_000_00, mileage_km=150_000, model_year=2021, power_kw=140, owners=1),
        make_car(price_cents=0, mileage_km=120_000, model_year=2020, power_kw=140, owners=None, co2_g_km=140),
    )
    assert row(page, "Price") == ["€20,000", "<strong>€15,000</strong>", "Price on request"]
    assert row(page, "A month")[1].startswith("<strong>€") and row(page, "A month")[2] == "–"
    assert row(page, "Mileage") == ["<strong>90,000\xa0km</strong>", "150,000\xa0km", "120,000\xa0km"]
    assert row(page, "Model year") == ["2019", "<strong>2021</strong>", "2020"]
    assert [("<strong>" in cell) for cell in row(page, "Power")] == [False, True, True]
    assert row(page, "Owners") == ["2", "<strong>1</strong>", "–"]
    assert row(page, "CO₂")[0].startswith("<strong>120")


def test_rows_that_are_all_equal_are_quieter_and_unknown_ones_absent(client: Client) -> None:
    page = compared(client, make_car(mileage_km=1_000), make_car(mileage_km=2_000))
    assert '<tr class="same"><th scope="row">Fuel</th>' in page
    assert '<tr><th scope="row">Mileage</th>' in page
    assert '<th scope="row">Seats</th>' not in page
    assert row(page, "Fuel") == ["Diesel", "Diesel"]
    assert 'id="only-differences"' in page


def test_the_dealers_own_facts_and_features_are_matched_by_name(client: Client) -> None:
    one = make_car(features=["Tow bar", "Heated seats"], specifications=[["Keys", "2"], ["Boot", "600 l"]])
    other = make_car(features=["heated seats"], specifications=[["keys", "1"]])
    page = compared(client, one, other)
    assert row(page, "Keys") == ["2", "1"] and row(page, "Boot") == ["600 l", "–"]
    assert row(page, "Tow bar") == ["Yes", "–"] and row(page, "Heated seats") == ["Yes", "Yes"]
    assert page.index(">Tow bar<") < page.index(">Heated seats<")  # what differs comes first


def test_a_sold_car_says_so_and_is_nobodys_best(client: Client) -> None:
    sold = make_car(price_cents=1_000_00, mileage_km=1, status="sold", sold_at=clock.now() - timedelta(days=1))
    page = compared(client, sold, make_car(price_cents=9_000_00), make_car(price_cents=8_000_00))
    assert row(page, "Price")[0].startswith("Sold") and "€1,000" not in page
    assert row(page, "Price")[2] == "<strong>€8,000</strong>"
    assert row(page, "Mileage") == ["1\xa0km", "120,000\xa0km", "120,000\xa0km"]
    assert "Tell me about the next one" in page


def test_each_car_can_be_removed_by_a_link_and_asked_about(client: Client) -> None:
    one, two, three = (make_car() for _ in range(3))
    page = compared(client, one, two, three)
    assert f'href="/compare?car={one.slug}&amp;car={three.slug}"' in page
    assert page.count(">Remove<") == 3
    assert f'href="/cars/{two.slug}/inquiry"' in page
    assert page.count('rel="nofollow"') == 3


def test_more_than_four_are_too_many_and_the_page_says_so(client: Client) -> None:
    page = compared(client, *(make_car() for _ in range(5)))
    assert page.count('<th scope="col">') == 4
    assert "4 cars fit side by side" in page


def test_one_car_waits_for_a_second_and_offers_some(client: Client) -> None:
    one, like = make_car(), make_car()
    page = compared(client, one)
    assert "Choose what to put beside it" in page and "<table" not in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'href="/compare?car={one.slug}&amp;car={like.slug}"' in page


def test_no_car_tells_what_to_do(client: Client) -> None:
    page = client.get("/compare").text
    assert "No cars to compare yet" in page and 'href="/cars/"' in page and "<table" not in page


def test_the_way_to_it_stands_on_the_cars_page(client: Client) -> None:
    car = make_car()
    page = client.get(f"/cars/{car.slug}").text
    assert f'href="/compare?car={car.slug}"' in page and f'href="/cars/{car.slug}/print"' in page


def test_comparing_asks_the_database_three_times_at_most(client: Client) -> None:
    slugs = [make_car().slug for _ in range(4)]
    for chosen in (slugs, slugs[:1], [slugs[0], "ghost-1"], []):
        with counted_queries() as sent:
            client.get(address("/compare", *chosen))
        assert len(sent) <= 3


values = st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=1, max_size=4)


@given(values, st.sampled_from(Better))
def test_the_best_are_known_and_nothing_known_beats_them(numbers: list[int | None], better: Better) -> None:
    found = rules.best(numbers, better)
    known = [value for value in numbers if value is not None]
    if len(set(known)) < 2:
        assert found == frozenset()
        return
    top = min(known) if better is Better.LESS else max(known)
    assert found == {place for place, value in enumerate(numbers) if value == top}


@pytest.mark.parametrize("text", ["", "-", "a--b", "A", "ä", "a b", "a" * 201, "a-", "a\n"])
def test_what_cannot_be_an_address_is_ignored(text: str) -> None:
    assert rules.slugs([text, "a-1", "a-1"]) == ("a-1",)
