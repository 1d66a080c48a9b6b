"""The commands about backups: each says how it is used, and what it cannot do here."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from kroi.operations.backup import cli

pytestmark = pytest.mark.slow

Ops = Callable[..., Result]


def test_only_postgresql_goes_back_to_any_moment(
    ops: Ops, engine: str, unchanged: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its log is not archived, it says what is missing."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    said = ops("restore", "--to", "2026-11-22T10:00:00Z", "--drop-database")
    assert said.exit_code == 1
    assert ("Only PostgreSQL can do that" if engine == "sqlite" else "no base backup") in said.output
    if engine == "sqlite":
        assert ops("base").exit_code == 1


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
def test_root_cannot_and_hears_so_before_anything_is_fetched(
    ops: Ops, unchanged: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for more in ("--drop-database", "--dry-run", f"--cluster={tmp_path}/there"):
        said = ops("restore", "--to", "2026-11-22T10:00:00Z", more)
        assert said.exit_code == 1 and "does not run as root" in said.output


def test_every_command_has_help_with_an_example(own: Flask) -> None:
    for command in cli.COMMANDS:
        said = own.test_cli_runner().invoke(args=["ops", str(command.name), "--help"])
        assert said.exit_code == 0 and f"Example: flask ops {command.name}" in said.output, command.name
