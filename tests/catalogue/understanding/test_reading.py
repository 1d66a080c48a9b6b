"""What people type is read as it was meant: the labelled queries, and what must hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.rules import addresses
from kroi.catalogue.understanding.rules import Understood, understand
from tests.catalogue.understanding import figures, labels

LEAST = 0.95  # F1 of understood filters
VOCABULARY = figures.vocabulary()


def read(text: str) -> Understood:
    return understand(text, VOCABULARY)


def filters(text: str) -> str:
    """What is understood, as an address, and the words that stay behind a bar."""
    understood = read(text)
    found = [*addresses.pairs(understood.filter), *([("sort", understood.sort)] if understood.sort else [])]
    return " ".join(f"{name}={value}" for name, value in sorted(found)) + (
        f" | {understood.words}" if understood.words else ""
    )


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_labelled_queries_are_understood(language: str) -> None:
    found = figures.measure(labels.queries(labels.OPEN, language), VOCABULARY)
    assert found.f1 >= LEAST, found.faults


def test_queries_that_were_written_later_are_understood_too() -> None:
    found = figures.measure(labels.fresh(), VOCABULARY)
    assert found.f1 >= LEAST, found.faults


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_the_words_that_say_more_stay_as_typed(language: str) -> None:
    queries = labels.queries(labels.OPEN, language)
    kept = sum(read(query.text).words == query.rest for query in queries)
    assert kept >= LEAST * len(queries)


def cases(lines: str) -> list[tuple[str, str]]:
    """What is typed, and what is meant."""
    parted = (line.partition(" -> ") for line in lines.strip().splitlines())
    return [(typed.strip(), meant.strip()) for typed, _arrow, meant in parted]


@pytest.mark.parametrize(
    ("typed", "meant"),
    cases("""
Peugeot 2008 2008 -> make=peugeot max_year=2008 min_year=2008 model=2008
fiat 500 under 5000 -> make=fiat max_price=5000 model=500
volvo 240 -> make=volvo | 240
2000 - 5000 € -> max_price=5000 min_price=2000
ab 2016 bis 15.000 € -> max_price=15000 min_year=2016
Golf 2016 ab 90 PS -> make=volkswagen max_year=2016 min_power=66 min_year=2016 model=golf
yli 400 km toimintamatka -> | 400 km toimintamatka
vm 15-18 octavia -> make=skoda max_year=2018 min_year=2015 model=octavia
Audi A4 -17 -> make=audi max_year=2017 min_year=2017 model=a4
max 5 ovea -> | 5 ovea
nicht älter als 5 Jahre -> min_year=2021
volvo äldre än 10 år -> make=volvo max_year=2016
cheapest under £8k -> max_price=8000 sort=price
10 000 - 15 000 € -> max_price=15000 min_price=10000
8000,- volvo -> make=volvo max_price=8000
miltal under 12000 -> max_mileage=120000
rate bis 250€ -> max_monthly=250
120000 ajettu golf 2015 vm -> make=volkswagen max_mileage=120000 max_year=2015 min_year=2015 model=golf
golf under five grand -> make=volkswagen max_price=5000 model=golf
polo EZ 03/2018 -> make=volkswagen max_year=2018 min_year=2018 model=polo
hinta alle 10000 km alle 100000 -> max_mileage=100000 max_price=10000
"""),
)
def test_a_number_is_what_the_words_beside_it_make_of_it(typed: str, meant: str) -> None:
    assert filters(typed).strip() == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    cases("""
inte röd eller svart kombi -> body=estate not_colour=black not_colour=red
not a bmw, not an audi, estate -> body=estate not_make=audi not_make=bmw
ei golf -> not_model=golf
ei automaattia, diesel -> fuel=diesel not_transmission=automatic
no accidents -> | no accidents
ohne Anhängerkupplung -> | ohne Anhängerkupplung
"""),
)
def test_a_not_takes_out_what_follows_and_what_is_joined_to_it(typed: str, meant: str) -> None:
    assert filters(typed).strip() == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    cases("""
volksvagen toureg -> make=volkswagen model=touareg
land rovr discovery -> make=land-rover model=discovery
alfa romoe giulia -> make=alfa-romeo model=giulia
niisan quashqai -> make=nissan model=qashqai
meganne estate -> body=estate make=renault model=megane
saehkoeauto -> fuel=electric
gruener passat -> colour=green make=volkswagen model=passat
mersun c-sarjan farmaria -> body=estate make=mercedes-benz model=c-class
seats and a tank -> | seats tank
"""),
)
def test_slips_missing_dots_and_endings_find_what_was_meant(typed: str, meant: str) -> None:
    assert filters(typed).strip() == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    cases("""
black leather interior volvo -> make=volvo | black leather interior
musta nahkasisusta -> | musta nahkasisusta
electric windows diesel -> fuel=diesel | electric windows
leon -> | leon
seat leon -> make=seat model=leon
ferrari -> make=ferrari
Mercedes C-Klasse T-Modell 220d -> body=estate make=mercedes-benz model=c-class | 220d
"320d" -> | "320d"
"""),
)
def test_what_is_not_surely_a_filter_stays_a_text(typed: str, meant: str) -> None:
    assert filters(typed).strip() == meant


@given(st.text(max_size=300))
def test_any_text_is_read_and_what_it_asks_for_can_stand_in_an_address(text: str) -> None:
    understood = read(text)
    again = addresses.read(figures.arguments(addresses.pairs(understood.filter)))
    assert again.filter == understood.filter


@pytest.mark.parametrize(
    "text",
    [
        "9" * 100_000,
        "9 " * 50_000,
        "a" * 100_000,
        "1-" * 50_000,
        "((((" * 25_000,
        "ei " * 33_000,
        ",1" * 50_000,
        '"' * 100_000,
    ],
)
def test_of_a_hostile_text_only_the_beginning_is_read(text: str) -> None:
    assert len(read(text).words) <= 400
