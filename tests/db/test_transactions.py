"""All or nothing, in one place."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from kroi.catalogue.models import Car
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


def test_other_errors_are_not_tried_again() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise ValueError

    with pytest.raises(ValueError):
        run_in_transaction(work)
    assert len(tries) == 1
