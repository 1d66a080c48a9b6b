"""`/metrics` says what happened in numbers, to this machine and to who brings the token, and nothing of anybody."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from kroi.core import clock
from kroi.core.config import Settings, SettingsError
from kroi.db.model import session
from kroi.operations.backup import records
from kroi.operations.backup.records import Record
from kroi.operations.health import service as health
from kroi.operations.metrics import rules
from kroi.operations.metrics.service import Book
from kroi.operations.metrics.sharing import Folder
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

TOKEN = "abcdefghijklmnopqrstuvwxyz"
Numbers = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture(autouse=True)
def fresh(app: Flask) -> Iterator[None]:
    """Nothing was counted."""
    app.extensions["kroi.measured"].forget_everything()
    book: Book = app.extensions["kroi.metrics"]
    book.folder.close()
    book.forget_everything()
    before = app.extensions["kroi.settings"]
    app.extensions["kroi.settings"] = replace(before, metrics_token=TOKEN)
    yield
    app.extensions["kroi.settings"] = before
    book.folder.close()


def numbers(text: str) -> Numbers:
    """Every sample by its name and the values of its labels."""
    return {
        (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(client: Client, **how: Any) -> Numbers:
    answer = client.get("/metrics", **how)
    assert answer.status_code == 200, answer.text
    return numbers(answer.text)


def test_answers_are_counted_and_timed_by_rule_and_never_by_address(client: Client) -> None:
    slug = make_car().slug
    for _visit in range(3):
        client.get(f"/cars/{slug}?secret=hunter2")
    client.get("/no/such/page/of/alice@example.com")
    client.open("/", method="BREW")
    text = client.get("/metrics").text
    found = numbers(text)
    assert found["kroi_http_requests_total", ("GET", "/cars/<slug>", "200")] == 3
    assert found["kroi_http_requests_total", ("GET", "(no such page)", "404")] == 1
    assert found["kroi_http_request_duration_seconds_count", ("/cars/<slug>",)] == 3
    assert found["kroi_http_request_duration_seconds_bucket", ("+Inf", "/cars/<slug>")] == 3
    assert found["kroi_http_request_duration_seconds_sum", ("/cars/<slug>",)] > 0
    for secret in (slug, "hunter2", "alice", "BREW"):
        assert secret not in text


def test_made_up_methods_and_addresses_are_counted_together_and_fill_no_memory(app: Flask, client: Client) -> None:
    for number in range(40):
        client.open(f"/no/such/{number}", method=f"BREW{number}")
        client.open("/cars/", method=f"BREW{number}")
        client.get(f"/my/{number}/")
    counted = app.extensions["kroi.measured"].times()
    assert len(counted) <= 5, sorted(counted)
    assert {verb for _route, verb, _status in counted} == {"GET", "other"}


def test_a_kept_page_counts_under_its_rule_as_well(app: Flask, client: Client) -> None:
    make_car()
    before = read(client).get(("kroi_pages_total", ("memory",)), 0)
    for _visit in range(4):
        client.get("/cars/")
    found = read(client)
    assert found["kroi_http_requests_total", ("GET", "/cars/", "200")] == 4
    assert found["kroi_pages_total", ("memory",)] == before + 3


def test_the_database_the_queue_the_backup_and_the_leads_are_told(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lead()
    monkeypatch.setattr(health, "_ask_database", lambda: 3)  # however busy this machine is
    instance = app.extensions["kroi.settings"].instance
    records.remember(instance, Record(clock.now(), "kroi.zip"))
    found = read(client)
    (instance / "last-backup.json").unlink()
    assert found["kroi_db_queries_total", ("all",)] == found["kroi_db_query_duration_seconds_count", ()] > 0
    assert found["kroi_db_transactions_total", ("committed",)] > 0
    assert found["kroi_db_pool_connections", ("main", "open")] >= 0
    assert found["kroi_leads", ("new",)] == 1 and found["kroi_leads", ("won",)] == 0
    assert 0 <= found["kroi_backup_age_seconds", ()] < 60 and found["kroi_backup_failed", ()] == 0
    assert found["kroi_queue_oldest_seconds", ()] >= 0 and found["kroi_disk_free_bytes", ()] > 0
    assert found["kroi_health_state", ("database",)] == 0 and found["kroi_processes", ()] == 1


def test_every_metric_that_is_promised_is_there_and_no_other(client: Client) -> None:
    client.get("/metrics")
    said = {family.name for family in text_string_to_metric_families(client.get("/metrics").text)}
    promised = {metric.name.removesuffix("_total") for metric in (*rules.COUNTED, *rules.SEEN)}
    assert said == promised


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=192.0.2.7"},
        {"X-Real-IP": "192.0.2.7"}, {"Via": "1.1 proxy"}, {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer ä"},
    ],
)  # fmt: skip
def test_who_comes_through_a_proxy_or_with_a_wrong_token_is_a_stranger(client: Client, headers: dict[str, str]) -> None:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 401 and "kroi_" not in answer.text
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_strangers_need_the_token_and_have_few_tries(client: Client) -> None:
    far = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.9"}}
    assert client.get("/metrics", **far).status_code == 401
    assert read(client, headers={"Authorization": f"bearer {TOKEN}"}, **far)
    tries = [client.get("/metrics", **far).status_code for _each in range(130)]
    assert 429 in tries


def test_without_a_token_in_the_settings_no_token_is_right(app: Flask, client: Client) -> None:
    app.extensions["kroi.settings"] = replace(app.extensions["kroi.settings"], metrics_token="")
    far = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.9"}}
    for given in ("Bearer ", "Bearer None", f"Bearer {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": given}, **far).status_code == 401


@pytest.mark.parametrize("word", ["short", "x" * 23, "with a space in the middle of it", "ä" * 30])
def test_a_weak_token_is_refused_at_the_start(word: str, tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match="METRICS_TOKEN"):
        Settings.from_env({"METRICS_TOKEN": word}, instance=tmp_path)


def test_asking_again_soon_costs_the_database_nothing(client: Client) -> None:
    client.get("/metrics")
    with counted_queries() as sent:
        client.get("/metrics")
    assert sent == []


def test_without_the_folder_of_figures_the_rest_is_still_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_folder: Folder) -> None:
        raise OSError("read-only")

    monkeypatch.setattr(Folder, "read", unreadable)
    found = read(client)
    assert found["kroi_health_state", ("database",)] < 2 and found["kroi_disk_free_bytes", ()] > 0


def test_without_a_database_the_rest_is_still_told(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_any: object, **_more: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(session, "execute", away)
    found = read(client)
    assert found["kroi_health_state", ("database",)] == 2 and ("kroi_leads", ("new",)) not in found
    assert found["kroi_processes", ()] == 1
