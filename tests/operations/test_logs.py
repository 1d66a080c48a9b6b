"""In production the log is lines of JSON that name the request and the route, and nobody."""

import json
import logging
import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kroi.db.tenancy import find_dealership_id
from kroi.factory import create_app
from kroi.operations.logs import rules
from kroi.operations.logs.service import Lines
from tests.support import databases
from tests.support.client import Client
from tests.support.server import Server

PLANTED = ("alice.planted@example.com", "Planted Person", "+358 40 765 4321", "0407654321", "hunter2secret")


class Kept(logging.Handler):
    """Keeps what is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Lines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Another line."""
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    """Everything that is logged from here on."""
    handler, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def inquiry() -> dict[str, str]:
    return {
        "interest": "question", "name": PLANTED[1], "email": PLANTED[0], "phone": PLANTED[2],
        "message": f"My password is {PLANTED[4]}", "submission_key": secrets.token_hex(16),
    }  # fmt: skip


def test_a_failure_names_request_route_and_dealership_and_nobody(
    app: Flask, client: Client, log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_any: object, **_more: object) -> None:
        raise ValueError(f"{PLANTED[0]} {PLANTED[1]} {PLANTED[2]}")

    rule = next(rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and rule.rule == "/contact")
    monkeypatch.setitem(app.view_functions, rule.endpoint, fail)
    answer = client.post(f"/contact?key={PLANTED[4]}", data=inquiry(), headers={"User-Agent": PLANTED[1]})
    assert answer.status_code == 500
    (line,) = [json.loads(line) for line in log.lines if json.loads(line)["level"] == "error"]
    assert (line["route"], line["dealership_id"]) == ("/contact", find_dealership_id())
    assert line["request_id"] == answer.headers["X-Request-ID"] and "ValueError" in line["message"]
    assert line["logger"] == "kroi.web.errors" and line["time"].endswith("+00:00")
    for secret in PLANTED:
        assert secret not in "\n".join(log.lines)


def test_whatever_others_log_goes_without_its_values(log: Kept) -> None:
    other = logging.getLogger("somebody.else")
    other.warning("connection of %s failed", PLANTED[0])
    try:
        raise RuntimeError(PLANTED[1])
    except RuntimeError:
        logging.getLogger("kroi.leads").exception("did not work")
    first, second = map(json.loads, log.lines)
    assert first["message"] == "connection of %s failed"
    assert second["exception"] == "RuntimeError" and "test_logs.py" in second["places"][0]
    assert all(secret not in "\n".join(log.lines) for secret in PLANTED)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"mail to {PLANTED[0]}: refused", "mail to …: refused"),
        (f"called <{PLANTED[0]}>", "called <…>"),
        ("rang +358 40 765 4321 twice", "rang … twice"),
        ("rang 0407654321", "rang …"),
        ("GET /cars/?q=alice&page=2 took", "GET /cars/?… took"),
        ("/my/abc123secret/messages", "/my/…/messages"),
        ("backup kroi-20261122T110000Z.zip of 2026-11-22T11:00:00+00:00, 46405 rows, 12345678 bytes in 1.5 s", None),
        ("slow statement: 1234 ms for /cars/<slug>: SELECT cars.id FROM cars WHERE cars.id = ?", None),
    ],
)
def test_what_looks_personal_is_masked_and_figures_are_not(said: str, written: str | None) -> None:
    assert rules.masked(said) == (said if written is None else written)


def proxied(app: Flask, tmp_path: Path) -> Flask:
    return create_app(replace(app.extensions["kroi.settings"], trusted_proxies=1, instance=tmp_path))


def test_a_trusted_proxys_number_is_taken_and_sent_back(app: Flask, tmp_path: Path) -> None:
    behind = proxied(app, tmp_path)
    behind.test_client_class = Client
    client = behind.test_client()
    try:
        for path in ("/robots.txt", "/no/such/page", "/api/health"):
            for _again in range(2):
                answer = client.get(path, headers={"X-Request-ID": "4bf92f3577b34da6"}, base_url="http://a.test")
                assert answer.headers["X-Request-ID"] == "4bf92f3577b34da6"
        for bad in ("short", "with space in it", "x" * 65, "alice@example.com", "new\tline12"):
            answer = client.get("/no/such", headers={"X-Request-ID": bad}, base_url="http://a.test")
            assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]+-[0-9a-f]+", answer.headers["X-Request-ID"])
    finally:
        databases.dispose(behind)


def test_a_strangers_number_is_not_taken(client: Client) -> None:
    answer = client.get("/no/such/page", headers={"X-Request-ID": "4bf92f3577b34da6"})
    assert answer.status_code == 404 and answer.headers["X-Request-ID"] != "4bf92f3577b34da6"
    assert "X-Request-ID" not in client.get("/robots.txt").headers, "the same bytes for everybody"


def test_two_requests_have_two_numbers(client: Client) -> None:
    numbers = {client.get("/no/such/page").headers["X-Request-ID"] for _each in range(20)}
    assert len(numbers) == 20


@pytest.mark.server
def test_a_real_server_in_production_writes_nothing_else(tmp_path: Path) -> None:
    server = Server(
        tmp_path, KROI_ENV="production", BCRYPT_COST="12", PUBLIC_URL="https://cars.example.com",
        SECRET_KEY=secrets.token_urlsafe(40), REDIS_URL="redis://127.0.0.1:1/0",
    )  # fmt: skip
    server.start()
    try:
        said: list[dict[str, Any]] = [json.loads(line) for line in server.said().splitlines()]
    finally:
        server.stop()
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in said)
    (first, *_rest) = [line for line in said if line["logger"] == "kroi.cache"]
    assert (first["level"], first["route"]) == ("warning", "/api/health") and first["request_id"]
