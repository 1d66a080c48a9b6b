"""Positions in order: ranges, ranks and pages equal those of a plain sorted list, however the blocks were cut."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from kroi.catalogue.index.rules import blocks, padding, stock
from kroi.catalogue.index.rules.blocks import Blocks
from kroi.catalogue.index.rules.facts import COLUMNS, Facts, Numbers
from kroi.catalogue.index.rules.orders import Order
from kroi.catalogue.index.rules.rows import Rows
from kroi.catalogue.index.rules.stock import Stock
from kroi.catalogue.rules.filters import FACETS

_SOME = settings(max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_LEAST": 4, "_PART": 1_000, "_BETWEEN_MARKS": 2, "_FEW": 1, "_KEPT_SORTED": 3}.items():
        monkeypatch.setattr(blocks, name, value)


@_SOME
@given(
    values=st.lists(st.integers(-3, 12), min_size=1, max_size=60),
    filled=st.integers(0, 60),
    gone=st.sets(st.integers(0, 59)),
    chosen=st.sets(st.integers(0, 59)),
    ends=st.tuples(st.none() | st.integers(-4, 14), st.none() | st.integers(-4, 14)),
    at=st.tuples(st.integers(-4, 14), st.integers(0, 60), st.integers(0, 20)),
)
def test_blocks_answer_as_a_sorted_list_does(
    values: list[int], filled: int, gone: set[int], chosen: set[int], ends: Any, at: tuple[int, int, int]
) -> None:
    ids, numbers = Numbers("I"), Numbers("H")
    for position, value in enumerate(values):
        ids.append((position * 7) % 61 + 1)
        numbers.append(value)
    made = Blocks(ids, numbers)

    def key(position: int) -> tuple[int, int]:
        return values[position], ids.array[position]

    made.fill(iter(sorted(range(min(filled, len(values))), key=key)), filled)
    for position in range(filled, len(values)):
        made.add(position)
    for position in gone & set(range(len(values))):
        made.remove(position)
    there = sorted(set(range(len(values))) - gone, key=key)
    low, high = ends
    inside = {one for one in there if (low is None or values[one] >= low) and (high is None or values[one] <= high)}
    assert set(made.between(low, high)) == inside
    selection = [one for one in there if one in chosen]
    value, car_id, most = at
    for inclusive in (True, False):
        below = sum(key(one) < (value, car_id) or (inclusive and key(one) == (value, car_id)) for one in selection)
        assert made.below(BitMap(selection), (value, car_id), inclusive=inclusive) == below
    for start in range(0, len(selection) + 1, 3):
        assert made.select(BitMap(selection), start, most) == selection[start : start + most]


def test_numbers_that_do_not_fit_are_widened() -> None:
    numbers = Numbers("H")
    for value in (1, 65_536, -1, 2**62):
        numbers.append(value)
    assert list(numbers.array) == [1, 65_536, -1, 2**62]


@_SOME
@given(
    changes=st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["a", "b", None]), st.integers(0, 3)), max_size=40)
)
def test_counted_rows_stay_true_car_by_car(changes: list[tuple[int, str | None, int]]) -> None:
    kept = Stock()
    for car_id, fuel, price in changes:
        if price:
            kept.put(_car(car_id, fuel, price))
        else:
            kept.drop(car_id)
        fuels, makes = kept.slots["fuel"], kept.slots["make"]
        for asked in ((), (*fuels.values(),), (*fuels.values(), *makes.values())):
            chosen = tuple(asked[:2])
            assert list(kept.rows.get(*chosen)) == list(Rows(kept.bitmaps, kept.padding).get(*chosen))


def _car(car_id: int, fuel: str | None, price: int) -> Facts:
    values: dict[str, str | None] = dict.fromkeys(FACETS, "x")
    values |= {"fuel": fuel, "make": f"m{price}"}
    numbers = tuple(price if name == "price" else None for name in COLUMNS)
    return Facts(car_id, tuple(values.values()), "M", "X", numbers, str(car_id), f"m x {car_id}")


def test_positions_that_no_car_has_are_counted_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {"CONTAINER": 16, "OF_SELECTIONS": 3, "OF_VALUES": 2, "SMALL": 0, "COMMON": 0}
    for name, value in small.items():
        monkeypatch.setattr(padding, name, value)
    monkeypatch.setattr(stock, "CONTAINER", 16)
    kept = Stock()
    kept.fill([_car(car_id, "a" if car_id % 3 else "b", 1 + car_id % 4) for car_id in range(1, 31)])
    kept.order()
    for car_id in range(20, 61):
        kept.put(_car(car_id, "a" if car_id % 3 else "b", 1 + car_id % 4))
    fuels = [kept.bitmaps[slot] for slot in kept.slots["fuel"].values()]
    padded = kept.padding.selection(kept.live)
    assert (len(kept), list(kept.rows.get())[0], len(padded) > 60, sum(map(len, fuels)) > 60) == (60, 60, True, True)
    assert sum(padded.intersection_cardinality(fuel) for fuel in fuels) == 60
    for one in kept.slots["fuel"].values():
        assert [kept.rows.get(one)[other] for other in kept.slots["fuel"].values() if other != one] == [0]


def test_cars_without_a_value_come_last_in_both_directions() -> None:
    ids = Numbers("I")
    order = Order("price", "I", ids)
    for position, value in enumerate((5, None, 3, None)):
        ids.append(10 + position)
        order.append(value)
        order.place(position, value)
    everything = BitMap(range(4))
    assert order.page(everything, 0, 9, falling=False) == [2, 0, 1, 3]
    assert order.page(everything, 0, 9, falling=True) == [0, 2, 3, 1]
    assert order.page(everything, 1, 2, falling=True) == [2, 3]
    assert _walked(order, everything) == [2, 0, 1, 3]


def _walked(order: Order, chosen: BitMap) -> list[int]:
    def pages() -> Iterator[int]:
        for start in range(len(chosen)):
            yield from order.page(chosen, start, 1, falling=False)

    return list(pages())
