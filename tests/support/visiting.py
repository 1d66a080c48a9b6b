"""A Tuesday before opening time, for the tests of visits; Ana is at her desk."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from kroi.accounts.models import User
from kroi.dealerships.models import Dealership
from tests.leads.visits.asking import NOW, opens
from tests.support.client import Client


@pytest.fixture
def tuesday(here: Dealership) -> Iterator[None]:
    """The dealership opens at ten, and time stands still at six."""
    opens(here)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(signed_in: Callable[[User], Client], ana: User) -> Client:
    """Ana, signed in."""
    return signed_in(ana)
