"""A sale, and a move, show everywhere within a second: two real server processes that share only the database."""

import time
import urllib.request

import pytest

from kroi.catalogue.changes import watch
from kroi.catalogue.index.keeping import keeper
from kroi.catalogue.models import Car
from kroi.catalogue.places import service as places
from kroi.catalogue.rules import CarStatus
from kroi.core import events
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships, acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.events import ProfileChanged
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support.databases import dispose, settings_for
from tests.support.machines import MakeServer
from tests.support.makers import make_car
from tests.support.server import Server

PLACES = ("/cars/", "/cars/?make=saab", "/sitemap.xml", "/api/v1/cars")


@pytest.mark.server
def test_a_sale_and_a_move_in_one_process_show_in_others_within_a_second(make_server: MakeServer, engine: str) -> None:
    one = make_server(engine)
    other = make_server(engine, DATABASE_URL=one.database_url)
    app = create_app(settings_for(one.database_url, one.instance))
    watch.forget_everything()
    keeper.forget_everything()
    with app.app_context():
        with across_dealerships():
            mine = session.query(Dealership).one().id
        with acting_for(mine):
            stays = make_car(make="Audi", model="A4")
            sold = make_car(make="Saab", model="9-5", slug="saab-9-5-x")
            car_id = sold.id
            for server in (one, other):
                server.start()
                assert all("saab-9-5-x" in _page(server, place) for place in PLACES)
                assert "1–2 / 2 cars" in _page(server, "/cars/")
            with transaction():
                session.get_one(Car, car_id).status = CarStatus.SOLD
                dealerships.change_profile(mine, locations=[{"id": 1, "name": "Yard"}])
                places.move(stays.id, 1)
                events.publish(ProfileChanged())
            committed = time.monotonic()
        time.sleep(max(committed + 1 - time.monotonic(), 0))
        for server in (one, other):
            for place in PLACES:
                assert "/cars/saab-9-5-x" not in _page(server, place), place
            assert "1–1 / 1 car" in _page(server, "/cars/")
            assert 'value="yard"><span>Yard</span> <span class="count">1' in _page(server, "/cars/"), (
                "nor where it moved"
            )
            assert '"total":0' in _page(server, "/api/v1/cars?not_location=yard")
    dispose(app)
    watch.forget_everything()
    keeper.forget_everything()


def _page(server: Server, place: str) -> str:
    with urllib.request.urlopen(server.url + place, timeout=30) as response:
        return str(response.read().decode())
