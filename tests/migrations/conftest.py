"""An application on a database of its own, which a test may migrate up and down."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kroi.factory import create_app
from tests.support import databases
from tests.support.postgres import shared


@pytest.fixture
def bare(engine: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database holds nothing yet."""
    name = f"kroi_bare_{os.getpid()}"
    url = f"sqlite:///{tmp_path / 'bare.sqlite3'}" if engine == "sqlite" else shared().create(name)
    app = create_app(databases.settings_for(url, tmp_path))
    with app.app_context():
        yield app
    databases.dispose(app)
    if engine == "postgresql":
        shared().drop(name)
