"""The worker makes backups by itself, in a process of its own; one that failed or is old is seen where people look."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask

from kroi.accounts.models import User
from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.operations.backup import chore, records, rules, service
from kroi.operations.backup.physical import bases
from kroi.operations.backup.records import Record
from kroi.operations.health import rules as health
from tests.support.client import Client

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]
HOUR = timedelta(hours=1)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the worker began; the process that it began does nothing, and does it well."""
    found: list[str] = []

    class Child:
        returncode = 0

        def poll(self) -> int:
            return 0

    def begin(what: str) -> Child:
        found.append(what)
        return Child()

    monkeypatch.setattr(chore, "_begin", begin)
    monkeypatch.setattr(chore, "_maker", chore.Maker())
    yield found


@pytest.fixture
def instance(app: Flask) -> Iterator[Path]:
    """Where the notes are; none are left."""
    found: Settings = app.extensions["kroi.settings"]
    yield found.instance
    for path in found.instance.glob("last-ba*.json"):
        path.unlink()


def later(hours: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=True)


def test_a_fresh_installation_has_nothing_to_back_up(begun: list[str], instance: Path) -> None:
    assert chore.look() == ""


def test_six_hours_never_pass_without_one(begun: list[str], instance: Path) -> None:
    records.remember(instance, Record(clock.now(), "kroi-a.tar"))
    with later(5):
        chore.look()
    assert begun == []
    with later(6):
        chore.look()
    assert begun == ["backup"]


def test_after_a_failure_it_tries_again_and_not_at_once(begun: list[str], instance: Path) -> None:
    records.remember(instance, Record(clock.now() - 7 * HOUR, "kroi-a.tar"))
    records.note_failure(instance, clock.now(), Invalid("The disk is full."))
    assert chore.look() == ""
    with later(0.6):
        assert chore.look() == "backup"


def test_while_one_is_made_no_second_one_begins(
    begun: list[str], instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.remember(instance, Record(clock.now() - 7 * HOUR, "kroi-a.tar"))
    assert chore.look() == "backup"
    monkeypatch.setattr(type(chore._maker._child), "poll", lambda child: None)
    assert chore.look() == ""


def test_one_that_was_killed_is_a_failure(begun: list[str], instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records.remember(instance, Record(clock.now() - 7 * HOUR, "kroi-a.tar"))
    chore.look()
    monkeypatch.setattr(type(chore._maker._child), "returncode", -9)
    chore.look()
    failure = records.find_failure(instance)
    assert failure is not None and "signal 9" in failure.why


def test_one_that_could_not_start_is_a_failure_and_one_that_came_too_late_is_none(
    begun: list[str], instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.remember(instance, Record(clock.now() - 7 * HOUR, "kroi-a.tar"))
    chore.look()
    monkeypatch.setattr(type(chore._maker._child), "returncode", 1)
    with service.alone(instance):
        chore.look()
    assert records.find_failure(instance) is None, "a timer's is being made"
    chore.look()
    failure = records.find_failure(instance)
    assert failure is not None and "answered 1" in failure.why


def test_a_failed_backup_is_noted_and_the_next_good_one_forgets_it(ops: Ops, ours: Settings) -> None:
    place = ours.instance / "backups"
    place.write_text("a file is in the way")
    assert ops("backup").exit_code == 1
    assert records.find_failure(ours.instance) is not None
    place.unlink()
    assert ops("backup").exit_code == 0
    assert records.find_failure(ours.instance) is None


def test_two_backups_at_once_are_one_too_many(ops: Ops, ours: Settings) -> None:
    with service.alone(ours.instance):
        result = ops("backup")
    assert result.exit_code == 1 and "already" in result.output
    assert records.find_failure(ours.instance) is None, "the other one may still go well"


@pytest.mark.parametrize("what", ["failed", "old"])
def test_the_owner_sees_it_on_the_first_page_and_machines_in_the_health(
    what: str, instance: Path, olga: User, ana: User, signed_in: Callable[[User], Client], client: Client
) -> None:
    made_at = clock.now() - (health.OLD_BACKUP + HOUR if what == "old" else HOUR)
    records.remember(instance, Record(made_at, "kroi-a.tar"))
    if what == "failed":
        records.note_failure(instance, clock.now(), Invalid("/mnt/secret-place is full."))
    words = "The last backup failed" if what == "failed" else "The last backup is too old"
    assert words in signed_in(olga).get("/staff/").text
    assert words not in signed_in(ana).get("/staff/").text
    answer = client.get("/api/health")
    assert answer.get_json()["checks"]["backup"]["status"] == "degraded"
    assert "secret-place" not in answer.text


def test_a_log_that_cannot_be_archived_is_noted_and_forgotten_when_it_is_mended(
    begun: list[str], instance: Path, olga: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    records.remember(instance, Record(clock.now(), "kroi-a.tar"))
    records.remember(instance, Record(clock.now(), "physical/kroi-b.tar"), records.BASE)
    monkeypatch.setattr(service, "owner_url", lambda settings: "postgresql://")
    monkeypatch.setattr(bases, "archiver", lambda url: (True, "", 3))
    assert chore.look() == ""
    assert "PostgreSQL cannot archive its log." in signed_in(olga).get("/staff/").text
    assert "What it writes itself says why." in signed_in(olga).get("/staff/operations/").text
    with later(6):
        assert chore.look() == "backup", "that is no reason to make no others"
    monkeypatch.setattr(bases, "archiver", lambda url: (True, "00000001000000000000000A", 0))
    chore._maker = chore.Maker()
    chore.look()
    assert records.find_failure(instance) is None


def test_the_files_are_copied_once_a_day_where_the_log_is_archived(
    begun: list[str], instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "owner_url", lambda settings: "postgresql://")
    archives = {"on": False}
    monkeypatch.setattr(bases, "archiver", lambda url: (archives["on"], "", 0))
    records.remember(instance, Record(clock.now(), "kroi-a.tar"))
    with later(5):
        assert chore.look() == ""
        archives["on"] = True
    with later(25):
        records.remember(instance, Record(clock.now(), "kroi-a.tar"))
        assert chore.look() == "base"
        records.remember(instance, Record(clock.now(), "physical/kroi-b.tar"), records.BASE)
        assert chore.look() == ""


def test_when_all_is_well_nobody_is_told(instance: Path, olga: User, signed_in: Callable[[User], Client]) -> None:
    records.remember(instance, Record(clock.now(), "kroi-a.tar"))
    assert "The last backup" not in signed_in(olga).get("/staff/").text
    session.remove()


def test_the_process_that_it_begins_is_the_command(ours: Settings, as_command: None) -> None:
    child = chore._begin("backup")
    assert child.wait(timeout=120) == 0
    last = records.find_last(ours.instance)
    assert last is not None and rules.made_at(last.file)
