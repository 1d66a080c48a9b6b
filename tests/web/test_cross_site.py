"""Writes are taken from our own pages only."""

import pytest
from flask import Flask

from kroi.web import csrf
from tests.support.client import Client

REFUSED = {
    "none": {"Sec-Fetch-Site": "none"},
    "same site, other host": {"Sec-Fetch-Site": "same-site"},
    "cross site": {"Sec-Fetch-Site": "cross-site"},
    "an old browser from elsewhere": {"Origin": "http://evil.test"},
    "null origin": {"Origin": "null"},
    "a look-alike host": {"Origin": "http://a.test.evil.test"},
    "another port": {"Origin": "http://a.test:81"},
    "another scheme": {"Origin": "https://a.test"},
    "an origin that is no address": {"Sec-Fetch-Site": "same-origin", "Origin": "http://["},
    "our address with a path": {"Origin": "http://a.test/"},
    "nothing said": {},
    "headers that disagree": {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.test"},
    "plain text": {"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"},
}
TAKEN = {
    "our own page": {"Sec-Fetch-Site": "same-origin"},
    "our own page, both headers": {"Sec-Fetch-Site": "same-origin", "Origin": "http://a.test"},
    "an old browser on our page": {"Origin": "http://a.test"},
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
def test_a_write_from_elsewhere_is_refused_and_logged(
    client: Client, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/staff/sign-in", own=False, headers=headers, data=b"email=x").status_code == 403
    assert "refused: not from our own page" in caplog.messages


@pytest.mark.parametrize("headers", TAKEN.values(), ids=TAKEN)
def test_a_write_from_our_page_is_taken(client: Client, headers: dict[str, str]) -> None:
    assert client.post("/staff/sign-in", own=False, headers=headers, data={"email": "x"}).status_code == 422


def test_the_list_of_exempt_routes_is_what_was_agreed(app: Flask) -> None:
    assert frozenset() == csrf.EXEMPT
