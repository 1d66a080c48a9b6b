"""Security headers, on pages and on static files."""

import pytest

from kroi.web import headers
from tests.support.client import Client


@pytest.mark.parametrize("path", ["/privacy", "/no-such-page", "/staff/sign-in"])
def test_every_answer_carries_them(client: Client, path: str) -> None:
    answer = client.get(path)
    for name, value in headers.HEADERS.items():
        assert answer.headers[name] == value


def test_the_policy_allows_our_own_files_only() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in headers.CSP.split(";"))
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) <= {"'self'", "'none'"}


def test_staff_pages_are_never_stored(client: Client) -> None:
    assert client.get("/staff/sign-in").headers["Cache-Control"] == "no-store"


def test_public_pages_set_no_cookie_and_answer_304(client: Client) -> None:
    first = client.get("/privacy")
    assert "Set-Cookie" not in first.headers
    again = client.get("/privacy", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "Accept-Encoding" in first.headers["Vary"]
    assert "Cookie" not in first.headers["Vary"]


def test_text_is_compressed(client: Client) -> None:
    plain = client.get("/privacy").data
    assert len(client.get("/privacy", headers={"Accept-Encoding": "br"}, check=False).data) < len(plain) / 2


def test_static_files_are_cached_for_ever_under_hashed_names(client: Client) -> None:
    page = client.get("/privacy").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with client.get(address, headers={"Accept-Encoding": "br"}, check=False) as answer:
        headers = answer.headers
    assert answer.status_code == 200
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Encoding"] == "br"
    assert headers["X-Content-Type-Options"] == "nosniff"
