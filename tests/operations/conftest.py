"""A dealership with something to lose, and a command line."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from kroi.core.config import Settings
from kroi.db.model import db, session
from kroi.operations import views
from kroi.operations.backup.service import store_for
from kroi.operations.health import service
from kroi.operations.health.rules import Counter
from kroi.operations.health.service import Watch
from tests.support.makers import make_car, make_user
from tests.support.own import own_app

PICTURE = "0123456789abcdef0123456789abcdef-480.webp"


@pytest.fixture(autouse=True)
def first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked before."""
    monkeypatch.setattr(service, "watch", Watch())
    monkeypatch.setattr(views, "_counter", Counter())


@pytest.fixture
def own(app: Flask, engine: str, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of its own: three cars, somebody on the staff, a picture."""
    with own_app(engine, tmp_path) as found:
        for number in range(3):
            make_car(model=f"A{number}")
        make_user("Ana Aalto")
        picture = Path(found.extensions["kroi.settings"].media_url) / "1" / PICTURE
        picture.parent.mkdir(parents=True)
        picture.write_bytes(b"a picture" * 1000)
        session.remove()
        yield found


@pytest.fixture
def ours(own: Flask) -> Settings:
    """Its settings."""
    found: Settings = own.extensions["kroi.settings"]
    return found


@pytest.fixture
def as_command(own: Flask, ours: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in processes of their own find the same installation."""
    for name, value in {
        "KROI_ENV": "test", "KROI_INSTANCE": ours.instance, "DATABASE_URL": ours.database_url,
        "SECRET_KEY": ours.secret_key, "BACKUP_URL": "", "DIRECT_DATABASE_URL": "", "REDIS_URL": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    session.remove()


@pytest.fixture
def ops(own: Flask) -> Callable[..., Result]:
    """Runs `flask ops …`."""

    def run(*arguments: str | Path) -> Result:
        session.remove()
        return own.test_cli_runner().invoke(args=["ops", *map(str, arguments)])

    return run


@pytest.fixture
def backup(ops: Callable[..., Result], ours: Settings) -> Path:
    """A good backup."""
    result = ops("backup")
    assert result.exit_code == 0, result.output
    (found,) = Path(ours.backup_url).glob("*.tar")
    return found


@pytest.fixture
def unchanged(ours: Settings) -> Iterator[None]:
    """Whatever the test does, the live database stays as it was, to the last row."""
    before = store_for(ours).facts()
    yield
    session.remove()
    db.engine.dispose()
    assert store_for(ours).facts() == before
