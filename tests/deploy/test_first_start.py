"""The first start of PostgreSQL: whoever lists the machine's processes meanwhile sees no password."""

import os
import secrets
import subprocess
from pathlib import Path

from tests.support.source import ROOT

PASSWORD = secrets.token_urlsafe(24)
PROGRAMS = ("initdb", "pg_ctl", "psql", "postgres")


def stand_in(folder: Path, name: str) -> None:
    """Notes how it was called, and what it was given where only its owner sees it."""
    path = folder / name
    path.write_text(
        f'#!/bin/sh\necho "{name} $*" >> {folder}/called\nprintenv DATABASE_PASSWORD > {folder}/{name}.given\n'
        'if [ "$1" = -D ]; then mkdir -p "$2"; fi\n',
        encoding="ascii",
    )
    path.chmod(0o755)


def test_the_password_stands_in_no_list_of_processes(tmp_path: Path) -> None:
    for name in PROGRAMS:
        stand_in(tmp_path, name)
    ours = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PGDATA": str(tmp_path / "data"), "DATABASE_PASSWORD": PASSWORD}
    subprocess.run([ROOT / "deploy" / "postgresql" / "start"], env=ours, check=True, capture_output=True)
    called = (tmp_path / "called").read_text(encoding="ascii")
    assert [line.split()[0] for line in called.splitlines()] == ["initdb", "pg_ctl", "psql", "pg_ctl", "postgres"]
    assert PASSWORD not in called
    assert (tmp_path / "psql.given").read_text(encoding="ascii").strip() == PASSWORD
    assert (tmp_path / "postgres.given").read_text(encoding="ascii") == "", "the server itself need not know it"
