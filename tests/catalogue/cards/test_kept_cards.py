"""A card in memory is as good as the facts it was made of, and says "new" no longer than it is."""

import pytest
import time_machine
from babel.numbers import format_currency, format_decimal
from flask import Flask

from kroi.catalogue.cards import kept, memory
from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.web import filters, place
from kroi.web.place import LANGUAGES, Place
from tests.support.makers import make_car
from tests.support.queries import counted_queries


def html(app: Flask, car: Car) -> str:
    """The card as a page would print it."""
    with app.test_request_context():
        (found,) = memory.list_cards([car.id])
        return str(kept.one(found))


def test_facts_are_read_once_and_again_after_a_change(app: Flask) -> None:
    car_id = make_car(model_year=2011).id
    memory.list_cards([car_id])
    with counted_queries() as queries:
        memory.list_cards([car_id])
    assert len(queries) <= 1  # a look at the catalogue's version
    with transaction():
        session.get_one(Car, car_id).model_year = 2012
    assert [card.model_year for card in memory.list_cards([car_id])] == [2012]


def test_another_price_makes_another_card(app: Flask) -> None:
    car = make_car(price_cents=15_000_00)
    assert "€15,000" in html(app, car)
    with transaction():
        session.get_one(Car, car.id).price_cents = 14_000_00
    assert "€14,000" in html(app, car) and "€15,000" not in html(app, car)


def test_a_card_is_new_for_a_week(app: Flask) -> None:
    with time_machine.travel("2026-11-02T10:00:00Z", tick=False) as now:
        car = make_car(listed_at=clock.now())
        assert "New today" in html(app, car)
        now.move_to("2026-11-03T10:00:00Z")
        assert "New today" not in html(app, car) and ">New<" in html(app, car)
        now.move_to("2026-11-09T10:00:01Z")
        assert ">New<" not in html(app, car)


def test_words_of_a_dealer_cannot_become_markup(app: Flask) -> None:
    car = make_car(make="<b>Audi", model="{{ 1 }} & \ue000name\ue001", trim='"><script>')
    found = html(app, car)
    assert "<b>" not in found and "<script>" not in found and "&lt;b&gt;Audi {{ 1 }} &amp;" in found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [0, 7, 999, 1_000, 12_345, 1_234_567, 9_876_543_210, -1_234])
def test_numbers_look_as_babel_writes_them(language: str, value: int) -> None:
    with place.speaking(Place(language=language, own=language)):
        assert filters.number(value) == format_decimal(value, locale=language)
        pattern = filters._whole_pattern(language)
        slow = format_currency(value, "EUR", pattern, locale=language, currency_digits=False)
        assert filters.euros(value * 100) == slow.replace(" ", filters.NO_BREAK)
