"""The labelled queries are well formed, distinct, and use only known values."""

import re
from collections import Counter
from typing import Any

import pytest

from kroi.catalogue.rules.filters import FACETS, Sort
from kroi.core.text import fold
from tests.catalogue.understanding import labels

CHOICES = tuple(name for name in FACETS if name != "status")
EXCLUSIONS = tuple(f"not_{name}" for name in CHOICES)
SPANS = {  # the lowest and highest number that a shopper means
    "min_price": (500, 200_000),
    "max_price": (500, 200_000),
    "min_year": (1950, 2027),
    "max_year": (1950, 2027),
    "min_mileage": (1_000, 500_000),
    "max_mileage": (1_000, 500_000),
    "min_power": (30, 600),
    "max_monthly": (50, 2_000),
}
PARTS = (labels.OPEN, labels.KEPT_ASIDE)
FILES = [(part, language) for part in PARTS for language in labels.LANGUAGES]
MODELS = labels.slugs()


def known(name: str, value: str, makes: list[str]) -> bool:
    """May this facet have this value? A model must be one of a named make."""
    facet = name.removeprefix("not_")
    if facet == "make":
        return value in MODELS
    if facet == "model":
        return any(value in MODELS.get(make, ()) for make in makes)
    return value in (FACETS[facet] or ())


def faults(want: dict[str, Any]) -> list[str]:
    """What is wrong with a label."""
    makes: list[str] = want.get("make", [])
    found = [name for name in want if name not in (*CHOICES, *EXCLUSIONS, *SPANS, "sort")]
    for name in (*CHOICES, *EXCLUSIONS):
        values = want.get(name, ["never empty"])
        found += [f"{name} {value}" for value in values if name in want and not known(name, value, makes)]
        found += [f"{name} is empty or repeats"] * (len(values) == 0 or len(set(values)) < len(values))
    found += [f"{name} {want[name]}" for name, ends in SPANS.items() if name in want and not within(want[name], ends)]
    found += ["sort"] * ("sort" in want and want["sort"] not in set(Sort) - {Sort.NEWEST})
    found += [f"{name} is upside down" for name in ("price", "year", "mileage") if upside_down(want, name)]
    return found


def within(value: object, ends: tuple[int, int]) -> bool:
    return type(value) is int and ends[0] <= value <= ends[1]


def upside_down(want: dict[str, Any], name: str) -> bool:
    low, high = want.get(f"min_{name}"), want.get(f"max_{name}")
    return low is not None and high is not None and low > high


@pytest.mark.parametrize(("part", "language"), FILES)
def test_every_label_uses_known_parameters_and_values(part: str, language: str) -> None:
    wrong = {entry["q"]: found for entry in labels.raw(part, language) if (found := faults(entry["want"]))}
    assert wrong == {}


@pytest.mark.parametrize(("part", "language"), FILES)
def test_every_entry_says_what_was_typed_and_what_is_meant(part: str, language: str) -> None:
    for entry in labels.raw(part, language):
        assert set(entry) - {"rest"} == {"q", "want"}, entry
        assert entry["q"].strip() == entry["q"] != "", entry
        assert entry["want"] or entry["rest"], entry


@pytest.mark.parametrize(("part", "language"), FILES)
def test_the_words_that_stay_were_typed_in_that_order(part: str, language: str) -> None:
    for query in labels.queries(part, language):
        typed = iter(re.split(r"[\s,]+", query.text))
        assert all(word in typed for word in query.rest.split()), query


def test_no_query_stands_twice() -> None:
    typed = Counter(
        " ".join(fold(query.text).split()) for part, language in FILES for query in labels.queries(part, language)
    )
    assert [text for text, times in typed.items() if times > 1] == []


def test_there_are_enough_and_a_third_of_each_language_is_kept_aside() -> None:
    counts = {file: len(labels.queries(*file)) for file in FILES}
    assert sum(counts.values()) >= 300
    for language in labels.LANGUAGES:
        aside, seen = counts[labels.KEPT_ASIDE, language], counts[labels.OPEN, language]
        assert aside + seen >= 100
        assert 0.3 <= aside / (aside + seen) <= 0.37


def test_some_queries_ask_for_nothing_but_words_in_every_language() -> None:
    for language in labels.LANGUAGES:
        both = [query for part in PARTS for query in labels.queries(part, language)]
        assert 0.05 <= sum(not query.wanted for query in both) / len(both) <= 0.2


def test_a_label_is_read_as_pairs_of_an_address() -> None:
    found = {query.text: query for query in labels.queries(labels.OPEN, "en")}
    query = found["suv not diesel under 20000"]
    assert query.wanted == {("body", "suv"), ("not_fuel", "diesel"), ("max_price", "20000")}
