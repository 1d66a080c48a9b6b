"""How the tests use the editor."""

import re
from collections.abc import Mapping

from werkzeug.test import TestResponse

from kroi.catalogue.models import Car
from tests.support.client import Client

FORM = {
    "make": "Audi",
    "model": "A6 Avant",
    "trim": "40 TDI quattro",
    "model_year": "2019",
    "mileage_km": "192 000",
    "vin": "wauzzzf2xkn012345",
    "plate": "abc-123",
    "price": "24,850",
    "vat": "margin",
    "cost_cents": "21 200,50",
    "body": "estate",
    "fuel": "diesel",
    "transmission": "automatic",
    "drive": "awd",
    "colour": "black",
    "condition": "used",
    "power_kw": "150",
    "displacement_ccm": "1 968",
    "consumption_dl_100km": "5,4",
    "co2_g_km": "142",
    "doors": "5",
    "seats": "5",
    "owners": "1",
    "first_registration": "2019-03-01",
    "acquired_on": "2026-09-30",
    "category": "Family",
    "featured": "y",
    "arriving": "y",
    "arriving_on": "2026-12-01",
    "features": "Heated seats\r\n\r\nTow bar\r\n",
    "paragraphs": "One owner.\r\nFull history.\r\n\r\nNew tyres.",
    "specifications": "Boot: 565 l\nTowing: 2,000 kg",
}


def seen(client: Client, car: Car) -> str:
    """What the form says of how the car stood when it was opened."""
    found = re.search(r'name="seen"[^>]*value="(\w+)"', client.get(f"/staff/cars/{car.id}").text)
    assert found is not None
    return found[1]


def save(client: Client, car: Car, changes: Mapping[str, str] | None = None) -> TestResponse:
    """The whole form, with these changes, from an editor opened just now."""
    return client.post(f"/staff/cars/{car.id}", data=FORM | {"seen": seen(client, car)} | dict(changes or {}))
