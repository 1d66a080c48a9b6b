"""The boxes beside the list: each choice in its place with its label, its mark and its count, whatever changes."""

import re

from kroi.catalogue.models import Car
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car

_BOX = re.compile(
    r'name="(?P<name>\w+)" value="(?P<value>[^"]+)"(?P<checked> checked)?>'
    r'<span>(?P<label>[^<]+)</span> <span class="count">(?P<count>[^<]+)<'
)


def _boxes(client: Client, query: str, name: str) -> list[tuple[str, str, bool]]:
    """Label, count and mark of a facet's boxes."""
    found = _BOX.finditer(client.get(f"/cars/?{query}").text)
    return [(box["label"], box["count"], bool(box["checked"])) for box in found if box["name"] == name]


def test_a_chosen_make_stands_in_its_place_also_when_its_last_car_is_sold(client: Client) -> None:
    make_car(make="Audi")
    sold = make_car(make="BMW")
    make_car(make="Citroën")
    assert _boxes(client, "make=bmw", "make") == [("Audi", "1", False), ("BMW", "1", True), ("Citroën", "1", False)]
    with transaction():
        session.get_one(Car, sold.id).status = "sold"  # type: ignore[assignment]
    assert _boxes(client, "make=bmw", "make") == [("Audi", "1", False), ("BMW", "0", True), ("Citroën", "1", False)]
    assert _boxes(client, "make=audi", "make") == [("Audi", "1", True), ("Citroën", "1", False)]


def test_a_make_that_is_called_something_else_says_so_at_once(client: Client) -> None:
    car = make_car(make="Vw")
    assert _boxes(client, "", "make") == [("Vw", "1", False)]
    with transaction():
        session.get_one(Car, car.id).make = "VW"
    assert _boxes(client, "", "make") == [("VW", "1", False)]


def test_models_of_one_make_stand_alone_and_of_several_beside_their_make(client: Client) -> None:
    for make, model in (("Volvo", "V60"), ("Audi", "A4"), ("Audi", "A1"), ("Seat", "Leon")):
        make_car(make=make, model=model)
    assert [label for label, *_rest in _boxes(client, "make=audi", "model")] == ["A1", "A4"]
    assert [label for label, *_rest in _boxes(client, "make=audi&make=volvo", "model")] == [
        *("Audi A1", "Audi A4", "Volvo V60")
    ]
    chosen = _boxes(client, "make=audi&model=v60", "model")
    assert chosen == [("A1", "1", False), ("A4", "1", False), ("V60", "0", True)]


def test_values_of_ours_stand_in_our_order_and_in_the_language_of_the_page(client: Client, here: Dealership) -> None:
    for fuel in ("electric", "petrol", "diesel"):
        make_car(fuel=fuel)
    assert [label for label, *_rest in _boxes(client, "", "fuel")] == ["Petrol", "Diesel", "Electric"]
    with transaction():
        dealerships.change_profile(here.id, languages=["en", "fi"])
    finnish = _BOX.finditer(client.get("/fi/cars/").text)
    assert [box["label"] for box in finnish if box["name"] == "fuel"] == ["Bensiini", "Diesel", "Sähkö"]
