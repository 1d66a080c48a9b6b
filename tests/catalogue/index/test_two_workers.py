"""A sale shows everywhere within a second: two real server processes that share nothing but the database."""

import time
import urllib.request

import pytest

from kroi.catalogue.changes import watch
from kroi.catalogue.index.keeping import keeper
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships, acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support.databases import dispose, settings_for
from tests.support.machines import MakeServer
from tests.support.makers import make_car
from tests.support.server import Server

PLACES = ("/cars/", "/cars/?make=saab", "/sitemap.xml", "/api/v1/cars")


@pytest.mark.server
def test_a_sale_in_one_process_shows_in_the_others_within_a_second(make_server: MakeServer, engine: str) -> None:
    one = make_server(engine)
    other = make_server(engine, DATABASE_URL=one.database_url)
    app = create_app(settings_for(one.database_url, one.instance))
    watch.forget_everything()
    keeper.forget_everything()
    with app.app_context():
        with across_dealerships():
            mine = session.query(Dealership).one().id
        with acting_for(mine):
            make_car(make="Audi", model="A4")
            sold = make_car(make="Saab", model="9-5", slug="saab-9-5-x")
            car_id = sold.id
            for server in (one, other):
                server.start()
                assert all("saab-9-5-x" in _page(server, place) for place in PLACES)
                assert "1–2 / 2 cars" in _page(server, "/cars/")
            with transaction():
                session.get_one(Car, car_id).status = CarStatus.SOLD
            committed = time.monotonic()
        time.sleep(max(committed + 1 - time.monotonic(), 0))
        for server in (one, other):
            for place in PLACES:
                assert "/cars/saab-9-5-x" not in _page(server, place), place
            assert "1–1 / 1 car" in _page(server, "/cars/")
    dispose(app)
    watch.forget_everything()
    keeper.forget_everything()


def _page(server: Server, place: str) -> str:
    with urllib.request.urlopen(server.url + place, timeout=30) as response:
        return str(response.read().decode())
