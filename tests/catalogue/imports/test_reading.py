"""Whole rows become cars: what is stated, what is meant, what is refused and why."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kroi.catalogue.imports.rules import Ground, IncomingCar, Mapping, Reading, read_cars
from kroi.catalogue.imports.rules.mapping import from_words
from kroi.catalogue.rules import CarStatus, Fuel, Transmission

pytestmark = pytest.mark.slow

FINNISH = Ground("EUR", "km", 2026)
BRITISH = Ground("GBP", "mi", 2026)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cars.csv"


def reading_of(path: Path, text: str, ground: Ground = FINNISH, mapping: Mapping | None = None) -> Reading:
    path.write_text(text, encoding="utf-8")
    return read_cars(path, ground, mapping)


def car_of(path: Path, text: str, ground: Ground = FINNISH, mapping: Mapping | None = None) -> IncomingCar:
    row = reading_of(path, text, ground, mapping).rows[0]
    assert row.refusal is None and row.car is not None
    return row.car


def refusals(reading: Reading) -> list[str | None]:
    return [row.refusal for row in reading.rows]


def test_a_finnish_row(path: Path) -> None:
    car = car_of(
        path,
        "Merkki;Malli;Vuosimalli;Hinta;Ajokilometrit;Polttoaine;Vaihteisto;Teho (kW);Kuvaus;Varusteet\n"
        "VW;Golf;2019;15 900 €;120 000 km;Bensiini;Automaatti;110;<p>Siisti.</p><p>Huollettu.</p>;ABS, ESP\n",
    )

    assert (car.make, car.model, car.model_year, car.price_cents) == ("Volkswagen", "Golf", 2019, 1_590_000)
    assert (car.mileage_km, car.fuel, car.transmission) == (120_000, Fuel.PETROL, Transmission.AUTOMATIC)
    assert (car.power_kw, car.paragraphs, car.features) == (110, ("Siisti.", "Huollettu."), ("ABS", "ESP"))


def test_a_name_alone_is_enough(path: Path) -> None:
    car = car_of(path, "Otsikko\nVW Passat Variant 2.0 TDI 110 kW DSG 12 900 €\n")

    assert (car.make, car.model, car.price_cents, car.power_kw) == ("Volkswagen", "Passat Variant", 1_290_000, 110)
    assert (car.displacement_ccm, car.fuel, car.transmission) == (2000, Fuel.DIESEL, Transmission.AUTOMATIC)


@pytest.mark.parametrize(
    ("name", "make", "model"),
    [
        ("Mercedes Benz E220 AMG Paketti", "Mercedes-Benz", "E-Class"),
        ("BMW 320d xDrive", "BMW", "320"),
        ("Zhidou D2S", None, None),
        ("Ford Xyzzy 2.0", "Ford", "Xyzzy"),
        ("Ford zu verkaufen", "Ford", None),
    ],
)
def test_models_that_only_the_name_says(path: Path, name: str, make: str | None, model: str | None) -> None:
    row = reading_of(path, f"title\n{name}\n").rows[0]

    assert (row.car and row.car.model) == model
    assert model or row.refusal in ("No make: neither a column nor the name says one.",
                                    "No model: neither a column nor the name says one.")  # fmt: skip


def test_a_make_cut_in_two_by_the_columns_is_joined(path: Path) -> None:
    lines = "make,model\nLand,Rover Discovery\nAlfa,Romeo Giulietta\nBMW,BMW 520\nDS,Automobiles DS 7 Crossback\n"

    cars = [row.car for row in reading_of(path, lines).rows]

    assert [(car.make, car.model) for car in cars if car] == [
        ("Land Rover", "Discovery"), ("Alfa Romeo", "Giulietta"), ("BMW", "520"), ("DS", "7 Crossback"),
    ]  # fmt: skip


def test_a_slip_in_the_model_is_mended_by_the_name(path: Path) -> None:
    car = car_of(path, "name,make,model\nVolkswagen Tiguan R-Line 37 000 €,Volkswagen,iguan R-Line\n")

    assert (car.model, car.trim) == ("Tiguan", "R-Line")


def test_a_family_of_models_is_narrowed_by_the_name(path: Path) -> None:
    car = car_of(path, "name,brand,model\nPeugeot_207_CC_120,peugeot,2_reihe\n")

    assert (car.make, car.model, car.trim) == ("Peugeot", "207", "CC 120")


def test_shifted_cells_are_found_where_they_are(path: Path) -> None:
    text = (
        "model,price,mileage,fuel type,engine size,mileage2,fuel type2,engine size2\n"
        ' Focus," £8,000",,Petrol,0.999,"38,852",,\n'
        ' Focus," £12,300","13,255",n/a,£145,57.7,Diesel,1.5\n'
    )

    cars = [row.car for row in reading_of(path, text, BRITISH).rows if row.car]

    assert [car.make for car in cars] == ["Ford", "Ford"]
    assert [(car.mileage_km, car.fuel, car.displacement_ccm) for car in cars] == [
        (62_526, Fuel.PETROL, 999), (21_332, Fuel.DIESEL, 1500),
    ]  # fmt: skip


def test_price_nothing_is_on_request_and_no_price_is_silence(path: Path) -> None:
    rows = reading_of(path, "make,model,price\nAudi,A4,0\nAudi,A6,\nAudi,A8,ask us\n").rows

    assert [row.car.price_cents for row in rows if row.car] == [0, None, 0]


@pytest.mark.parametrize("price", ["1e30", "11111111", "-5", "=cmd|'/c calc'!A0", "12 or 13", "999999"])
def test_absurd_prices_are_on_request_with_a_note(path: Path, price: str) -> None:
    row = reading_of(path, f'make,model,price\nVW,Golf,9000\nAudi,A4,"{price}"\n').rows[1]

    assert row.car is not None and row.car.price_cents == 0
    assert any("price" in note for note in row.notes)


def test_foreign_money_is_refused_unless_a_rate_or_the_currency_is_said(path: Path) -> None:
    text = 'make,model,price\nAudi,A4,"£10,000"\nAudi,A6,£0\n'

    assert refusals(reading_of(path, text)) == ["The price is in GBP, and no rate to EUR is given.", None]
    assert car_of(path, text, mapping=Mapping(rates={"GBP": Decimal("1.17")})).price_cents == 1_170_000
    assert car_of(path, text, mapping=Mapping(currency="EUR")).price_cents == 1_000_000
    assert car_of(path, text, BRITISH).price_cents == 1_000_000


def test_currency_and_unit_columns_are_heard(path: Path) -> None:
    text = "make,model,price,currency,mileage.value,mileage.unit\nAudi,A4,10000,SEK,5000,MI\n"

    car = car_of(path, text, mapping=Mapping(rates={"SEK": Decimal("0.09")}))

    assert (car.price_cents, car.mileage_km) == (90_000, 8_047)


def test_distances_are_the_dealerships_where_the_file_is_silent(path: Path) -> None:
    text = "make,model,mileage\nAudi,A4,1000\n"

    assert car_of(path, text).mileage_km == 1000
    assert car_of(path, text, BRITISH).mileage_km == 1609
    assert car_of(path, text, mapping=Mapping(distance="mil")).mileage_km == 10_000
    assert car_of(path, "make,model,miles\nAudi,A4,1000\n").mileage_km == 1609


def test_a_used_car_with_no_kilometres_has_an_unknown_mileage(path: Path) -> None:
    text = "make,model,mileage,offerType,year\nVW,up!,0,Used,2018\nVW,up!,0,Pre-registered,2018\nVW,up!,0,New,2026\n"

    assert [row.car.mileage_km for row in reading_of(path, text).rows if row.car] == [None, 0, 0]


def test_years_that_cannot_be_are_unknown_and_months_make_a_date(path: Path) -> None:
    text = "make,model,yearOfRegistration,monthOfRegistration\nVW,Golf,9999,3\nVW,Golf,2004,3\nVW,Polo,2004,0\n"

    cars = [row.car for row in reading_of(path, text).rows if row.car]

    assert [car.model_year for car in cars] == [None, 2004, 2004]
    assert [car.first_registration and car.first_registration.isoformat() for car in cars] == [None, "2004-03-01", None]


def test_power_of_one_horse_and_words_never_heard_are_unknown(path: Path) -> None:
    row = reading_of(path, "make,model,hp,colour\nVW,Golf,105,red\nVW,Polo,1,guard\n").rows[1]

    assert row.car is not None and (row.car.power_kw, row.car.colour) == (None, None)
    assert row.notes == ("colour 'guard' is not understood",)


def test_a_short_vin_is_left_out_and_the_car_comes_in(path: Path) -> None:
    row = reading_of(path, "make,model,vin\nFord,F-150,1FTEW1E45KFA45361\nFord,Focus,1q87t3n166389\n").rows[1]

    assert row.car is not None and row.car.vin is None and row.refusal is None
    assert "17 characters" in row.notes[0]


def test_words_of_a_mapping_are_understood(path: Path) -> None:
    mapping = from_words({"values": {"transmission": {"robotti": "automatic"}}, "constants": {"make": "Ford"}})

    car = car_of(path, "model,gear\nPuma,Robotti\n", mapping=mapping)

    assert (car.make, car.transmission) == ("Ford", Transmission.AUTOMATIC)


def test_copies_empty_rows_and_second_appearances_are_refused(path: Path) -> None:
    vin = "1FTEW1E45KFA45361"
    lines = ["Audi,A4,,", ",,,", "Audi,A4,,", f"Ford,F-150,{vin},", f"Ford,F-150,{vin},", "VW,Golf,,7", "VW,Polo,,7"]
    text = "\n".join(["make,model,vin,stock number", *lines, ""])

    assert refusals(reading_of(path, text)) == [
        None, "The row is empty.", "copy of row 1", None, "the same VIN as row 4", None,
        "the same stock number as row 6",
    ]  # fmt: skip


def test_an_id_counts_only_where_it_is_unique(path: Path) -> None:
    rows = reading_of(path, "id,make,model,price\n1,VW,T-Roc,1\n1,VW,T-Roc,2\n2,VW,T-Roc,3\n").rows

    assert [row.car.source_id for row in rows if row.car] == [None, None, "2"]
    assert len({row.fingerprint for row in rows}) == 3


def test_the_fingerprint_does_not_mind_the_order_of_columns(path: Path) -> None:
    one = reading_of(path, "make,model,price\nVW,Golf,1\n").rows[0].fingerprint
    two = reading_of(path, "price;model;make\n1; Golf ;VW\n").rows[0].fingerprint

    assert one == two


def test_sold_in_a_name_or_a_column_is_sold(path: Path) -> None:
    rows = reading_of(path, "name,status\nVW Golf MYYTY,\nVW Polo,varattu\nVW up! TULOSSA,\n").rows

    assert [row.car.status for row in rows if row.car] == [CarStatus.SOLD, CarStatus.RESERVED, None]
    assert [row.car.arriving for row in rows if row.car] == [False, False, True]


def test_the_description_repeats_the_clean_name(path: Path) -> None:
    car = car_of(path, "name,brand,description\nAudi Q3 15 900 €,Audi,Tämä Audi Audi Q3 15 900 € on hyvä.\n")

    assert car.paragraphs == ("Tämä Audi Q3 on hyvä.",)


def test_photos_of_columns_and_their_order(path: Path) -> None:
    car = car_of(path, 'make,model,images,image\nVW,Golf,"a.jpg, b.jpg;a.jpg",c.jpg\n')

    assert [photo.where for photo in car.photos] == ["a.jpg", "b.jpg", "c.jpg"]


def test_the_only_maker_of_all_models_is_the_make(path: Path) -> None:
    reading = reading_of(path, "model,price\n A3,1\n A4,2\n Q5,3\n TT,4\n")

    assert reading.make == "Audi" and refusals(reading) == [None] * 4


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='",'), max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(*[cells] * 12), min_size=1, max_size=12))
def test_whatever_the_cells_hold_every_row_has_an_end(path: Path, lines: list[tuple[str, ...]]) -> None:
    head = "name,make,model,price,mileage,year,fuel,gear,hp,vin,id,description\n"

    reading = reading_of(path, head + "".join(",".join(line) + "\n" for line in lines))

    assert all(row.refusal or (row.car and row.car.make and row.car.model) for row in reading.rows)


@pytest.mark.parametrize("piece", ["9", "9 ", "a", "<p>", "€1 ", "http://a/", "-", "A4 ", ", ", "&amp;"])
def test_a_cell_of_a_hundred_thousand_characters_costs_little(path: Path, piece: str) -> None:
    cell = piece * (100_000 // len(piece))
    head = "name,make,model,price,mileage,year,fuel,vin,description,features,images\n"
    began = time.process_time()

    [row] = reading_of(path, head + ",".join([f'"{cell}"'] * 11) + "\n").rows

    assert time.process_time() - began < 5
    assert row.car is None or len(row.car.make + row.car.model) < 200
