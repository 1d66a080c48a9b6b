"""`/api/health` says how things are: quickly, to anybody, and nothing that is nobody's business."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from kroi import cache
from kroi.core import clock
from kroi.core.version import VERSION
from kroi.factory import ROOT, create_app
from kroi.operations.backup import records
from kroi.operations.backup.records import Record
from kroi.operations.health import rules, service
from kroi.operations.health.rules import Counter, Part, State
from tests.support import databases
from tests.support.client import Client
from tests.support.queries import counted_queries
from tests.support.valkey import Valkey

NOW = datetime.fromisoformat("2026-11-21T12:00:00+00:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def ask(app: Flask) -> Iterator[Callable[..., Any]]:
    """Asks anew each time."""
    client = app.test_client()
    assert isinstance(client, Client)

    def get(**how: Any) -> Any:
        service.watch.forget()
        return client.get("/api/health", **how)

    yield get
    records_file = app.extensions["kroi.settings"].instance / "last-backup.json"
    Path(records_file).unlink(missing_ok=True)


def test_a_fresh_installation_is_healthy(ask: Callable[..., Any]) -> None:
    answer = ask()
    assert answer.status_code == 200
    found = answer.get_json()
    assert found["status"] == "healthy" and found["version"] == VERSION
    assert set(found["checks"]) == {"database", "cache", "disk", "backup", "queue"}
    assert found["uptime_seconds"] >= 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_head_is_answered_as_well(client: Client) -> None:
    answer = client.head("/api/health")
    assert answer.status_code == 200 and answer.data == b""


def test_the_version_is_the_projects() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_it_is_asked_under_any_host(ask: Callable[..., Any]) -> None:
    assert ask(base_url="http://10.0.0.7:8000").status_code == 200


def test_without_a_database_it_is_unhealthy_and_still_answers(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> int:
        raise OSError("password=secret")

    monkeypatch.setattr(service, "_ask_database", away)
    answer = ask()
    assert answer.status_code == 503
    assert answer.get_json()["status"] == "unhealthy"
    assert "secret" not in answer.text


def test_a_dead_cache_is_degraded(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "answers", lambda: False)
    answer = ask()
    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")


def test_an_old_backup_is_degraded(app: Flask, ask: Callable[..., Any]) -> None:
    instance = app.extensions["kroi.settings"].instance
    records.remember(instance, Record(clock.now() - 27 * HOUR, "kroi.tar"))
    assert ask().get_json()["checks"]["backup"]["status"] == "degraded"
    records.remember(instance, Record(clock.now(), "kroi.tar"))
    assert ask().get_json()["checks"]["backup"]["status"] == "healthy"


def test_an_installation_without_any_backup_is_degraded_after_a_day(app: Flask, ask: Callable[..., Any]) -> None:
    with time_machine.travel(clock.now() + 27 * HOUR, tick=True):
        assert ask().get_json()["status"] == "degraded"


def test_it_says_nothing_that_is_nobodys_business(app: Flask, ask: Callable[..., Any]) -> None:
    settings = app.extensions["kroi.settings"]
    text = ask().text
    for secret in (settings.database_url, str(settings.instance), settings.secret_key, "A Motors", "a.test"):
        assert secret not in text


def test_who_asks_too_often_is_told_to_wait(client: Client) -> None:
    with time_machine.travel(NOW, tick=True):
        answers = [client.get("/api/health") for _ in range(rules.MOST_ASKED + 5)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= len(late) <= 5
    assert 0 < int(late[0].headers["Retry-After"]) <= 61
    other = client.get("/api/health", environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    assert other.status_code == 200


def test_asking_is_cheap(app: Flask, client: Client) -> None:
    with counted_queries() as first:
        client.get("/api/health")
    with counted_queries() as second:
        client.get("/api/health")
    assert len(first) <= 3
    assert second == [], "an answer is good for a second"


@pytest.mark.parametrize(
    ("part", "state"),
    [
        (rules.database(3), State.HEALTHY),
        (rules.database(900), State.DEGRADED),
        (rules.database(None), State.UNHEALTHY),
        (rules.disk(50_000_000_000), State.HEALTHY),
        (rules.disk(900_000_000), State.DEGRADED),
        (rules.disk(90_000_000), State.UNHEALTHY),
        (rules.queue(0, None, NOW), State.HEALTHY),
        (rules.queue(3, NOW - HOUR / 30, NOW), State.HEALTHY),
        (rules.queue(3, NOW - HOUR, NOW), State.DEGRADED),
        (rules.backup(None, None, NOW), State.HEALTHY),
        (rules.backup(NOW - 7 * HOUR, NOW - 900 * HOUR, NOW), State.HEALTHY),
    ],
)
def test_each_part_is_judged(part: Part, state: State) -> None:
    assert part.state is state


def test_the_whole_is_as_bad_as_its_worst_part() -> None:
    assert rules.worst([State.HEALTHY, State.DEGRADED]) is State.DEGRADED
    assert rules.worst([State.UNHEALTHY, State.DEGRADED]) is State.UNHEALTHY
    assert rules.worst([]) is State.HEALTHY


def test_the_counter_of_addresses_does_not_grow_without_end() -> None:
    counter = Counter()
    for number in range(25_000):
        counter.wait(f"2001:db8::{number}", 1.0)
    assert len(counter._asked) <= 10_001


def test_a_killed_cache_is_noticed_and_costs_no_answer(app: Flask, tmp_path: Path) -> None:
    server = Valkey()
    server.start()
    settings = app.extensions["kroi.settings"]
    cached = create_app(replace(settings, redis_url=server.url, instance=tmp_path))
    try:
        with cached.app_context():
            assert cache.answers() is True
            server.kill()
            assert cache.answers() is False
    finally:
        server.remove()
        databases.dispose(cached)
