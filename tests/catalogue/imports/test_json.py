"""JSON in the shapes that exports have: the list is found, what is nested becomes columns."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.imports.rules import nested
from kroi.catalogue.imports.rules.tables import Picture
from kroi.core.errors import Invalid

CAR = {"make": "Audi", "model": "A4"}


def test_a_bare_list_and_a_wrapped_one_are_the_same() -> None:
    for shape in ([CAR], {"cars": [CAR]}, {"page": 1, "data": {"result": {"items": [CAR], "facets": [{"a": 1}]}}}):
        assert nested.read(json.dumps(shape)).rows[0].cells == CAR


def test_the_list_can_be_named() -> None:
    text = json.dumps({"big": [{"x": n} for n in range(9)], "few": {"cars": [CAR]}})

    assert nested.read(text, "few.cars").rows[0].cells == CAR
    with pytest.raises(Invalid):
        nested.read(text, "few.none")


def test_nested_values_get_dotted_names_and_keep_their_digits() -> None:
    row = nested.read('[{"price": {"amount": 15900.50, "vat": null}, "new": false, "km": 1e3}]').rows[0]

    assert row.cells == {"price.amount": "15900.50", "new": "false", "km": "1000"}


def test_labels_with_values_are_columns_too() -> None:
    pairs = [{"label": "Vaihteisto", "value": "Automaatti"}, {"label": "Ovet", "value": 5}]
    row = nested.read(json.dumps([{"specifications": pairs}])).rows[0]

    assert row.cells == {"Vaihteisto": "Automaatti", "Ovet": "5"}
    assert row.pairs == (("Vaihteisto", "Automaatti"), ("Ovet", "5"))


def test_the_main_photo_comes_first_and_the_rest_in_order() -> None:
    images = [
        {"url": "b.jpg", "order": 2, "altText": "Side"},
        {"url": "a.jpg", "order": 1},
        {"url": "m.jpg", "isPrimary": True, "order": 3},
    ]
    row = nested.read(json.dumps([{"images": images, "pictures": ["x.png", ""]}])).rows[0]

    assert row.pictures == (Picture("m.jpg"), Picture("a.jpg"), Picture("b.jpg", "Side"), Picture("x.png"))


def test_lists_of_words_stay_lists() -> None:
    assert nested.read('[{"features": ["ABS", "", null, "ESP"]}]').rows[0].lists == {"features": ("ABS", "ESP")}


@pytest.mark.parametrize("text", ['{"a": 1}', '"word"', "[", '{"cars": [', "[" * 100_000, '{"a": [1, 2]}', "nul"])
def test_what_holds_no_cars_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        nested.read(text)


def test_entries_that_are_no_objects_are_refused_one_by_one() -> None:
    rows = nested.read('[{"make": "Audi"}, 7, "x", null, []]').rows

    assert [row.fault for row in rows] == [None, nested.NOT_A_CAR, nested.NOT_A_CAR, None, nested.NOT_A_CAR]
    assert rows[3].is_empty


def test_absurd_numbers_are_only_text() -> None:
    row = nested.read('[{"price": 1e999, "km": 1' + "0" * 5000 + ', "x": NaN, "y": -1e-999}]').rows[0]

    assert row.cells["price"] == "1E+999" and "km" not in row.cells and "x" not in row.cells


def test_a_number_that_no_number_can_hold_is_unknown() -> None:
    row = nested.read('[{"price": 1e999999999999999999999, "km": 5}]').rows[0]

    assert row.cells == {"km": "5"}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(values, max_size=5))
def test_no_json_breaks_the_reader(entries: list[object]) -> None:
    assert len(nested.read(json.dumps(entries)).rows) == len(entries)
