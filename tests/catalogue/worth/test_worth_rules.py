"""The laws of comparing prices: who is compared, what a difference is worth, and where a price lies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.rules import Body, CarStatus, Fuel
from kroi.catalogue.worth import rules
from kroi.catalogue.worth.rules import Candidate, Kind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
THIS = Kind(2020, 100_000, Fuel.DIESEL, Body.ESTATE)
_kinds = st.builds(
    Kind,
    year=st.integers(2017, 2023),
    km=st.integers(0, 300_000),
    fuel=st.sampled_from([None, Fuel.DIESEL, Fuel.PETROL]),
    body=st.sampled_from([None, Body.ESTATE, Body.SEDAN]),
)
_prices = st.integers(500_00, 200_000_00)
_candidates = st.builds(
    Candidate,
    kind=_kinds,
    price_cents=st.one_of(st.just(0), _prices),
    car_id=st.none(),
    status=st.sampled_from([None, *CarStatus]),
    at=st.sampled_from([None, NOW, NOW - timedelta(days=364), NOW - timedelta(days=366)]),
)
_many = st.lists(_candidates, max_size=60)


def market(*prices: int, **values: object) -> list[Candidate]:
    """Listings of the market just like THIS car, but for a few km."""
    kinds = (replace(THIS, km=THIS.km + 1 + at) for at in range(len(prices)))
    return [Candidate(kind, cents, at=NOW, **values) for kind, cents in zip(kinds, prices, strict=True)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("cars", "said"), [(5, False), (6, True)])
def test_of_fewer_than_six_nothing_is_said(cars: int, said: bool) -> None:
    assert (rules.worth(THIS, 20_000_00, market(*[20_000_00] * cars), NOW) is not None) is said


@given(this=_kinds, price=_prices, others=_many)
def test_only_comparable_cars_are_compared_and_the_nearest_of_them(
    this: Kind, price: int, others: list[Candidate]
) -> None:
    found = rules.worth(this, price, others, NOW)
    if found is None:
        return
    fit = [each for each in others if rules.is_comparable(this, each, NOW)]
    assert rules.FEWEST <= len(found.compared) <= min(rules.MOST, len(fit))
    assert {each.kind for each in found.compared} <= {each.kind for each in fit}
    for each in found.compared:
        assert abs(each.kind.year - this.year) <= 2 and abs(each.kind.km - this.km) <= rules.band(this.km)


@given(this=_kinds, price=_prices, others=_many, seed=st.randoms())
def test_the_order_in_which_cars_are_found_does_not_matter(
    this: Kind, price: int, others: list[Candidate], seed: object
) -> None:
    shuffled = list(others)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (rules.worth(this, price, each, NOW) for each in (others, shuffled))
    assert (one is None) == (other is None)
    if one and other:
        assert [each.adjusted_cents for each in one.compared] == [each.adjusted_cents for each in other.compared]


@given(this=_kinds, price=_prices, others=_many)
def test_the_quartiles_split_the_prices_and_all_lie_on_the_scale(
    this: Kind, price: int, others: list[Candidate]
) -> None:
    found = rules.worth(this, price, others, NOW)
    if found is None:
        return
    prices = [each.adjusted_cents for each in found.compared]
    assert prices == sorted(prices)
    assert prices[0] <= found.low_cents <= found.middle_cents <= found.high_cents <= prices[-1]
    assert 2 * sum(found.low_cents <= each <= found.high_cents for each in prices) >= len(prices) - 1
    scale = rules.scale(found)
    assert all(0 <= scale.place(cents) <= 100 for cents in (*prices, price))
    assert (scale.low % 10_000, scale.high % 10_000) == (0, 0)


@given(this=_kinds, price=_prices)
def test_the_same_age_and_mileage_changes_no_price(this: Kind, price: int) -> None:
    assert rules.adjusted(this, this, price) == price


@given(this=_kinds, price=_prices, km=st.integers(1, 60_000))
def test_a_newer_car_or_one_with_fewer_km_is_worth_more(this: Kind, price: int, km: int) -> None:
    older, driven = replace(this, year=this.year - 1), replace(this, km=this.km + km)
    assert rules.adjusted(this, older, price) > price  # theirs is older: as new as ours it would cost more
    assert rules.adjusted(this, driven, price) >= price


def test_a_year_is_eight_percent_and_ten_thousand_km_are_three() -> None:
    assert rules.adjusted(THIS, replace(THIS, year=2019), 20_000_00) == 21_600_00
    assert rules.adjusted(THIS, replace(THIS, km=90_000), 20_000_00) == 19_400_00


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"year": 2022}, True),
        ({"year": 2023}, False),
        ({"km": 130_000}, True),
        ({"km": 130_001}, False),
        ({"fuel": Fuel.PETROL}, False),
        ({"fuel": None, "body": None}, True),
        ({"body": Body.SEDAN}, False),
    ],
)
def test_what_makes_a_car_comparable(changed: dict[str, object], fits: bool) -> None:
    other = Candidate(replace(THIS, **changed), 1_00, at=NOW)  # type: ignore[arg-type]
    assert rules.is_comparable(THIS, other, NOW) is fits


def test_a_car_with_few_km_is_compared_within_twenty_thousand() -> None:
    assert rules.band(0) == rules.band(50_000) == 20_000 and rules.band(200_000) == 60_000


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"status": CarStatus.AVAILABLE, "car_id": 2}, True),
        ({"status": CarStatus.RESERVED, "car_id": 2}, True),
        ({"status": CarStatus.SOLD, "car_id": 2, "at": NOW - timedelta(days=365)}, True),
        ({"status": CarStatus.DELIVERED, "car_id": 2, "at": NOW - timedelta(days=366)}, False),
        ({"status": CarStatus.SOLD, "car_id": 2}, False),
        ({"status": CarStatus.DRAFT, "car_id": 2, "at": NOW}, False),
        ({"status": CarStatus.WITHDRAWN, "car_id": 2, "at": NOW}, False),
        ({"at": NOW - timedelta(days=365)}, True),
        ({"at": NOW - timedelta(days=366)}, False),
    ],
)
def test_what_is_old_or_was_never_offered_does_not_count(values: dict[str, object], counts: bool) -> None:
    other = Candidate(THIS, 20_000_00, **values)  # type: ignore[arg-type]
    assert rules.is_comparable(THIS, other, NOW) is counts


def test_our_own_cars_in_the_markets_list_do_not_count_twice() -> None:
    ours = [Candidate(replace(THIS, km=THIS.km + 500), 20_000_00, 7, CarStatus.AVAILABLE)]
    again = [Candidate(THIS, 18_000_00, at=NOW), Candidate(replace(THIS, km=THIS.km + 500), 19_000_00, at=NOW)]
    found = rules.worth(THIS, 20_000_00, [*ours, *again, *market(*[21_000_00] * 6)], NOW)
    assert found and [each.car_id for each in found.compared].count(7) == 1
    assert len(found.compared) == 7 and {each.price_cents for each in found.compared} == {20_000_00, 21_000_00}


def test_quartiles_lie_between_neighbours_in_proportion() -> None:
    prices = [10_000_00, 11_000_00, 12_000_00, 13_000_00, 14_000_00, 16_000_00]
    found = rules.worth(THIS, 12_000_00, [Candidate(THIS, cents, at=NOW) for cents in prices], NOW)
    assert found is None  # all of them look like the car itself
    found = rules.worth(replace(THIS, km=100_001), 12_000_00, [Candidate(THIS, each, at=NOW) for each in prices], NOW)
    assert found and found.compared[0].adjusted_cents < 10_000_00  # a km more: a little less
    assert round(found.low_cents / 100) == 11_250 and round(found.middle_cents / 100) == 12_500
    assert round(found.high_cents / 100) == 13_750
