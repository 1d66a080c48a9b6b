"""What changed is forgotten, and nothing else; without knowing, nothing is sent from memory."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from kroi.catalogue import service
from kroi.catalogue.changes import service as changes
from kroi.catalogue.changes import watch
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.web.pages.asking import memory, seen, text

pytestmark = pytest.mark.slow

LISTS = ("/", "/cars/", "/cars/?make=audi", "/sitemap.xml")


def sell(car_id: int) -> None:
    with transaction():
        car = session.get_one(Car, car_id)
        car.status, car.sold_at = CarStatus.SOLD, clock.now()


@pytest.mark.parametrize("path", LISTS)
def test_a_sold_car_is_gone_at_once(client: Client, path: str) -> None:
    sold, left = make_car(slug="audi-a4-1").id, make_car(slug="audi-a4-2")
    assert "audi-a4-1" in text(client, path) and left.slug in text(client, path)
    sell(sold)
    assert "audi-a4-1" not in text(client, path) and "audi-a4-2" in text(client, path)


def test_its_own_page_says_so_at_once(client: Client) -> None:
    car = make_car(slug="audi-a4-1")
    assert "This car" not in text(client, "/cars/audi-a4-1")
    sell(car.id)
    assert "This car was sold" in text(client, "/cars/audi-a4-1")


def test_only_pages_that_show_the_car_are_forgotten(client: Client, app: Flask) -> None:
    changed = make_car(slug="one", make="Fiat", body="van", price_cents=1_000_00)
    for number in range(60):
        make_car(slug=f"far-{number}", make="Audi", price_cents=50_000_00 + number)
    paths = ("/cars/one", "/cars/far-0", "/privacy", "/robots.txt", "/cars/")
    for path in paths:
        text(client, path)
    with transaction():
        changed.price_cents = 900_00
    kept = {}
    for path in paths:
        with seen(app) as figures:
            text(client, path)
        kept[path] = figures.hits
    assert kept == {"/cars/one": 0, "/cars/far-0": 1, "/privacy": 1, "/robots.txt": 1, "/cars/": 0}


def test_a_related_car_that_is_sold_leaves_the_page(client: Client) -> None:
    make_car(slug="audi-a4-1")
    related = make_car(slug="audi-a4-2").id
    assert "audi-a4-2" in text(client, "/cars/audi-a4-1")
    sell(related)
    assert "audi-a4-2" not in text(client, "/cars/audi-a4-1")


def test_another_dealerships_change_forgets_nothing_here(client: Client, app: Flask, there: Dealership) -> None:
    make_car()
    text(client, "/cars/")
    with acting_for(there.id):
        make_car()
    with seen(app) as figures:
        text(client, "/cars/")
    assert figures.hits == 1


def test_a_worker_looks_again_before_half_a_second_is_over(client: Client, app: Flask) -> None:
    make_car(slug="audi-a4-1")
    text(client, "/cars/")
    elsewhere = dict(watch._known)
    sell(session.query(Car).one().id)
    watch._known.update(elsewhere)  # as in a worker that did not write: it knows only what it looked up
    assert "audi-a4-1" in text(client, "/cars/")
    watch._known = {key: (version, at - watch.LOOKS_EVERY) for key, (version, at) in elsewhere.items()}
    assert watch.LOOKS_EVERY <= 0.5
    assert "audi-a4-1" not in text(client, "/cars/")


def test_what_another_room_looked_up_is_heard_here_too(client: Client, app: Flask) -> None:
    car = make_car(slug="audi-a4-1")
    text(client, "/cars/")
    elsewhere = dict(watch._known)
    sell(car.id)
    watch._known.update(elsewhere)  # as in a worker that did not write
    watch.look()  # somebody else's look: the pages have not moved on with it
    assert "audi-a4-1" not in text(client, "/cars/")


def test_changes_too_many_to_name_forget_everything(client: Client, app: Flask) -> None:
    text(client, "/privacy")
    with transaction():
        changes.note(range(changes.MOST_NAMED + 1))
    with seen(app) as figures:
        text(client, "/privacy")
    assert figures.forgotten == 1 and figures.hits == 0


def test_a_page_made_while_the_catalogue_changed_is_not_kept(
    client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_car()
    cache = memory(app)
    make = cache._app

    def slow(environ: dict[str, object], start: object) -> object:
        answer = list(make(environ, start))
        cache.shelves.move_on(dealerships.find_by_host("a.test").id, 99, frozenset())  # type: ignore[union-attr]
        return answer

    monkeypatch.setattr(cache, "_app", slow)
    text(client, "/cars/")
    assert cache.shelves.described()["pages"] == 0


def test_while_nobody_says_what_changed_the_app_answers(
    client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_car(slug="audi-a4-1")
    text(client, "/cars/")

    def away(*asked: object) -> None:
        raise OperationalError("select", {}, Exception("the database is away"))

    with monkeypatch.context() as patch:
        patch.setattr(memory(app)._news, "look", away)
        with seen(app) as figures:
            for _visit in range(2):
                watch.forget_everything()
                assert "audi-a4-1" in text(client, "/cars/")
        assert (figures.hits, figures.misses) == (0, 0)
    memory(app)._blind_until = 0.0
    with seen(app) as figures:
        text(client, "/cars/")
    assert figures.hits == 1


def test_a_changed_profile_shows_as_soon_as_it_is_read(client: Client, here: Dealership) -> None:
    assert "A Motors" in text(client, "/privacy")
    with transaction():
        session.get_one(Dealership, here.id).name = "Auto Aalto"
    dealerships.forget_map()
    watch.forget_everything()
    assert "Auto Aalto" in text(client, "/privacy")


def test_a_host_that_moves_house_shows_the_new_house(client: Client, here: Dealership, there: Dealership) -> None:
    here_id, there_id = here.id, there.id
    text(client, "/privacy")
    for dealership_id, host in ((here_id, "old.test"), (there_id, "a.test")):
        with acting_for(dealership_id), transaction():
            session.get_one(Dealership, dealership_id).host = host
    dealerships.forget_map()
    watch.forget_everything()
    assert "B Motors" in text(client, "/privacy")


def test_the_price_of_a_car_changes_on_its_page(client: Client) -> None:
    car = make_car(slug="audi-a4-1", price_cents=15_000_00)
    assert "15,000" in text(client, "/cars/audi-a4-1")
    with transaction():
        service.put_price(session.get_one(Car, car.id), 14_000_00)
    assert "14,000" in text(client, "/cars/audi-a4-1")
