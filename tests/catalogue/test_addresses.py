"""Addresses of the list: one spelling for each wish, and nothing in them can be wrong."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.rules import addresses, cursors
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import CarFilter, Choice, Sort, Span
from tests.catalogue import brute


def _read(query: str) -> addresses.Asked:
    return addresses.read(parse_qs(query.removeprefix("?"), keep_blank_values=True))


@given(asked=brute.arguments, sort=st.sampled_from([*Sort]))
def test_the_canonical_address_means_what_was_asked(asked: dict[str, list[str]], sort: Sort) -> None:
    wanted = addresses.read(asked).filter
    canonical = addresses.query(wanted, sort)
    again = _read(canonical)
    assert (again.filter, again.sort) == (wanted, sort)
    assert addresses.query(again.filter, again.sort) == canonical


@given(
    value=st.none() | st.integers(0, 2**31 - 1),
    car_id=st.integers(0, 10**18 - 1),
    back=st.booleans(),
    sort=st.sampled_from([*Sort]),
)
def test_a_cursor_survives_its_address(value: int | None, car_id: int, back: bool, sort: Sort) -> None:
    cursor = Cursor(sort, value, car_id, back)
    assert cursors.parse(str(cursor), sort) == cursor
    assert all(cursors.parse(str(cursor), other) is None for other in Sort if other is not sort)


def test_parameters_are_sorted_and_values_too() -> None:
    assert addresses.query(_read("sort=price&make=volvo&fuel=petrol&make=audi&q=a%20b").filter, Sort.CHEAPEST) == (
        "?fuel=petrol&make=audi&make=volvo&q=a%20b&sort=price"
    )


@pytest.mark.parametrize(
    "query",
    [
        "fuel=plutonium&sort=banana&body=&drive=AWD&status=sold&status=draft",
        "min_price=abc&max_price=-1&min_year=1e3&max_mileage=%D9%A3&min_power=99999999999999999999",
        "make=" + "a" * 200,
        "make=a%00b&make=../etc&model=%27%20OR%201=1&q=%00",
        "after=zz&after=na-1-&after=na-99999999999999999999-1&page=-3",
        "make[]=audi&make[0]=audi&unknown=1&max_monthly=-200&min_monthly=100",
        "q=%20%09%0A",
    ],
)
def test_what_cannot_be_understood_is_ignored(query: str) -> None:
    assert _read(query) == addresses.Asked()


def test_both_ends_and_exclusions_are_read() -> None:
    found = _read("min_price=1000&max_price=2000&max_mileage=5&not_fuel=diesel&not_fuel=nosuch&min_power=7").filter
    assert found == CarFilter(
        price=Span(1000, 2000), mileage=Span(high=5), fuel=Choice(none_of=("diesel",)), power=Span(low=7)
    )


def test_after_wins_over_page() -> None:
    found = _read("page=4&after=na-5-6")
    assert (found.page, found.after) == (1, Cursor(Sort.NEWEST, 5, 6))


def test_a_hundred_thousand_characters_are_read_quickly() -> None:
    query = "&".join(f"make=a{n}" for n in range(10_000)) + "&q=" + "x" * 20_000
    found = _read(query).filter
    assert len(found.make.any_of) == 60 and len(found.q) == 120
