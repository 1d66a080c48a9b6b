"""Every form and address of the portal, filled with what no person means: answered in words, never with a 5xx."""

from collections.abc import Callable
from typing import Any

import pytest

from kroi.accounts.models import Role, User
from tests.journeys.routes import STAFF, Route
from tests.journeys.test_route_matrix import ask, ids, ways_in  # noqa: F401  # ids is a fixture
from tests.support.client import Client
from tests.support.makers import make_user

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
NONSENSE = {
    "long": "x" * 20_000,
    "nul": "a\x00b",
    "huge": "9" * 40,
    "no such date": "2030-02-31T25:61",
    "before the calendar": "0001-01-01T00:00",
    "after the calendar": "9999-12-31T23:59",
}
ADDRESSES = (
    "days", "from", "to", "who", "what", "thing", "number", "since", "until", "before", "after", "q", "tab", "page",
    "order", "status", "missing", "whose", "done",
)  # fmt: skip
IN_WORDS = {200, 303, 400, 404, 409, 422, 429}


def test_a_form_of_nonsense_is_answered_in_words(
    signed_in: SignIn,
    ids: dict[str, Any],  # noqa: F811  # the fixture
) -> None:
    user = make_user("Wild Typist", Role.OWNER)
    client, answers = signed_in(user), {}
    known = ids | {"me": user.id} | ways_in(user)
    for name, route in STAFF.items():
        for field in route.form if name.startswith("POST") else ():
            for kind, value in NONSENSE.items():
                form = {**route.form, field: value}
                answers[name, field, kind] = ask(client, name, known, Route(set(), form)).status_code
    assert {case: code for case, code in answers.items() if code not in IN_WORDS} == {}


def test_an_address_of_nonsense_is_answered_in_words(
    signed_in: SignIn,
    ids: dict[str, Any],  # noqa: F811  # the fixture
) -> None:
    user = make_user("Wild Clicker", Role.OWNER)
    client, answers = signed_in(user), {}
    for name in (name for name in STAFF if name.startswith("GET")):
        for kind in ("long", "nul", "huge", "no such date", "after the calendar"):
            value = NONSENSE[kind]
            said = dict.fromkeys(ADDRESSES, value[:2000])
            answers[name, kind] = ask(client, name, ids, query_string=said).status_code
    assert {case: code for case, code in answers.items() if code not in IN_WORDS} == {}
