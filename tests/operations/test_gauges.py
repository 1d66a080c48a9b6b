"""The operations page says how every part is, where its limit is, and what to do about it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kroi import cache
from kroi.accounts.audit import watch
from kroi.accounts.models import User
from kroi.core import clock
from kroi.operations.backup import records
from kroi.operations.backup.records import Record, Trial
from kroi.operations.health import rules, service, words
from kroi.operations.health.rules import Part, Room, State
from tests.support.client import Client
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
ROOM = Room(100_000_000_000, 42_000_000_000)
FINE = {
    "database": Part(State.HEALTHY, {"milliseconds": 5}),
    "cache": Part(State.HEALTHY, {"kind": "none"}),
    "disk": Part(State.HEALTHY),
    "queue": Part(State.HEALTHY, {"waiting": 0, "oldest_seconds": 0}),
    "backup": Part(State.HEALTHY, {"last_good": None}),
}


def page(client: Client) -> str:
    found = client.get("/staff/operations/")
    assert found.status_code == 200
    return found.text


def rows(text: str) -> dict[str, str]:
    """Each part's row in words, by its name."""
    table = text.split('class="rows gauges"')[1].split("</table>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in re.findall(r"<tr>.*?</tr>", table, re.S)[1:]]
    said = [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]
    names = re.findall(r"<strong>(.*?)</strong>", table)
    return {name: " | ".join(rest) for name, (_named, *rest) in zip(names, said, strict=True)}


def test_every_part_has_a_gauge(app: Flask, signed_in: SignIn, olga: User) -> None:
    watch.look()
    text = page(signed_in(olga))
    found = rows(text)
    assert list(found) == [
        "Database", "Connections", "Shared cache", "Disk", "Messages to send", "Backup", "Restore trial",
        "Could not be sent", "Worker, last seen",
    ]  # fmt: skip
    assert "Everything works" in text and all("in order" in each for each in found.values())
    assert re.search(r"\d+ ms \| Limit: 500 ms", found["Database"].replace("\xa0", " "))


def test_what_is_wrong_is_said_on_top_with_what_to_do(
    app: Flask, signed_in: SignIn, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "answers", lambda: False)
    monkeypatch.setattr(watch, "find", lambda: None)
    text = page(signed_in(olga))
    assert "Works, look below" in text and "Pages are made more slowly, and nothing is lost." in text
    assert rows(text)["Shared cache"].startswith("look at it") and "no answer" in rows(text)["Shared cache"]
    assert "flask worker" in text and "not yet" in rows(text)["Worker, last seen"]


def test_a_database_that_is_gone_is_bad(app: Flask) -> None:
    found = words.gauges({"database": Part(State.UNHEALTHY), "disk": Part(State.HEALTHY)}, ROOM, 0, clock.now())
    assert words.together(found) == (State.UNHEALTHY, "Something does not work")
    assert (found[0].share, found[0].now) == (100, "no answer") and found[0].advice


@pytest.mark.parametrize(
    ("part", "now", "share"),
    [
        (rules.queue(0, None, clock.now()), "empty", 0),
        (rules.queue(3, clock.now() - timedelta(seconds=12), clock.now()), "3 messages, the oldest 12 s late", 2),
        (rules.queue(1, clock.now() - timedelta(days=3), clock.now()), "1 message, the oldest 3 days late", 100),
    ],
)
def test_the_queue_is_told_by_its_oldest_message(app: Flask, part: Part, now: str, share: int) -> None:
    queue = words.gauges(FINE | {"queue": part}, ROOM, 0, None)[3]
    assert (queue.now.replace("\xa0", " "), queue.share) == (now, share)


def test_the_disk_and_the_backup_are_measured(app: Flask) -> None:
    made = clock.now() - timedelta(hours=13)
    part = rules.backup(made, None, clock.now())
    _database, _cache, disk, _queue, backup, *_rest = words.gauges(FINE | {"backup": part}, ROOM, 0, None)
    assert disk.share == 58 and disk.now.startswith("58% full") and backup.share == 50
    assert backup.now.replace("\xa0", " ") == "13 h old" and backup.advice == ""


def test_the_last_restore_trial_is_told_with_its_time_and_its_length(app: Flask) -> None:
    assert words.trial(None).now == "none yet"
    at = clock.now() - timedelta(hours=2)
    found = words.trial(Trial(at, "kroi.tar", 41.2, 46_405))
    assert (found.now.replace("\xa0", " "), found.share, found.advice) == ("2 h ago, took 41 s", 1, "")
    slow = words.trial(Trial(at, "kroi.tar", 5_000, 46_405))
    assert slow.state is State.DEGRADED and "flask ops upkeep" in slow.advice


def test_pages_that_wait_for_a_connection_are_told(app: Flask) -> None:
    assert words.connections(3, 40, 0).now == "3 in use, 0 waiting" and words.connections(3, 40, 0).advice == ""
    full = words.connections(40, 40, 2)
    assert (full.share, full.state) == (100, State.DEGRADED) and full.advice


def test_what_could_not_be_sent_and_a_silent_worker_want_a_look(app: Flask) -> None:
    *_parts, dead, worker = words.gauges(FINE, ROOM, 2, clock.now() - timedelta(hours=1))
    assert (dead.state, dead.now, worker.state) == (State.DEGRADED, "2 messages", State.DEGRADED)
    *_parts, dead, worker = words.gauges(FINE, ROOM, 0, clock.now() - timedelta(minutes=20))
    assert dead.state is worker.state is State.HEALTHY and worker.share == 44


def test_the_last_good_backup_is_read(app: Flask, signed_in: SignIn, olga: User) -> None:
    instance = app.extensions["kroi.settings"].instance
    (instance / "last-backup.json").unlink(missing_ok=True)
    assert "none yet" in rows(page(signed_in(olga)))["Backup"]
    records.remember(instance, Record(clock.now() - timedelta(hours=30), "kroi.zip"))
    service.watch.forget()
    text = page(signed_in(olga))
    (instance / "last-backup.json").unlink()
    assert "30 h old" in rows(text)["Backup"].replace("\xa0", " ") and "flask ops backup" in text


def test_the_page_costs_few_queries_and_its_look_undoes_nothing(app: Flask, signed_in: SignIn, olga: User) -> None:
    client = signed_in(olga)
    with counted_queries() as sent:
        assert olga.name in page(client)
    assert len(sent) <= 10


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_it_is_told_in_the_readers_language(app: Flask, signed_in: SignIn, olga: User, language: str) -> None:
    client = signed_in(olga)
    client.post("/staff/profile", data={"name": olga.name, "language": language})
    assert "in order" not in page(client) and "Database" not in rows(page(client))
