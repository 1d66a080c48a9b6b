"""Pages by key: each car once, in order, both ways, also when many share a value."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kroi.catalogue.index import building
from kroi.catalogue.index import service as indexes
from kroi.catalogue.index.keeping import Kept
from kroi.catalogue.index.service import Index
from kroi.catalogue.listing import queries as listing
from kroi.catalogue.listing.queries import Page
from kroi.catalogue.rules import ON_SALE, CarStatus
from kroi.catalogue.rules.addresses import Asked
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import CarFilter, Choice, Sort
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.catalogue import brute
from tests.support.makers import make_car

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 3)


@pytest.mark.parametrize("by", ["database", "index"])
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(brute.cars, min_size=1, max_size=25), wanted=st.sampled_from(["", "reserved", "awd"]))
def test_pages_visit_each_car_once_in_order_both_ways(
    app: Flask, monkeypatch: pytest.MonkeyPatch, by: str, drawn: list[Any], wanted: str
) -> None:
    asked = {
        "": CarFilter(),
        "reserved": CarFilter(status=Choice(("reserved",))),
        "awd": CarFilter(drive=Choice(none_of=("awd",))),
    }[wanted]
    with transaction():
        cars = brute.stock(drawn)
        made = building.build_small(100)
        assert made
        index = Index(Kept(*made)) if by == "index" else None
        monkeypatch.setattr(indexes, "current", lambda: index)
        matching = [car for car in cars if brute.fits(car, asked, cars)]
        for sort in Sort:
            expected = [car.id for car in brute.ordered(matching, sort)]
            pages = _forwards(asked, sort, limit=len(cars) + 2)
            assert _ids(pages) == expected, sort
            assert _ids(_backwards(asked, sort, pages[-1], limit=len(cars) + 2)) == expected, sort
        session.rollback()


def _forwards(wanted: CarFilter, sort: Sort, limit: int) -> list[Page]:
    pages = [listing.browse(Asked(wanted, sort))]
    while pages[-1].next and len(pages) < limit:
        pages.append(listing.browse(Asked(wanted, sort, pages[-1].next)))
        assert pages[-1].first == pages[-2].last + 1
        assert listing.browse(Asked(wanted, sort, pages[-1].here)) == pages[-1]
    return pages


def _backwards(wanted: CarFilter, sort: Sort, last: Page, limit: int) -> list[Page]:
    """From the last page to the first. Going back keeps to the same pages, since the list did not change."""
    pages = [last]
    while pages[0].previous and len(pages) < limit:
        pages.insert(0, listing.browse(Asked(wanted, sort, pages[0].previous)))
        assert pages[0].last == pages[1].first - 1
        again = listing.browse(Asked(wanted, sort, pages[0].here))
        assert again.cards == pages[0].cards and again.first == pages[0].first
    return pages


def _ids(pages: list[Page]) -> list[int]:
    return [card.id for page in pages for card in page.cards]


def test_price_on_request_comes_last_in_both_price_orders(app: Flask) -> None:
    on_request, cheap, dear = (make_car(price_cents=cents).id for cents in (0, 100_00, 900_00))
    for sort, expected in ((Sort.CHEAPEST, [cheap, dear, on_request]), (Sort.DEAREST, [dear, cheap, on_request])):
        assert _ids([listing.browse(Asked(sort=sort))]) == expected


def test_an_old_page_number_still_leads_somewhere(app: Flask) -> None:
    cars = [make_car(price_cents=cents * 100_00).id for cents in range(1, 9)]
    second = listing.browse(Asked(sort=Sort.CHEAPEST, page=2))
    assert (_ids([second]), second.first, second.last) == (cars[3:6], 4, 6)
    assert listing.browse(Asked(sort=Sort.CHEAPEST, after=second.here)).cards == second.cards
    assert _ids([listing.browse(Asked(sort=Sort.CHEAPEST, page=100_000))]) == cars[6:]


def test_a_cursor_beyond_the_end_shows_the_last_page(app: Flask) -> None:
    cars = [make_car(price_cents=cents * 100_00).id for cents in range(1, 6)]
    after = Cursor(Sort.CHEAPEST, 10**18, 1)
    assert _ids([listing.browse(Asked(sort=Sort.CHEAPEST, after=after))]) == cars[3:]


def test_cars_that_went_meanwhile_do_not_break_the_walk(app: Flask) -> None:
    cars = [make_car(price_cents=cents * 100_00) for cents in range(1, 9)]
    first = listing.browse(Asked(sort=Sort.CHEAPEST))
    with transaction():
        cars[2].status = CarStatus.SOLD  # the car that the cursor names
        cars[0].status = CarStatus.SOLD
    second = listing.browse(Asked(sort=Sort.CHEAPEST, after=first.next))
    assert _ids([second]) == [car.id for car in cars[3:6]]
    assert second.first == 2 and second.total == 6


def test_only_cars_on_sale_are_listed(app: Flask) -> None:
    for status in ("draft", "sold", "delivered", "withdrawn"):
        make_car(status=status)
    kept = {make_car(status=status).id for status in ON_SALE}
    assert set(_ids([listing.browse(Asked())])) == kept
