"""All or nothing, in one place."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from kroi.catalogue.models import Car
from kroi.core.errors import Conflict
from kroi.db import statistics
from kroi.db.model import session
from kroi.db.transaction import after_commit, run_in_transaction, savepoint, transaction
from tests.support.makers import make_car

pytestmark = pytest.mark.usefixtures("app")


def cars() -> int:
    return session.scalar(select(func.count(Car.id))) or 0


def test_an_error_undoes_everything() -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        make_car()
        raise ZeroDivisionError
    assert cars() == 0


def test_transactions_do_not_nest() -> None:
    with transaction(), pytest.raises(RuntimeError, match="do not nest"), transaction():
        pass


def test_a_change_before_the_transaction_is_refused_rather_than_stored_by_accident() -> None:
    car = make_car()
    car.make = "Changed"
    with pytest.raises(RuntimeError, match="outside a transaction"), transaction():
        pass


def test_a_savepoint_fails_alone() -> None:
    with transaction():
        make_car(slug="same")
        with pytest.raises(IntegrityError), savepoint():
            make_car(slug="same")
    assert cars() == 1


def test_what_waits_for_the_commit_happens_after_it_and_not_when_it_is_undone() -> None:
    said: list[str] = []
    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(lambda: said.append("undone"))
        raise ZeroDivisionError
    with transaction():
        after_commit(lambda: said.append("stored"))
        assert said == []
    assert said == ["stored"]


class _Deadlock(Exception):
    sqlstate = "40P01"


def test_a_deadlock_is_tried_again() -> None:
    tries = []

    def work() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("x", {}, _Deadlock())
        make_car()
        return len(tries)

    assert run_in_transaction(work) == 3
    assert cars() == 1


def test_after_three_more_tries_it_is_enough() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("x", {}, _Deadlock())

    with pytest.raises(OperationalError):
        run_in_transaction(work)
    assert len(tries) == 4
    assert statistics.counts().retried == 3


class _Lost(Exception):
    """What a driver raises when the connection is gone: it has no state."""


def test_a_connection_lost_before_the_commit_is_tried_again() -> None:
    tries = []

    def work() -> int:
        tries.append(1)
        if len(tries) < 2:
            raise OperationalError("x", {}, _Lost(), connection_invalidated=True)
        make_car()
        return len(tries)

    assert run_in_transaction(work) == 2
    assert cars() == 1


def test_a_connection_lost_in_the_commit_is_never_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def lost(self: Session) -> None:
        raise OperationalError("COMMIT", {}, _Lost(), connection_invalidated=True)

    def work() -> None:
        tries.append(1)
        make_car()
        monkeypatch.setattr(Session, "commit", lost)

    with pytest.raises(OperationalError):
        run_in_transaction(work)
    assert len(tries) == 1
    assert (statistics.counts().unknown, statistics.counts().retried) == (1, 0)


def test_what_fails_after_the_commit_does_not_store_it_twice() -> None:
    tries = []

    def fail() -> None:
        raise OperationalError("x", {}, _Deadlock())

    def work() -> None:
        tries.append(1)
        make_car()
        after_commit(fail)

    with pytest.raises(OperationalError):
        run_in_transaction(work)
    assert (len(tries), cars()) == (1, 1)


def test_a_refusal_is_not_tried_again() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise Conflict("no")

    with pytest.raises(Conflict):
        run_in_transaction(work)
    assert len(tries) == 1


def test_other_errors_are_not_tried_again() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise ValueError

    with pytest.raises(ValueError):
        run_in_transaction(work)
    assert len(tries) == 1
