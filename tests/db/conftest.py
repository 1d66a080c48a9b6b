"""An application on a pool as small as a test wants it, and the database's own counters from nought."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from kroi.db import statistics
from kroi.factory import create_app
from tests.support import databases
from tests.support.client import Client

Another = Callable[..., Flask]


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    statistics.forget_everything()


@pytest.fixture
def another(app: Flask) -> Iterator[Another]:
    """Makes one more application on the test's database, with other settings."""
    stack = ExitStack()

    def make(**changes: Any) -> Flask:
        made = create_app(replace(app.extensions["kroi.settings"], **changes))
        made.test_client_class = Client
        stack.callback(databases.dispose, made)
        return made

    with stack:
        yield make
