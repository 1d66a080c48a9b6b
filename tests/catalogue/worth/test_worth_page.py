"""What the car page says about its price, and that finding it out costs the same with any stock."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.worth import queries, service, shown
from kroi.catalogue.worth.rules import Listing
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries


def put_market(*prices: int, model: str = "A4", year: int | None = None) -> None:
    """Listings of the market, of 2018 to 2020 and with some km more than `make_car` makes."""
    told = enumerate(prices)
    with transaction():
        listings = [Listing("Audi", model, year or 2018 + at % 3, 121_000 + at, cents) for at, cents in told]
        service.put_listings(listings, "market.csv")


def _market_of_eight() -> Iterator[int]:
    return (cents * 100 for cents in range(14_000, 22_000, 1_000))


def test_the_page_says_where_the_price_lies_and_among_what(client: Client) -> None:
    put_market(*[17_500_00] * 4, year=2019)
    for km in (110_000, 115_000):
        make_car(price_cents=17_500_00, mileage_km=km, trim="35 TDI")
    page = client.get(f"/cars/{make_car(price_cents=15_900_00).slug}").text
    assert "The price among 6 comparable cars" in page
    assert "<strong>€1,700 below the middle price.</strong> The middle half costs from €17," in page
    assert "Compared: Audi A4, diesel, 2019, 110,000–121,003\xa0km." in page
    assert page.count('class="one"') == 6 and "this car" in page and 'class="band"' in page
    assert len(re.findall(r'<td><a href="/cars/audi-a4-\d+">2019, 11\d,000\xa0km, 35 TDI</a></td>', page)) == 2


@pytest.mark.parametrize(
    ("cents", "words"),
    [(15_900_00, "Right at the middle price."), (17_900_00, "€2,000 above the middle price.")],
)
def test_above_and_right_at_the_middle(client: Client, cents: int, words: str) -> None:
    put_market(*[15_900_00] * 8, year=2019)
    assert words in client.get(f"/cars/{make_car(price_cents=cents).slug}").text


@pytest.mark.parametrize(
    "values",
    [{"price_cents": 0}, {"model_year": None}, {"mileage_km": None}, {"status": "sold", "sold_at": clock.now()}],
)
def test_nothing_is_said_of_a_car_that_cannot_be_compared(client: Client, values: dict[str, object]) -> None:
    put_market(*_market_of_eight())
    car = make_car(**values)
    assert shown.block(car) is None and "comparable" not in client.get(f"/cars/{car.slug}").text


def test_five_comparables_are_too_few(client: Client) -> None:
    put_market(*list(_market_of_eight())[:5])
    assert shown.block(make_car()) is None


def test_sold_cars_of_the_last_year_count_and_lead_nowhere_once_their_page_is_over(app: Flask) -> None:
    for days in (10, 100, 200, 300, 330, 364, 400):
        make_car(status="sold", sold_at=clock.now() - timedelta(days=days), mileage_km=120_000 + days)
    block = shown.block(make_car())
    assert block and block.count == 6
    assert sum(bool(line.href) for line in block.lines) == 1


def test_another_model_and_another_dealership_are_never_compared(app: Flask, there: Dealership) -> None:
    put_market(*_market_of_eight(), model="A6")
    with acting_for(there.id):
        put_market(*_market_of_eight())
        for _ in range(8):
            make_car()
    assert shown.block(make_car()) is None


def test_the_walks_find_what_lies_around_the_car_first(app: Flask) -> None:
    with transaction():
        listings = [
            Listing("Audi", "A4", year, km, 15_000_00) for year in range(2014, 2025) for km in range(0, 300_000, 3_000)
        ]
        service.put_listings(listings, "all.csv")
    found = queries.find_worth(make_car())
    assert found and {each.kind.year for each in found.compared} == {2019}
    assert all(abs(each.kind.km - 120_000) <= 36_000 for each in found.compared)


def test_it_takes_one_statement_and_one_more_for_the_names_of_our_own(app: Flask) -> None:
    car = make_car()
    with counted_queries() as sent:
        shown.block(car)
    assert len(sent) == 1
    for at in range(30):
        make_car(mileage_km=120_100 + at)
    with counted_queries() as sent:
        assert shown.block(car)
    assert len(sent) == 2


def test_the_whole_car_page_takes_six_queries_at_most(client: Client) -> None:
    for at in range(8):
        make_car(mileage_km=120_100 + at)
    slug = make_car().slug
    client.get("/contact")
    with counted_queries() as sent:
        client.get(f"/cars/{slug}")
    assert len([each for each in sent if "catalogue_changes" not in each]) <= 6, "\n".join(sent)


def test_every_walk_is_along_an_index_and_ends_after_its_rows(app: Flask, engine: str) -> None:
    car = make_car()
    with counted_queries() as sent:
        queries.find_worth(car)
    assert sent[0].count("LIMIT") == 4
    if engine == "sqlite":
        plan = "\n".join(row.detail for row in session.execute(text("EXPLAIN QUERY PLAN " + _bound(sent[0]))))
        assert plan.count("COVERING INDEX ix_cars_compared") == 2
        assert plan.count("INDEX ix_market_listings_compared") == 2
        assert "SCAN cars" not in plan and "SCAN market_listings" not in plan and "TEMP B-TREE" not in plan


def _bound(statement: str) -> str:
    """The statement with a number for each of its parameters: a plan does not depend on them."""
    return re.sub(r"\?", "1", statement)


def test_a_change_of_a_comparable_car_is_a_change_of_the_page(app: Flask) -> None:
    others = [make_car(mileage_km=120_000 + at) for at in range(1, 8)]
    block = shown.block(make_car())
    assert block and set(block.car_ids) == {other.id for other in others}
    assert all(isinstance(other, Car) and other.status is CarStatus.AVAILABLE for other in others)
