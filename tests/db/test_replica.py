"""Reads that may be late come from a real streaming replica, and from the primary when it lags, dies or turns away."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from kroi.accounts.models import User
from kroi.catalogue.changes import watch
from kroi.catalogue.models import Car
from kroi.db import replica, statistics
from kroi.db.model import db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support import databases
from tests.support.client import Client, visitor
from tests.support.makers import make_car
from tests.support.postgres import Postgres
from tests.support.replica import Replica

pytestmark = [pytest.mark.server, pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")]


@pytest.fixture(scope="module")
def follower(postgres: Postgres) -> Iterator[Replica]:
    found = Replica(postgres)
    found.start()
    yield found
    found.remove()


@pytest.fixture
def copied(app: Flask, follower: Replica) -> Iterator[Flask]:
    """The application with a replica that has caught up, and acting for nobody yet."""
    make_car(slug="volvo", make="Volvo")
    with transaction():
        pass
    session.commit()
    settings = app.extensions["kroi.settings"]
    name = db.engine.url.database
    assert name
    made = create_app(replace(settings, replica_url=follower.url(name)))
    made.test_client_class = Client
    follower.catch_up()
    statistics.forget_everything()
    yield made
    databases.dispose(made)


def read_there() -> int:
    return statistics.counts().replica_reads


def seen_by(copied: Flask, look: Callable[[], object]) -> object:
    with copied.app_context():
        return replica.read(look)


def where() -> object:
    return session.scalar(text("SELECT pg_is_in_recovery()"))


def look_again(copied: Flask) -> None:
    """As if some time had passed since the replica was last looked at."""
    copied.extensions["kroi.replica"]._look_at = 0.0


def asked_again(copied: Flask) -> object:
    look_again(copied)
    return seen_by(copied, where)


def asked_again_soon(copied: Flask) -> bool:
    """The primary may be busy with housekeeping of its own, and the replica a moment behind."""
    until = time.monotonic() + 20
    while not asked_again(copied):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_pages_of_the_shop_come_from_the_replica(copied: Flask) -> None:
    client = visitor(copied)
    for path in ("/cars/volvo", "/", "/cars/", "/sitemap.xml", "/api/v1/cars", "/api/v1/cars/volvo"):
        assert client.get(path).status_code == 200
    assert read_there() >= 5
    assert statistics.counts().replica_refused == 0


def test_reports_come_from_the_replica(
    copied: Flask, olga: User, signed_in: Callable[[User], Client], follower: Replica
) -> None:
    secret = signed_in(olga).get_cookie("kroi", domain="a.test")
    assert secret
    follower.catch_up()
    client = visitor(copied)
    client.set_cookie("kroi", secret.value, domain="a.test")
    for path in ("", "sales", "stock", "speed"):
        assert client.get(f"/staff/reports/{path}").status_code == 200
    assert read_there() == 4


def test_a_change_that_the_replica_does_not_know_yet_shows_all_the_same(copied: Flask, follower: Replica) -> None:
    client = visitor(copied)
    follower.pause()
    try:
        with transaction():
            session.query(Car).filter_by(slug="volvo").one().price_cents = 1_234_500
        watch.forget_everything()
        copied.extensions["kroi.pages"].forget_everything()
        assert "12345" in re.sub(r"\D", "", client.get("/cars/volvo").text)
        assert statistics.counts().replica_refused >= 1
        assert read_there() == 0
    finally:
        follower.go_on()


def test_what_is_read_after_a_write_is_read_where_it_was_written(copied: Flask) -> None:
    with copied.app_context():
        assert replica.read(where) is True
        session.rollback()
        with transaction():
            session.execute(text("SELECT 1"))
        assert replica.read(where) is False


def test_only_what_is_passed_to_it_is_read_there(copied: Flask) -> None:
    with copied.app_context():
        assert where() is False
        assert replica.read(where) is True
        assert where() is False

        def both() -> tuple[object, object]:
            with replica.on_primary():
                here = where()
            return here, where()

        assert replica.read(both) == (False, True)


def test_nothing_is_written_in_such_a_read(copied: Flask) -> None:
    def write() -> None:
        with transaction():
            pass

    with copied.app_context(), pytest.raises(RuntimeError, match="writes nothing"):
        replica.read(write)


def test_row_security_holds_on_the_replica_too(copied: Flask, there: Dealership) -> None:
    def count() -> object:
        return session.scalar(text("SELECT count(*) FROM cars"))

    assert seen_by(copied, count) == 1, "the test acts for A, whose car it is"
    with copied.app_context(), acting_for(there.id):
        assert replica.read(count) == 0


def test_a_replica_that_lags_is_not_asked_and_is_asked_again_when_it_has_caught_up(
    copied: Flask, follower: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seen_by(copied, where) is True
    follower.pause()
    try:
        make_car()
        with transaction():
            pass
        monkeypatch.setattr(replica, "LATEST", 0.0)
        for _look in range(2):
            look_again(copied)
            seen_by(copied, where)
        assert seen_by(copied, where) is False
        behind = copied.extensions["kroi.replica"].behind()
        assert behind is None or behind > 0
    finally:
        follower.go_on()
    assert asked_again_soon(copied)


def test_a_replica_that_dies_costs_nothing_but_is_left_alone_until_it_is_back(copied: Flask, follower: Replica) -> None:
    client = visitor(copied)
    assert seen_by(copied, where) is True
    follower.stop()
    try:
        assert seen_by(copied, where) is False, "in the middle of its time it is found out and read anew"
        assert client.get("/cars/volvo").status_code == 200
        assert copied.extensions["kroi.replica"].behind() is None
    finally:
        follower.resume()
    follower.catch_up()
    assert asked_again_soon(copied)


def figures(client: Client) -> dict[str, float]:
    """What `/metrics` says of the replica."""
    said = re.findall(r"^kroi_db_replica_(up|behind_seconds) (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return {name: float(number) for name, number in said}


def test_metrics_say_whether_it_keeps_up_and_how_far_it_is_behind(copied: Flask, follower: Replica) -> None:
    client = visitor(copied)
    found = figures(client)
    assert found["up"] == 1 and 0 <= found["behind_seconds"] <= replica.LATEST
    follower.stop()
    try:
        look_again(copied)
        assert figures(client) == {"up": 0}
    finally:
        follower.resume()
    follower.catch_up()


def test_while_one_request_waits_for_a_silent_replica_the_others_do_not(
    copied: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, over = threading.Event(), threading.Event()

    def silent(*_asked: object) -> None:
        waits.set()
        over.wait(60)
        raise OperationalError("silence", {}, Exception())

    look_again(copied)
    monkeypatch.setattr(replica, "_ask", silent)
    first = threading.Thread(target=seen_by, args=[copied, where])
    first.start()
    try:
        assert waits.wait(60)
        assert seen_by(copied, where) is False
        assert first.is_alive(), "it still waits, and the other one has its answer"
    finally:
        over.set()
        first.join()


def test_one_that_became_a_server_of_its_own_is_not_asked(copied: Flask, postgres: Postgres) -> None:
    other = Replica(postgres)
    other.start()
    try:
        name = db.engine.url.database
        assert name
        made = create_app(replace(copied.extensions["kroi.settings"], replica_url=other.url(name)))
        other.catch_up()
        assert asked_again_soon(made), "it is asked before"
        other.promote()
        assert asked_again(made) is False
        databases.dispose(made)
    finally:
        other.remove()


def test_without_a_replica_everything_is_as_before(app: Flask) -> None:
    assert replica.find() is None
    assert figures(visitor(app)) == {}
    assert replica.read(where) is False
    assert statistics.counts().replica_refused == 0
