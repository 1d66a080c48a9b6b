"""What may stand struck beside a price, and the ledger that says so."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from kroi.catalogue import service
from kroi.catalogue.models import Car, PriceChange
from kroi.catalogue.rules import prices
from kroi.catalogue.rules.facts import Facts
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.support.makers import make_car

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


LONG_AGO = days_ago(200)


@pytest.mark.parametrize(
    ("history", "new", "struck"),
    [
        ([(days_ago(100), 26_400)], 24_850, 26_400),
        ([(days_ago(100), 26_400), (days_ago(10), 25_500)], 24_850, 25_500),
        ([(days_ago(100), 26_400), (days_ago(31), 22_000), (days_ago(30.5), 26_400)], 24_850, 26_400),
        ([(days_ago(100), 26_400), (days_ago(29), 22_000), (days_ago(20), 26_400)], 24_850, None),
        ([(days_ago(100), 22_000), (days_ago(29), 26_400)], 24_850, None),
        ([(days_ago(100), 24_850)], 24_850, None),
        ([(days_ago(100), 20_000)], 24_850, None),
        ([(days_ago(100), 0)], 24_850, None),
        ([(days_ago(100), 0), (days_ago(5), 26_400)], 24_850, 26_400),
        ([(days_ago(100), 26_400)], 0, None),
        ([], 24_850, None),
    ],
    ids=[
        "a plain reduction",
        "reduced before: the lowest of 30 days",
        "what was over 30 days ago does not count",
        "dearer for a while so that the cut looks large",
        "cheaper until 29 days ago",
        "the same price",
        "an increase",
        "from on request to a price",
        "on request was no price",
        "to on request",
        "no history",
    ],
)
def test_the_struck_price_is_the_lowest_of_thirty_days(
    history: list[prices.Step], new: int, struck: int | None
) -> None:
    assert prices.struck_price(history, new, NOW, LONG_AGO) == struck


def test_what_a_draft_cost_is_nobodys_earlier_price() -> None:
    history = [(days_ago(20), 40_000), (days_ago(6), 26_400)]
    assert prices.struck_price(history, 24_850, NOW, days_ago(5)) == 26_400
    assert prices.struck_price(history, 24_850, NOW, None) is None


def test_prices_within_a_window_include_the_one_it_began_with() -> None:
    history = [(days_ago(50), 1), (days_ago(40), 2), (days_ago(20), 3), (days_ago(0), 4)]
    assert prices.prices_within(history, days_ago(30), NOW) == [2, 3]


@pytest.mark.parametrize(
    ("struck", "days", "price", "shown"),
    [(20, 0, 10, 20), (20, 59, 10, 20), (20, 60, 10, None), (20, 0, 20, None), (20, 0, 0, None), (None, 0, 10, None)],
)
def test_a_reduction_is_news_for_sixty_days(struck: int | None, days: int, price: int, shown: int | None) -> None:
    until = prices.struck_until(struck, days_ago(days))
    assert prices.shown_struck(struck, until, price, NOW) == shown


def test_the_ledger_begins_with_the_first_price(app: Flask) -> None:
    with transaction():
        car = service.add(Facts(make="Audi", model="A4"), 12_000_00)
    assert [each.price_cents for each in session.query(PriceChange).filter_by(car_id=car.id)] == [12_000_00]


def test_every_price_is_kept_and_the_struck_one_follows(app: Flask) -> None:
    car = make_car(price_cents=26_400_00, listed_at=datetime(2026, 1, 1, tzinfo=UTC))
    for price, struck in ((24_850_00, 26_400_00), (24_000_00, 24_850_00), (25_000_00, None), (0, None)):
        with transaction():
            service.put_price(car, price)
        assert (car.price_cents, car.struck_cents) == (price, struck)
    ledger = [each.price_cents for each in session.query(PriceChange).filter_by(car_id=car.id).order_by(PriceChange.id)]
    assert ledger == [26_400_00, 24_850_00, 24_000_00, 25_000_00, 0]


def test_the_same_price_again_is_no_change(app: Flask) -> None:
    car = make_car(price_cents=26_400_00)
    with transaction():
        service.put_price(car, 26_400_00)
    assert session.query(PriceChange).count() == 1


@pytest.mark.parametrize("absurd", [-1, 10**11])
def test_absurd_prices_are_refused(app: Flask, absurd: int) -> None:
    car = make_car()
    with pytest.raises(Invalid), transaction():
        service.put_price(car, absurd)


def test_the_ledger_is_only_added_to(app: Flask) -> None:
    car = make_car()
    with pytest.raises(DBAPIError), transaction():
        session.query(PriceChange).filter_by(car_id=car.id).update({"price_cents": 1})
    with pytest.raises(DBAPIError), transaction():
        session.query(PriceChange).filter_by(car_id=car.id).delete()
    assert session.get(Car, car.id) is not None
