"""The shared cache: answers are kept where all workers see them, and a dead Valkey costs time, never an error."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kroi import cache
from kroi.cache import cached, forget
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support import databases
from tests.support.client import Client
from tests.support.valkey import Valkey

pytestmark = pytest.mark.slow

asked: list[int] = []


@cached("numbers", seconds=60)
def twice(number: int) -> int:
    """A query that notes when it is really made."""
    asked.append(number)
    return number * 2


@pytest.fixture
def server() -> Iterator[Valkey]:
    found = Valkey()
    found.start()
    yield found
    found.remove()


@pytest.fixture
def shelved(app: Flask, here: Dealership, server: Valkey, tmp_path: Path) -> Iterator[Flask]:
    """The application with a Valkey of its own."""
    dealership_id = here.id
    made = create_app(replace(app.extensions["kroi.settings"], redis_url=server.url, instance=tmp_path))
    made.test_client_class = Client
    with made.app_context(), acting_for(dealership_id):
        asked.clear()
        yield made
    databases.dispose(made)


def rested() -> None:
    cache._state().rests_until = 0.0


def test_an_answer_is_kept_until_it_is_forgotten(shelved: Flask) -> None:
    assert [twice(2), twice(2), twice(3)] == [4, 4, 6] and asked == [2, 3]
    forget("numbers")
    assert twice(2) == 4 and asked == [2, 3, 2]


def test_a_dead_server_is_asked_once_a_second_at_most(shelved: Flask, server: Valkey) -> None:
    server.kill()
    assert twice(2) == 4
    began = time.monotonic()
    assert [twice(2) for _time in range(200)] == [4] * 200
    assert time.monotonic() - began < cache.RESTS, "each question waited for the dead server"


def test_it_heals_when_the_server_is_back(shelved: Flask, server: Valkey) -> None:
    server.kill()
    twice(2)
    server.start()
    rested()
    asked.clear()
    assert [twice(2), twice(2)] == [4, 4] and asked == [2]


def test_a_restart_between_two_questions_is_not_even_noticed(shelved: Flask, server: Valkey) -> None:
    twice(2)
    server.kill()
    server.start()
    assert [twice(2), twice(2)] == [4, 4] and asked == [2, 2]


def test_what_was_to_be_forgotten_meanwhile_is_forgotten_afterwards(shelved: Flask, server: Valkey) -> None:
    assert twice(2) == 4
    cache._state().rests_until = time.monotonic() + 60  # unheard, as while it cannot be reached
    forget("numbers")
    rested()
    assert twice(2) == 4 and asked == [2, 2]


def test_pages_go_on_while_it_is_killed_in_the_middle_of_load(shelved: Flask, server: Valkey) -> None:
    statuses: list[int] = []
    killed = threading.Timer(0.2, server.kill)
    client, until = shelved.test_client(), time.monotonic() + 1.0
    killed.start()
    while time.monotonic() < until or killed.is_alive():
        for path in ("/cars/", "/"):
            shelved.extensions["kroi.pages"].forget_everything()
            statuses.append(client.get(path, check=False).status_code)
    server.start()
    rested()
    statuses.append(client.get("/cars/").status_code)
    assert set(statuses) == {200} and cache.answers()
