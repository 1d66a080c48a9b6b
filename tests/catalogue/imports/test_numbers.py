"""Numbers, prices, distances, power and dates as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.imports.rules import numbers, values
from kroi.catalogue.imports.rules.values import Price

FORMATS = {  # thousands mark, decimal mark
    "English": (",", "."), "German": (".", ","), "Finnish": (" ", ","), "narrow": ("\u202f", ","),
    "hard": ("\xa0", ","),
    "Swiss": ("'", "."), "typed": ("’", "."), "plain": ("", "."), "plain comma": ("", ","),
}  # fmt: skip


def written(amount: Decimal, thousands: str, decimal: str) -> str:
    return f"{amount:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)


@given(st.decimals(0, 99_999_999, places=2), st.sampled_from(sorted(FORMATS)), st.sampled_from(["", "€ ", "EUR "]))
def test_an_amount_reads_back_in_every_way_of_writing_it(amount: Decimal, way: str, sign: str) -> None:
    assert numbers.number(sign + written(amount, *FORMATS[way])) == amount


@given(st.integers(0, 999_999_999), st.sampled_from(sorted(FORMATS)))
def test_a_whole_number_reads_back_in_every_way_of_writing_it(amount: int, way: str) -> None:
    text = f"{amount:,}".replace(",", FORMATS[way][0])

    assert numbers.whole(text) == amount


@given(st.text(max_size=300))
def test_no_text_breaks_the_number_reader(text: str) -> None:
    found = numbers.measured(text)

    assert found is None or found.number.is_finite()


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("193,000 km", "193000", "km"), ("150,000km", "150000", "km"), ("15 900 €", "15900", "€"),
        ("$5,000", "5000", "$"), (" £30,495", "30495", "£"), ("12.900,-", "12900", ""), ("15900,- €", "15900", "€"),
        ("€ 24,580.-", "24580", "€"), ("48900.00 CAD", "48900.00", "cad"), ("1.234,50", "1234.50", ""),
        ("8956 mil", "8956", "mil"), ("1e30", "1E+30", ""), ("-5000", "-5000", ""), ("(5 000)", "-5000", ""),
        ("−7", "-7", ""), ("5.000 € VB", "5000", "€ vb"),
    ],
)  # fmt: skip
def test_what_stands_in_real_cells(text: str, number: str, unit: str) -> None:
    assert numbers.measured(text) == numbers.Measured(Decimal(number), unit)


@pytest.mark.parametrize(
    "text", ["", "abc", "4/5", "1 2345", "2017-08-01", "1,23,456", "1.2.3", "110 kW (150 hv)", "1..5"]
)
def test_two_numbers_or_none_are_no_number(text: str) -> None:
    assert numbers.measured(text) is None


def test_a_dollar_is_ones_own_dollar() -> None:
    assert numbers.currency("$", "CAD") == "CAD"
    assert numbers.currency("$", "EUR") == "USD"
    assert numbers.currency("kr", "NOK") == "NOK"
    assert numbers.currency("km", "EUR") is None


def test_typed_filler_is_known() -> None:
    assert [n for n in (1_111_111, 999_999, 1_234_567, 111_111, 123_456, 99_999, 0) if numbers.is_filler(n)] == [
        1_111_111,
        999_999,
        1_234_567,
    ]


def test_the_sign_decides_the_currency_unless_somebody_said_otherwise() -> None:
    assert values.price("£30,495", own="EUR") == Price(Decimal(30_495), "GBP")
    assert values.price("$5,000", own="EUR", said="EUR") == Price(Decimal(5000), "EUR")
    assert values.price("5000", own="EUR", hinted="usd") == Price(Decimal(5000), "USD")
    assert values.price("5000", own="EUR") == Price(Decimal(5000), "EUR")


def test_on_request_is_a_price_of_nothing() -> None:
    for words in ("On request", "POA", "auf Anfrage", "Hinta pyydettäessä", "Pris på begäran", "0 €"):
        assert values.price(words, own="EUR") == Price(Decimal(0), "EUR"), words


def test_impossible_prices_are_no_prices() -> None:
    for text in ("1e30", "11111111", "999,999,999"):
        found = values.price(text, own="EUR")
        assert found and found.amount is None and found.filler, text
    assert values.price("-5", own="EUR") is None
    assert values.price("=1+2", own="EUR") is None


def test_miles_and_swedish_miles_become_kilometres() -> None:
    assert values.kilometres("38,852", own="mi") == 62_526
    assert values.kilometres("100 miles") == 161
    assert values.kilometres("8956 mil") == 89_560
    assert values.kilometres("150tkm") == 150_000
    assert values.kilometres("8956", hinted="mil") == 89_560
    assert values.kilometres("8956 km", said="mil") == 89_560


def test_impossible_distances_are_left_open() -> None:
    for text in ("1111111", "999999", "5000000", "-7", "10 days", "Unknown"):
        assert values.kilometres(text) is None, text


@given(st.integers(0, 1_000_000))
def test_a_distance_in_miles_is_never_shorter_than_its_number(miles: int) -> None:
    kilometres = values.kilometres(f"{miles:,} miles")

    assert kilometres is None or kilometres >= miles


def test_power_is_kilowatts_whatever_it_is_told_in() -> None:
    assert values.kilowatts("110 kW (150 hv)") == 110
    assert values.kilowatts("116", hinted="hp") == 85
    assert values.kilowatts("150 PS") == 110
    assert values.kilowatts("100 bhp") == 75
    for nobody in ("1", "0", "9999 hp", "3.0 V6"):
        assert values.kilowatts(nobody, hinted="hp") is None


def test_engine_sizes_in_litres_and_ccm() -> None:
    found = [
        values.displacement(text) for text in ("1.6", "1,6 l", "1598", "1560 cc", "0.999", "2,00 cc", "1.0T", "1.596")
    ]

    assert found == [1600, 1600, 1598, 1560, 999, 2000, 1000, 1596]
    assert [values.displacement(text) for text in ("£145", "0", "Unknown", "45")] == [None] * 4


def test_years_that_can_be() -> None:
    assert [values.year(text, 2027) for text in ("2017", "2017.0", "08/2017", "2016-03-26 17:47:46")] == [
        2017,
        2017,
        2017,
        2016,
    ]
    assert [values.year(text, 2027) for text in ("9999", "1800", "2060", "150,000", "12", "2016/2017")] == [None] * 6


def test_dates_of_four_countries() -> None:
    assert values.day("2016-03-26") == values.day("26.3.2016") == values.day("26/03/2016") == date(2016, 3, 26)
    assert values.day("3/2017") == values.day("2017-03") == date(2017, 3, 1)
    assert values.day("31.2.2016") is None


def test_doors_count_the_tailgate() -> None:
    assert [values.count(text, 7) for text in ("5 Doors", "4/5", "4 ovea", "5", "12")] == [5, 5, 4, 5, None]


def test_a_vin_has_seventeen_characters_and_a_digit_that_may_fit() -> None:
    assert values.vin("  jtezu11f88k007763") == "JTEZU11F88K007763"
    assert values.check_digit_holds("1M8GDM9AXKP042788")
    assert not values.check_digit_holds("1M8GDM9A1KP042788")
    for wrong in ("1q87t3n166389", "0" * 17, "IOQ4567890123ABCD", ""):
        assert values.vin(wrong) is None
