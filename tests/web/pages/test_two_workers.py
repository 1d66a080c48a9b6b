"""Two real worker processes under load: a sale leaves the memory of both, and a killed Valkey costs nobody an error."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kroi.catalogue.changes import watch
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import across_dealerships, acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support.databases import dispose, settings_for
from tests.support.machines import MakeServer
from tests.support.makers import make_car
from tests.support.server import Server
from tests.support.valkey import Valkey

SOLD = "/cars/saab-9-5-x"
PLACES = ("/", "/cars/", "/cars/?make=saab", "/sitemap.xml", "/cars/audi-a4-x")
Answer = tuple[float, str, int, bool]  # when it was asked for, place, status, whether it shows the sold car


@contextmanager
def a_shop(server: Server) -> Iterator[int]:
    """Two cars at the server's dealership; the id of the one that will be sold."""
    app = create_app(settings_for(server.database_url, server.instance))
    watch.forget_everything()
    with app.app_context():
        with across_dealerships():
            mine = session.query(Dealership).one().id
        with acting_for(mine):
            make_car(slug="audi-a4-x")
            yield make_car(make="Saab", model="9-5", slug="saab-9-5-x").id
    dispose(app)
    watch.forget_everything()


def visit(server: Server, stop: threading.Event, answers: list[Answer]) -> None:
    """Ask for every place again and again; each time on a new connection, so that both processes get their share."""
    while not stop.is_set():
        for place in PLACES:
            at = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request("GET", place)
            answer = connection.getresponse()
            answers.append((at, place, answer.status, SOLD.encode() in answer.read()))
            connection.close()


@pytest.mark.server
def test_no_page_is_older_than_a_second_and_a_killed_valkey_costs_no_answer(
    make_server: MakeServer, engine: str
) -> None:
    valkey, stop, answers = Valkey(), threading.Event(), list[Answer]()
    valkey.start()
    server = make_server(engine, REDIS_URL=valkey.url)
    try:
        with a_shop(server) as car_id:
            server.start(processes=2)
            load = threading.Thread(target=visit, args=(server, stop, answers))
            load.start()
            time.sleep(1)
            valkey.kill()
            time.sleep(0.5)
            with transaction():
                car = session.get_one(Car, car_id)
                car.status, car.sold_at = CarStatus.SOLD, clock.now()
            committed = time.monotonic()
            time.sleep(1.5)
            valkey.start()
            time.sleep(0.5)
            stop.set()
            load.join()
    finally:
        valkey.remove()
    assert {status for _at, _place, status, _shown in answers} == {200}
    assert {place for at, place, _status, shown in answers if at < committed and shown} == set(PLACES)
    late = [(at - committed, place) for at, place, _status, shown in answers if at > committed + 1 and shown]
    assert late == [] and max(at for at, *_rest in answers) > committed + 1
