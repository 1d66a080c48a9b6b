"""Whenever a backup was restored into scratch and found the same, that is written down: when, how long, how much."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import time_machine
from click.testing import Result

from kroi.core import clock
from kroi.core.config import Settings
from kroi.operations.backup import records


def test_a_backup_and_each_trial_after_it_is_noted(backup: Path, ops: Callable[..., Result], ours: Settings) -> None:
    first = records.find_trial(ours.instance)
    assert first is not None and first.file == backup.name and first.rows > 3 and first.seconds > 0
    assert clock.now() - first.at < timedelta(minutes=5)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=True):
        assert ops("verify").exit_code == 0
    again = records.find_trial(ours.instance)
    assert again is not None and again.at - first.at > timedelta(hours=2) and again.rows == first.rows


def test_one_that_is_refused_is_no_trial(backup: Path, ops: Callable[..., Result], ours: Settings) -> None:
    before = records.find_trial(ours.instance)
    raw = bytearray(backup.read_bytes())
    raw[len(raw) // 2] ^= 1
    backup.write_bytes(raw)
    assert ops("verify").exit_code == 1
    assert records.find_trial(ours.instance) == before
