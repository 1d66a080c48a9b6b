"""How machines are answered: problems instead of pages, limits, caches, scripts of other sites."""

import json
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import TimeoutError

from kroi.catalogue.api import views
from kroi.catalogue.listing import queries as listing
from tests.catalogue.api.conftest import follows
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

NOW = "2026-11-21T12:00:00+00:00"


def _problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status and answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = answer.get_json(force=True)
    follows("Problem", found)
    assert found["status"] == status
    return found


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/nosuch", "/api/v2/cars", "/api/v1/cars/", "/api/x.html"])
def test_what_is_not_there_is_a_problem_and_no_page(client: Client, path: str) -> None:
    for headers in ({}, {"HX-Request": "true"}, {"Accept": "text/html"}):
        assert _problem(client.get(path, headers=headers), 404)["title"] == "Not Found"
    assert client.get("/nosuch").mimetype == "text/html"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/api/v1/cars", "/api/v1/cars/x", "/api/v1/openapi.json"])
def test_nothing_can_be_changed_here(client: Client, path: str, method: str) -> None:
    answer = client.open(path, method=method, own=False)
    _problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_an_unknown_host_is_told_so_too(client: Client) -> None:
    client.host = "nobody.test"
    _problem(client.get("/api/v1/cars"), 404)


def test_who_asks_too_often_waits_and_is_then_answered(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["kroi.brake"], "per_minute", 6)
    with time_machine.travel(NOW, tick=False) as clock:
        assert [client.get("/api/v1/cars/x").status_code for _each in range(6)] == [404] * 6
        late = client.get("/api/v1/cars")
        assert _problem(late, 429)["detail"] and late.headers["Retry-After"] == "10"
        assert client.head("/api/v1/openapi.json").status_code == 429
        assert client.options("/api/v1/cars").status_code == 200
        assert client.get("/api/v1/cars", environ_overrides={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200
        assert client.get("/cars/").status_code == 200
        clock.shift(10)
        assert client.get("/api/v1/cars").status_code == 200
        assert client.get("/api/v1/cars").status_code == 429


def test_an_answer_that_is_kept_counts_as_well(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_car()
    monkeypatch.setattr(app.extensions["kroi.brake"], "per_minute", 3)
    first = client.get("/api/v1/cars")
    with counted_queries() as sent:
        again = client.get("/api/v1/cars?utm_source=x")
    assert again.data == first.data and again.headers == first.headers and len(sent) <= 1
    assert [client.get("/api/v1/cars").status_code for _each in range(2)] == [200, 429]


def test_one_household_is_one_asker(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.extensions["kroi.brake"], "per_minute", 3)
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:3::", "2001:db8:1:2:ffff::", "2001:db8:1:3::1"]
    statuses = [client.get("/api/v1/cars", environ_overrides={"REMOTE_ADDR": each}).status_code for each in addresses]
    assert statuses == [200, 200, 200, 429, 200]


def test_a_failure_is_a_problem_that_tells_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_asked: object, **_how: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(listing, "browse", fails)
    found = _problem(client.get("/api/v1/cars"), 500)
    assert found["reference"] and "secret" not in json.dumps(found)


def test_without_a_database_machines_are_told_when_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_asked: object, **_how: object) -> None:
        raise TimeoutError("no connection")

    monkeypatch.setattr(listing, "browse", away)
    answer = client.get("/api/v1/cars")
    _problem(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/api/v1/cars", "/api/v1/cars/the-car", "/api/v1/openapi.json"])
def test_what_is_unchanged_is_not_sent_again(client: Client, path: str) -> None:
    make_car(slug="the-car")
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert first.status_code == 200 and again.status_code == 304 and again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"] and again.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers and first.headers["Vary"] == "Accept-Encoding"
    assert client.get(path, headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
    head = client.head(path)
    assert head.data == b"" and head.headers["ETag"] == first.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(first.data))


def test_a_sale_shows_in_the_next_answer(client: Client) -> None:
    car = make_car()
    tag = client.get("/api/v1/cars").headers["ETag"]
    make_car(model="A6")
    answer = client.get("/api/v1/cars", headers={"If-None-Match": tag})
    assert answer.status_code == 200 and answer.json and answer.json["total"] == 2 and car.slug in answer.text


def test_scripts_of_other_sites_may_read_but_bring_no_cookie(client: Client) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "if-none-match"}  # fmt: skip
    first = client.options("/api/v1/cars", headers=asked)
    assert first.status_code == 200 and first.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    for answer in (first, client.get("/api/v1/cars", headers=asked)):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers and "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get("/cars/").headers


def test_the_language_of_who_asks_changes_nothing(client: Client) -> None:
    make_car()
    answers = {client.get("/api/v1/cars", headers={"Accept-Language": each}).text for each in ("fi", "sv", "en", "")}
    assert len(answers) == 1


def test_every_address_of_it_only_reads(app: Flask) -> None:
    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{views.api.name}.")]
    assert len(own) == 3 and all(rule.methods == {"GET", "HEAD", "OPTIONS"} for rule in own)
