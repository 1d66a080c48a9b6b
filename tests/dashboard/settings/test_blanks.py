"""Blanks are no name: of the house, and of a place."""

from collections.abc import Callable

import pytest

from kroi.accounts.models import User
from tests.dashboard.settings.test_settings import PROFILE
from tests.support.client import Client

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(("address", "data"), [("/staff/settings/", PROFILE), ("/staff/settings/locations/0", {})])
def test_blanks_are_no_name(signed_in: SignIn, olga: User, address: str, data: dict[str, object]) -> None:
    page = signed_in(olga).post(address, data=data | {"name": "   "})
    assert page.status_code == 422 and "needs a name" in page.text and 'aria-invalid="true"' in page.text
