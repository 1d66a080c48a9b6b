"""The worker serves nobody and is counted all the same: its chores, and when it last ended a round."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from kroi.notifications.cli import post_for_settings
from kroi.notifications.worker import tally
from kroi.notifications.worker.rules import MARK, Chore
from kroi.notifications.worker.service import Worker
from kroi.operations.metrics.service import Book, write_down
from kroi.rooms import CHORES

HOUR = timedelta(hours=1)


@pytest.fixture
def book(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """The figures of a process that has done nothing yet."""
    monkeypatch.setattr(tally, "_counted", type(tally._counted)())
    found: Book = app.extensions["kroi.metrics"]
    monkeypatch.setattr(found, "_serves", False)
    found.folder.close()
    yield found
    found.folder.close()


def fail() -> None:
    raise ValueError("no luck")


def test_chores_are_counted_by_how_they_went_and_the_worker_is_no_server(app: Flask, book: Book) -> None:
    done, failed = CHORES[0].name, CHORES[1].name
    chores = [Chore(done, HOUR, list), Chore(failed, HOUR, fail, each_dealership=False)]
    Worker(post_for_settings(), chores).round()
    write_down()
    totals = book.totals()
    assert (totals["kroi_worker_chores_total", done, "done"], totals["kroi_worker_chores_total", done, "failed"]) == (
        1,
        0,
    )
    assert totals["kroi_worker_chores_total", failed, "failed"] == 1 and totals["kroi_processes",] == 0
    assert totals["kroi_db_queries_total", "all"] > 0, "what it asks the database is in the sums"


def test_its_figures_are_written_by_itself() -> None:
    assert [chore.every for chore in CHORES if chore.work is write_down] == [timedelta(seconds=5)]


def test_how_long_ago_its_last_round_was_is_told(app: Flask, book: Book) -> None:
    mark = app.extensions["kroi.settings"].instance / MARK
    assert "\nkroi_worker_turn_age_seconds " not in book.say().decode()
    mark.touch()
    os.utime(mark, (time.time() - 1200,) * 2)
    said = book.say().decode()
    mark.unlink()
    (line,) = [line for line in said.splitlines() if line.startswith("kroi_worker_turn_age_seconds ")]
    assert 1200 <= float(line.split()[1]) < 1300
