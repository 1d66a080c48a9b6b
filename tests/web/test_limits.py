"""How often one address may ask: fair, steady, the same for all processes, and nobody's address on disk."""

import mmap
from pathlib import Path

import pytest
from flask import Flask

from kroi.web import limits
from kroi.web.limits import Table
from tests.support.client import Client

NOW = 1_795_000_000.0


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(limits._memory(tmp_path / "limits"), "secret")


def test_a_minutes_worth_at_once_and_then_steadily(table: Table) -> None:
    assert [table.wait(7, NOW, 60) for _each in range(60)] == [0] * 60
    assert table.wait(7, NOW, 60) == 1
    assert table.wait(7, NOW + 0.5, 60) == 1
    assert table.wait(7, NOW + 1, 60) == 0
    assert table.wait(7, NOW + 1, 60) == 1
    assert [table.wait(7, NOW + 61, 60) for _each in range(61)] == [0] * 60 + [1]


def test_being_refused_does_not_make_it_longer(table: Table) -> None:
    assert [table.wait(7, NOW, 2) for _each in range(50)][2:] == [30] * 48
    assert table.wait(7, NOW + 30, 2) == 0


def test_one_does_not_use_up_what_another_may(table: Table) -> None:
    assert [table.wait(1, NOW, 1), table.wait(1, NOW, 1), table.wait(2, NOW, 1)] == [0, 60, 0]


def test_processes_count_together(tmp_path: Path) -> None:
    first, second = (Table(limits._memory(tmp_path / "limits"), "secret") for _each in range(2))
    assert [each.wait(7, NOW, 3) for each in (first, second, first, second, first)] == [0, 0, 0, 20, 20]
    assert (tmp_path / "limits").stat().st_mode & 0o077 == 0


def test_a_crowd_in_one_place_is_never_refused_wrongly(table: Table) -> None:
    same_place = [1 + at * limits._SLOTS for at in range(100)]
    assert [table.wait(who, NOW, 1) for who in same_place] == [0] * 100


def test_a_damaged_file_locks_nobody_out(tmp_path: Path) -> None:
    memory = limits._memory(tmp_path / "limits")
    memory[:] = b"\xff" * len(memory)
    assert Table(memory, "secret").wait(2**64 - 1, NOW, 1) == 0
    memory[:] = (b"\x07" + b"\x00" * 7 + b"\x7e" * 8) * (len(memory) // 16)
    assert Table(memory, "secret").wait(7, NOW, 1) == 0
    (tmp_path / "short").write_bytes(b"x")
    assert Table(limits._memory(tmp_path / "short"), "secret").wait(7, NOW, 1) == 0


def test_where_no_file_can_be_written_a_process_counts_for_itself(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    memory = limits._memory(tmp_path / "file" / "limits")
    assert isinstance(memory, mmap.mmap) and [Table(memory, "secret").wait(7, NOW, 1) for _each in range(2)] == [0, 60]


def test_no_address_lies_on_disk(client: Client, app: Flask) -> None:
    app.extensions["kroi.brake"].table.forget()
    client.get("/api/v1/openapi.json", environ_overrides={"REMOTE_ADDR": "192.0.2.77"})
    content = (app.extensions["kroi.settings"].instance / "limits").read_bytes()
    assert b"192" not in content and bytes([192, 0, 2, 77]) not in content and any(content)
