"""Which column holds what: guessed from headers and cells, overruled by what somebody says."""

from decimal import Decimal

import pytest

from kroi.catalogue.imports.rules import Mapping, separated
from kroi.catalogue.imports.rules.columns import Understood, understand
from kroi.catalogue.imports.rules.fields import Field, by_header, header_unit
from kroi.catalogue.imports.rules.mapping import Column, as_words, from_words, read_mapping
from kroi.core.errors import Invalid


def understood(text: str, mapping: Mapping | None = None) -> Understood:
    return understand(separated.read(text), mapping or Mapping())


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ("make; brand; Merkki; Märke; Marke; Hersteller; car_make; vehicle.make", Field.MAKE),
        ("model; Malli; Modell; modelName", Field.MODEL),
        ("price; Hinta (EUR); Pris; Preis; askingPrice; price.amount; priceEur; Myyntihinta €; price (2)", Field.PRICE),
        ("Purchase Price; hankintahinta; EK-Preis; purchase.price; Inköpspris", Field.COST),
        ("msrp; oldPrice; Neupreis; OVH", Field.STRUCK_PRICE),
        (
            "mileage; odometer; km; kmNumber; Ajokilometrit; Miltal; Kilometerstand; mileage2; mileage.value",
            Field.MILEAGE,
        ),
        ("mileage.unit; odometer_units", Field.MILEAGE_UNIT),
        ("year; yearOfRegistration; Vuosimalli; Årsmodell; Baujahr; model_year", Field.YEAR),
        ("First registration; Erstzulassung; EZ; Käyttöönottopäivä; Datum i trafik", Field.FIRST_REGISTRATION),
        ("gear; gearbox; Vaihteisto; Växellåda; Getriebe; transmissionType", Field.TRANSMISSION),
        ("hp; powerPS; Teho (kW); Effekt; Leistung; enginePower", Field.POWER),
        ("engine size; engineSize2; Iskutilavuus; Hubraum; Slagvolym", Field.DISPLACEMENT),
        ("vehicleType; body_style; Kori; Karosserie; Kaross; Tyyppi", Field.BODY),
        ("drive_wheel_configuration; Vetotapa; Drivning; Antrieb", Field.DRIVE),
        ("VIN; Chassis number; Valmistenumero; Fahrgestellnummer; FIN", Field.VIN),
        ("Reg. no; Rekisterinumero; Kennzeichen; Regnr", Field.PLATE),
        ("stock_number; Stock No.; Varastonumero; Lagernummer", Field.STOCK_NUMBER),
        ("color; exterior_color; Väri; Färg; Farbe", Field.COLOUR),
        ("doors; Ovet; Türen; Antal dörrar; nrOfDoors", Field.DOORS),
        ("CO2 (g/km); co2_emissions", Field.CO2),
    ],
    ids=str,
)
def test_headers_of_four_languages_are_understood(headers: str, field: Field) -> None:
    wrong = {text: found for text in headers.split("; ") if (found := (by_header(text) or (None,))[0]) is not field}

    assert wrong == {}


@pytest.mark.parametrize(
    "header", ["wholesalePrice", "dealer_phone", "postalCode", "abtest", "tax(£)", "mpg", "column 1"]
)
def test_headers_that_mean_nothing_here_are_left_alone(header: str) -> None:
    assert by_header(header) is None


def test_units_in_headers_are_heard() -> None:
    assert [header_unit(text) for text in ("powerPS", "Teho (kW)", "Hinta (€)", "price_usd", "mileage")] == [
        "ps", "kw", "eur", "usd", "",
    ]  # fmt: skip


def test_a_header_that_its_cells_contradict_is_not_believed() -> None:
    found = understood("make,model,condition,fuel\nAudi,A4,10 days left,2.0\nVW,Golf,Listing Expired,1.6\n")

    assert Field.CONDITION not in found.sources and Field.FUEL not in found.sources
    assert found.unused == ("condition", "fuel")


def test_cells_alone_tell_what_an_unheard_of_header_holds() -> None:
    text = "aaa,bbb,ccc,ddd,eee\nAudi,A4,15 900 €,120 000 km,Diesel\nVW,Golf,9 900 €,80 000 km,Bensiini\n"

    found = {field.value: sources[0].column for field, sources in understood(text).sources.items()}

    assert found == {"make": "aaa", "price": "ccc", "mileage": "ddd", "fuel": "eee"}


def test_a_mapping_overrules_the_guess() -> None:
    mapping = from_words(
        {"columns": {"model": "ignore", "type": "model", "sum": {"field": "price", "currency": "SEK"}}}
    )

    found = understood("make,model,type,sum\nAudi,x,A4,1000\n", mapping)

    assert [source.column for source in found.sources[Field.MODEL]] == ["type"]
    assert found.sources[Field.PRICE][0].said_currency == "SEK"
    assert found.unused == ("model",)


def test_a_mapping_is_read_from_toml_and_json_and_written_back() -> None:
    toml = """
    currency = "eur"
    distance = "mi"
    [columns]
    "Hinta" = "price"
    "turha" = "ignore"
    [constants]
    make = "Ford"
    [values.transmission]
    "Täysautomaatti" = "automatic"
    [rates]
    GBP = "1.17"
    """
    mapping = read_mapping(toml)

    assert mapping.currency == "EUR" and mapping.rates == {"GBP": Decimal("1.17")}
    assert mapping.columns == {"Hinta": Column(Field.PRICE), "turha": Column(None)}
    assert mapping.values == {Field.TRANSMISSION: {"taysautomaatti": "automatic"}}
    assert from_words(as_words(mapping)) == mapping
    assert read_mapping('{"constants": {"make": "Ford"}}').constants == {Field.MAKE: "Ford"}


def test_everything_wrong_with_a_mapping_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        from_words({"columns": {"a": "colur"}, "rates": {"XXX": 1, "GBP": 0}, "distance": "yd", "separator": ",,"})

    for word in ("'colur'", "'XXX'", "GBP", "distance", "separator"):
        assert word in refused.value.sentence


@pytest.mark.parametrize("text", ["make = ", "{", "[1]", "colums = {}", "columns = 7", "\x00"])
def test_what_is_no_mapping_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid):
        read_mapping(text)
