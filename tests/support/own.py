"""A database of one test's own, for tests that break, move or replace it."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from kroi.factory import create_app
from tests.support import databases, postgres, run


@contextmanager
def own_app(engine: str, folder: Path, **settings: Any) -> Iterator[Flask]:
    """A second application with these settings, on a fresh copy of the template, which the `app` fixture makes."""
    url, name = f"sqlite:///{folder / 'own.sqlite3'}", f"kroi_own_{secrets.token_hex(4)}"
    if engine == "postgresql":
        url = postgres.shared().create(name, databases.TEMPLATE)
    else:
        shutil.copy(run.folder() / "template.sqlite3", folder / "own.sqlite3")
    found = create_app(replace(databases.settings_for(url, folder), **settings))
    with found.app_context():
        yield found
    databases.dispose(found)
    if engine == "postgresql":
        postgres.shared().drop(name)
