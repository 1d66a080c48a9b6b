"""What search engines read."""

import json
import re
from typing import Any

import pytest

from kroi.catalogue.rules import CarStatus
from tests.support.client import Client
from tests.support.makers import make_car


def _things(page: str) -> dict[str, Any]:
    found = re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)
    assert len(found) == 1
    return {thing["@type"]: thing for thing in json.loads(found[0])["@graph"]}


def test_a_car_is_described_in_kilometres_with_its_offer(client: Client) -> None:
    car = make_car(power_kw=150, drive="awd", colour="black", price_cents=15_900_00)
    things = _things(client.get(f"/cars/{car.slug}").text)
    described = things["Car"]
    assert described["mileageFromOdometer"] == {"@type": "QuantitativeValue", "value": 120_000, "unitCode": "KMT"}
    assert described["driveWheelConfiguration"] == "https://schema.org/AllWheelDriveConfiguration"
    assert described["offers"]["price"] == "15900" and described["offers"]["priceCurrency"] == "EUR"
    assert described["offers"]["availability"] == "https://schema.org/InStock"
    assert described["offers"]["seller"]["@id"] == things["AutoDealer"]["@id"]
    assert [step["name"] for step in things["BreadcrumbList"]["itemListElement"]] == ["Cars", "Audi", "A4"]
    assert "vehicleIdentificationNumber" not in described


@pytest.mark.parametrize(
    ("status", "availability"), [(CarStatus.RESERVED, "LimitedAvailability"), (CarStatus.SOLD, None)]
)
def test_availability_follows_the_status(client: Client, status: CarStatus, availability: str | None) -> None:
    from kroi.core import clock

    car = make_car(status=status, sold_at=clock.now() if status is CarStatus.SOLD else None)
    offer = _things(client.get(f"/cars/{car.slug}").text)["Car"].get("offers")
    assert (offer and offer["availability"].rsplit("/")[-1]) == availability


def test_a_description_cannot_end_the_script(client: Client) -> None:
    car = make_car(paragraphs=["</script><script>alert(1)</script> & <!-- <b>"], trim="</script>")
    page = client.get(f"/cars/{car.slug}").text
    assert "<script>alert" not in page
    assert _things(page)["Car"]["description"].startswith("</script><script>alert(1)")


def test_a_list_names_its_cars_by_their_place(client: Client) -> None:
    for number in range(26):
        make_car(model=f"A{number}")
    listed = _things(client.get("/cars/?page=2").text)["ItemList"]
    assert listed["numberOfItems"] == 26
    assert [item["position"] for item in listed["itemListElement"]] == [25, 26]


def test_robots_are_told_the_sitemap_and_what_to_leave_alone(client: Client) -> None:
    text = client.get("/robots.txt").text
    assert "Sitemap: http" in text and "Disallow: /staff/" in text


def test_the_front_page_describes_the_dealer(client: Client) -> None:
    make_car()
    dealer = _things(client.get("/").text)["AutoDealer"]
    assert dealer["name"] == "A Motors" and dealer["address"]["addressLocality"] == "Espoo"
    assert dealer["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification", "dayOfWeek": "Monday", "opens": "10:00", "closes": "18:00",
    }  # fmt: skip
