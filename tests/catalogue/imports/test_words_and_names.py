"""Words of four languages, makes and models by any spelling, and what dealers type into names."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.imports.rules import makes, titles, words
from kroi.catalogue.rules import Body, CarStatus, Colour, Condition, Drive, Fuel, Transmission, Vat

READERS: dict[Callable[[str], object], dict[Any, str]] = {
    words.transmission: {
        Transmission.AUTOMATIC: "Automaatti; Automatic; Automatik; automat; Semi-Auto; DSG; Automaattivaihteisto",
        Transmission.MANUAL: "Manuaali; Manual; manuell; Schaltgetriebe; Manuell växellåda; Manuaalivaihteisto",
    },
    words.drive: {
        Drive.AWD: "Neliveto (AWD/4WD); 4x4; Allrad; fyrhjulsdrift; AllWheelDriveConfiguration; quattro",
        Drive.FWD: "Etuveto; FWD; Frontantrieb; Framhjulsdrift; front-wheel drive",
        Drive.RWD: "Takaveto; RWD; Heckantrieb; bakhjulsdrift; rear-wheel drive",
    },
    words.body: {
        Body.SUV: "Maastoauto SUV; SUV; Geländewagen; Katumaasturi",
        Body.SEDAN: "Porrasperä; Sedan; limousine; 4d Sedan; Saloon",
        Body.ESTATE: "Farmari; kombi; Estate; Station Wagon",
        Body.HATCHBACK: "Viistoperä; hatchback; kleinwagen; Halvkombi",
        Body.MPV: "Tila-auto; bus; Van/Kleinbus; MPV",
        Body.VAN: "van; Pakettiauto; Skåpbil; Kastenwagen",
        Body.CONVERTIBLE: "cabrio; Avoauto; Convertible",
        Body.PICKUP: "Pickup; Avolava; lava-auto",
    },
    words.fuel: {
        Fuel.PETROL: "Bensiini; Gasoline; benzin; Bensin; Petrol",
        Fuel.DIESEL: "Diesel; diesel",
        Fuel.HYBRID: "Electric/Gasoline; Electric/Diesel; Hybrid; Gasoline / Electric Hybrid; Bensiini/sähkö",
        Fuel.PLUG_IN_HYBRID: "Plug-in-Hybrid; Ladattava hybridi; Laddhybrid; PHEV",
        Fuel.MILD_HYBRID: "Mild-Hybrid Diesel; Kevythybridi; MHEV",
        Fuel.ELECTRIC: "Electric; elektro; Sähkö; El",
        Fuel.LPG: "LPG; Autogas; Petrol/LPG",
        Fuel.CNG: "CNG; Erdgas; natural gas; Maakaasu",
        Fuel.ETHANOL: "Ethanol; E85/Bensin",
        Fuel.OTHER: "Others; andere; Muu",
    },
    words.colour: {
        Colour.BLUE: "Sininen; dark blue; dunkelblau metallic; tummansininen; mörkblå; kona blue metallic",
        Colour.GREY: "Harmaa; gray; charcoal; Silver grey; Grau",
        Colour.WHITE: "off-white; Valkoinen; pearl white; Weiß; vit",
        Colour.BLACK: "Musta; shadow black; Schwarz",
    },
    words.status: {
        CarStatus.AVAILABLE: "available; in stock; Myynnissä; AVAILABLE; till salu",
        CarStatus.SOLD: "sold; Myyty; verkauft; Såld",
        CarStatus.RESERVED: "reserved; Varattu; reserviert",
    },
    words.condition: {
        Condition.USED: "Käytetty; Used kunto. Säännöllisesti huollettu.; gebraucht; Demonstration; Pre-registered",
        Condition.NEW: "New; Uusi; Neuwagen",
    },
    words.vat: {
        Vat.MARGIN: "Marginaaliverotettu; Differenzbesteuert; VMB",
        Vat.DEDUCTIBLE: "ALV-vähennyskelpoinen; MwSt. ausweisbar; VAT deductible",
    },
}


@pytest.mark.parametrize("reader", READERS, ids=lambda each: each.__name__)
def test_words_of_four_languages_mean_what_they_mean(reader: Callable[[str], object]) -> None:
    wrong = {
        text: found
        for meaning, line in READERS[reader].items()
        for text in line.split("; ")
        if (found := reader(text)) is not meaning
    }
    assert wrong == {}


def test_cells_that_say_nothing_are_known() -> None:
    blank = ["", "N/A", "-", "--", "-/- (Fuel)", "Select", "unknown", "no_color", "ei tiedossa", "k.A.", "?", "null"]

    assert [text for text in blank if not words.is_blank(text)] == []
    assert [text for text in ("0", "€", "Diesel", "Other") if words.is_blank(text)] == []


@given(st.text(max_size=60))
def test_no_word_breaks_a_reader(text: str) -> None:
    for reader in READERS:
        reader(text)


def test_aliases_are_one_make() -> None:
    joined = {
        "VW": "Volkswagen", "volkswagen": "Volkswagen", "Mercedes Benz": "Mercedes-Benz", "MB": "Mercedes-Benz",
        "mercedes_benz": "Mercedes-Benz", "Škoda": "Skoda", "Citroen": "Citroën", "alfa_romeo": "Alfa Romeo",
    }  # fmt: skip

    assert {text: makes.pretty_make(text) for text in joined} == joined


def test_makes_never_heard_of_keep_their_name_and_others_are_none() -> None:
    assert makes.pretty_make("zhidou") == "Zhidou"
    assert [makes.pretty_make(text) for text in ("Others", "sonstige_autos", "Andere", "muu", "-")] == [None] * 5


@pytest.mark.parametrize(
    ("make", "text", "name"),
    [
        ("Skoda", "SuperB", "Superb"), ("BMW", "3er", "3 Series"), ("BMW", "3-sarja", "3 Series"),
        ("BMW", "316", "316"), ("Mercedes-Benz", "c_klasse", "C-Class"), ("Mercedes-Benz", "E-luokka", "E-Class"),
        ("Mazda", "cx5", "CX-5"), ("Volkswagen", "t roc", "T-Roc"), ("Toyota", "RAV 4", "RAV4"),
        ("Ford", "f-150", "F-150"), ("Nissan", "xd", "XD"), ("Heartland", "big country", "Big Country"),
        ("Subaru", "OUTBACK", "Outback"), ("Ford", "f-950", "F-950"),
    ],
)  # fmt: skip
def test_models_by_any_spelling_are_one_model(make: str, text: str, name: str) -> None:
    assert makes.pretty_model(make, text) == name


def test_everybody_knows_who_builds_the_focus() -> None:
    assert makes.owner_of(" Focus") == "Ford"
    assert makes.owner_of("500") is None
    assert makes.only_maker({"A1": 5, "A3": 9, "Q5": 7, "TT": 1}) == "Audi"
    assert makes.only_maker({"A1": 5, "Golf": 5}) is None


def test_what_dealers_type_into_names_is_taken_apart() -> None:
    title = titles.read("Volkswagen Tiguan Allspace 2,0 TDI SCR 110 kW (150 hv) 19000€")

    assert title.price == "19000€"
    assert (title.power_kw, title.power_hp, title.displacement_ccm, title.fuel) == (110, 150, 2000, Fuel.DIESEL)
    assert titles.find_names(title, None) == ("Volkswagen", "Tiguan Allspace")
    assert titles.trim_of(title, "Volkswagen", "Tiguan Allspace", None) == "2.0 TDI SCR 110 kW (150 hv)"


def test_shouting_that_a_car_is_coming_becomes_a_flag() -> None:
    title = titles.read("BMW 518 G30 Sedan 518d A Business TULOSSA")

    assert title.arriving
    assert titles.trim_of(title, "BMW", "518", None) == "G30 Sedan 518d A Business"


@pytest.mark.parametrize(
    "typed",
    [
        "15 900 €", "20000€", "37 000 €", "€15,900", "12.900,- €", "12.900,-", "EUR 9.500", "Hinta: 8 900 €", "£7,995",
        "9500 eur", "5.000 € VB", "nyt 7 990 €",
    ],
)  # fmt: skip
def test_no_price_stays_in_a_name(typed: str) -> None:
    for raw in (f"Audi Q3 {typed}", f"{typed} Audi Q3", f"Audi Q3 {typed} quattro"):
        title = titles.read(raw)
        assert title.price is not None, raw
        assert titles.trim_of(title, "Audi", "Q3", None) in ("", "quattro"), raw


def test_numbers_that_are_no_prices_stay() -> None:
    for raw in ("Peugeot 3008 1.6 THP", "Audi A4 2.0 TDI 150", "Fiat 500 0.9 TwinAir", "BMW 520d 190 000 km"):
        assert titles.read(raw).price is None, raw


def test_the_price_without_a_sign_goes_too_when_it_is_the_price() -> None:
    title = titles.read("Audi A4 Avant 15900 quattro")

    assert titles.trim_of(title, "Audi", "A4", Decimal(15_900)) == "Avant quattro"


@pytest.mark.parametrize(
    ("raw", "make", "found"),
    [
        ("Golf_3_GT_1_8_l", None, ("Volkswagen", "Golf")),
        ("***VERKAUF_OPEL_ASTRA_G_MIT_TÜV***", None, ("Opel", "Astra")),
        ("Mercedes Benz E220 AMG Paketti", None, ("Mercedes-Benz", None)),
        ("Porsche_Porsche_968___Turbo_S_Optik", "Porsche", ("Porsche", "968")),
        ("Smart_smart_fortwo_coupe", None, ("Smart", "Fortwo")),
        ("2012 Honda Civic Hybrid-L", None, ("Honda", "Civic")),
        ("Gut_erhaltene_Alufelgen", None, (None, None)),
        ("Blauer Kombi mit Seat", None, (None, None)),
    ],
)
def test_makes_and_models_are_found_in_names(raw: str, make: str | None, found: tuple[str | None, str | None]) -> None:
    assert titles.find_names(titles.read(raw), make) == found


def test_somebody_who_looks_for_a_car_offers_none() -> None:
    assert titles.read("Suche_Opel_Astra_F").wanted
    assert not titles.read("Opel Astra, suche Nachfolger").wanted


def test_shouted_words_are_calmed_and_abbreviations_stay() -> None:
    assert titles.calmed("SEHR GEPFLEGT mit TÜV und GTI") == "SEHR Gepflegt mit TÜV und GTI"


@given(st.text(max_size=120))
def test_no_name_breaks_the_reader_and_no_price_survives(raw: str) -> None:
    title = titles.read(raw)
    make, model = titles.find_names(title, None)

    assert len(titles.trim_of(title, make or "Audi", model or "A4", None)) <= titles.MOST_TRIM


@pytest.mark.parametrize("piece", ["1 ", "1.", "€1 ", "BMW ", "_", "(", "12.345 ", "*!", "a-", "1,5 l "])
def test_a_name_of_a_hundred_thousand_characters_is_read_in_time(piece: str) -> None:
    began = time.process_time()

    title = titles.read(piece * (100_000 // len(piece)))
    titles.find_names(title, None)
    titles.trim_of(title, "BMW", "X5", None)

    assert time.process_time() - began < 2
