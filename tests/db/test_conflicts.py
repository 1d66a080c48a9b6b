"""Real conflicts on a real PostgreSQL: deadlocks, write skew, a connection cut; each ends well, and once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from kroi.catalogue.models import Car
from kroi.db import statistics
from kroi.db.model import db, session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import before_commit, run_in_transaction, transaction
from tests.support.makers import make_car
from tests.support.postgres import plain

pytestmark = [pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session"), pytest.mark.slow]
Aside = Callable[[Callable[[], object]], object]


@pytest.fixture
def aside(app: Flask) -> Iterator[Aside]:
    """Runs something in a thread, as another request of the same dealership would; its result comes later."""
    mine = current_dealership_id()

    def run(work: Callable[[], object]) -> object:
        with app.app_context(), acting_for(mine):
            return work()

    with ThreadPoolExecutor(2) as threads:
        yield lambda work: threads.submit(run, work)


def price_of(car_id: int) -> int:
    return session.scalars(select(Car.price_cents).where(Car.id == car_id)).one()


def raise_price(car_id: int) -> None:
    session.execute(update(Car).where(Car.id == car_id).values(price_cents=Car.price_cents + 1))


def test_two_who_want_the_same_rows_in_another_order_both_get_them(aside: Aside) -> None:
    one, other = make_car(price_cents=100).id, make_car(price_cents=200).id
    session.commit()
    both_hold = threading.Barrier(2)
    met: set[int] = set()

    def change(first: int, second: int) -> None:
        raise_price(first)
        if first not in met:
            met.add(first)
            both_hold.wait(timeout=20)  # only the first time: then each holds what the other wants
        raise_price(second)

    pair = [
        aside(lambda: run_in_transaction(lambda: change(one, other))),
        aside(lambda: run_in_transaction(lambda: change(other, one))),
    ]
    for each in pair:
        each.result(timeout=30)  # type: ignore[attr-defined]  # a Future
    assert [price_of(one), price_of(other)] == [102, 202]
    assert statistics.counts().retried >= 1


def test_what_each_read_is_still_true_when_both_have_written(aside: Aside) -> None:
    """Each sets the price above the highest there is: serializable, they cannot both have seen the same highest."""
    one, other = make_car(price_cents=100).id, make_car(price_cents=100).id
    session.commit()
    both_read, met = threading.Barrier(2), set[int]()

    def lead(car_id: int) -> None:
        highest = session.scalar(select(func.max(Car.price_cents))) or 0
        if car_id not in met:
            met.add(car_id)
            both_read.wait(timeout=20)
        session.execute(update(Car).where(Car.id == car_id).values(price_cents=highest + 1))

    pair = [
        aside(lambda: run_in_transaction(lambda: lead(one), isolation="SERIALIZABLE")),
        aside(lambda: run_in_transaction(lambda: lead(other), isolation="SERIALIZABLE")),
    ]
    for each in pair:
        each.result(timeout=30)  # type: ignore[attr-defined]  # a Future
    assert sorted([price_of(one), price_of(other)]) == [101, 102]
    assert statistics.counts().retried == 1


def test_isolation_is_what_was_asked_for_and_only_there(app: Flask) -> None:
    def level() -> object:
        return session.scalar(text("SHOW transaction_isolation"))

    with transaction("REPEATABLE READ"):
        assert level() == "repeatable read"
    with transaction("SERIALIZABLE"):
        assert level() == "serializable"
    with transaction():
        assert level() == "read committed"


def test_a_connection_that_is_cut_before_the_commit_costs_a_try_and_stores_once(app: Flask) -> None:
    tries = []

    def work() -> None:
        make_car(make="Once")
        tries.append(1)
        if len(tries) == 1:
            cut_me_off()
            session.scalar(select(func.count(Car.id)))

    run_in_transaction(work)
    assert len(tries) == 2
    assert session.scalar(select(func.count(Car.id)).where(Car.make == "Once")) == 1


def test_a_connection_that_is_cut_when_it_commits_is_not_tried_again(app: Flask) -> None:
    tries = []

    def work() -> None:
        make_car(make="Once")
        tries.append(1)
        session.flush()
        before_commit(cut_me_off)  # after all that is written last

    with pytest.raises(OperationalError):
        run_in_transaction(work)
    assert len(tries) == 1
    assert statistics.counts().unknown == 1
    assert session.scalar(select(func.count(Car.id))) in (0, 1), "nobody can say, and nobody guesses"


def cut_me_off() -> None:
    number = session.scalar(text("SELECT pg_backend_pid()"))
    address = plain(db.engine.url.render_as_string(hide_password=False))
    with psycopg.connect(address, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [number]).fetchone() == (True,)


def test_a_connection_that_was_cut_while_we_read_is_replaced_when_we_write(app: Flask) -> None:
    car_id = make_car(price_cents=100).id
    assert price_of(car_id) == 100
    cut_me_off()
    run_in_transaction(lambda: raise_price(car_id))
    assert price_of(car_id) == 101
