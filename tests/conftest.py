"""What every test may ask for. Tests that touch the database run on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import bcrypt
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from kroi.accounts.models import Role, User
from kroi.accounts.sessions import service as sessions
from kroi.core.config import Settings
from kroi.db.model import Model, db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support import makers
from tests.support.client import Client
from tests.support.postgres import Postgres

ENGINES = ("sqlite", "postgresql")
HOURS = {str(day): [["10:00", "18:00"]] for day in range(5)}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say which database to test on."""
    parser.addoption("--engine", choices=(*ENGINES, "both"), default="both", help="database to run the tests on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs the application once for each database."""
    if "engine" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--engine")
        metafunc.parametrize("engine", ENGINES if wanted == "both" else (wanted,), scope="session", indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests on real data; without the data they are left out, and the summary says so."""
    real = [item for item in items if "real_data" in getattr(item, "fixturenames", ())]
    for item in real:
        item.add_marker("real_data")
    if real and not os.environ.get("KROI_TEST_DATA"):
        if os.environ.get("CI"):
            raise pytest.UsageError("set KROI_TEST_DATA: the tests on real data must run here")
        items[:] = [item for item in items if item not in real]
        config.hook.pytest_deselected(items=real)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was not tested."""
    if not os.environ.get("KROI_TEST_DATA"):
        terminalreporter.write_line("Tests on real data were not run: set KROI_TEST_DATA to a folder of real stock.")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A skipped test is a failed one: nothing is left out silently."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test process's own."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database that the test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Flask]:
    """One migrated application for each database, made when first asked for."""
    made: dict[str, Flask] = {}
    makers.PASSWORD_HASH = bcrypt.hashpw(makers.PASSWORD.encode(), bcrypt.gensalt(4)).decode()

    def make(name: str) -> Flask:
        if name not in made:
            instance = tmp_path_factory.mktemp(name)
            url = f"sqlite:///{instance / 'kroi.sqlite3'}"
            if name == "postgresql":
                url = request.getfixturevalue("postgres").create(f"kroi_{os.getpid()}")
            made[name] = _migrated(test_settings(url, instance))
        return made[name]

    return make


def test_settings(url: str, instance: Path) -> Settings:
    """Settings for an application under test."""
    settings = Settings(
        kroi_env="test", instance=instance, secret_key="test-" * 8, database_url=url, bcrypt_cost=4,
        database_pool_min=1, database_pool_size=60,
    )  # fmt: skip
    return settings.completed()


def _migrated(settings: Settings) -> Flask:
    app = create_app(settings)
    app.test_client_class = Client
    with app.app_context():
        upgrade()
        if settings.database_url.startswith("sqlite"):
            db.engine.dispose()
            shutil.copy(_file(settings), settings.instance / "template.sqlite3")
    return app


@pytest.fixture
def app(apps: Callable[[str], Flask], engine: str) -> Iterator[Flask]:
    """The application on an empty database with dealership A (a.test) and B (b.test); the test acts for A."""
    found = apps(engine)
    with found.app_context():
        _empty(found.extensions["kroi.settings"])
        here, there = _dealerships()
        dealerships.forget_map()
        with acting_for(here):
            yield found
        session.remove()


def _dealerships() -> tuple[int, int]:
    with transaction():
        session.execute(text("DELETE FROM dealerships"))
        for name in ("A", "B"):
            session.add(
                Dealership(
                    name=f"{name} Motors", host=f"{name.lower()}.test", phone="+358 40 000 0000", city="Espoo",
                    street="Teststreet 1", postal_code="02920", email=f"sales@{name.lower()}.test", opening_hours=HOURS,
                )
            )  # fmt: skip
    first, second = [profile.id for profile in dealerships.list_profiles()]
    return first, second


def _empty(settings: Settings) -> None:
    """Every table empty: a copy of the template on SQLite, plain deletes without triggers on PostgreSQL."""
    db.engine.dispose()
    if settings.database_url.startswith("sqlite"):
        for leftover in ("-wal", "-shm"):
            Path(f"{_file(settings)}{leftover}").unlink(missing_ok=True)
        shutil.copy(settings.instance / "template.sqlite3", _file(settings))
        return
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        deletes = "; ".join(f"DELETE FROM {table.name}" for table in Model.metadata.sorted_tables)
        connection.exec_driver_sql(f"SET session_replication_role = replica; {deletes}")
    engine.dispose()


def _file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


@pytest.fixture
def client(app: Flask) -> Client:
    """A shopper at dealership A."""
    found = app.test_client()
    assert isinstance(found, Client)
    return found


@pytest.fixture
def here(app: Flask) -> Dealership:
    """Dealership A."""
    return session.query(Dealership).filter_by(host="a.test").one()


@pytest.fixture
def there(app: Flask) -> Dealership:
    """Dealership B."""
    return session.query(Dealership).filter_by(host="b.test").one()


@pytest.fixture
def ana(app: Flask) -> User:
    """Ana sells at A."""
    return makers.make_user("Ana Aalto", Role.SALES, email="ana@a.test")


@pytest.fixture
def boris(app: Flask) -> User:
    """Boris manages at A."""
    return makers.make_user("Boris Berg", Role.MANAGER, email="boris@a.test")


@pytest.fixture
def olga(app: Flask) -> User:
    """Olga owns A."""
    return makers.make_user("Olga Oja", Role.OWNER, email="olga@a.test")


@pytest.fixture
def chris(app: Flask, there: Dealership) -> User:
    """Chris owns B and must see nothing of A."""
    there_id = there.id
    with acting_for(there_id):
        return makers.make_user("Chris Cole", Role.OWNER, email="chris@b.test")


@pytest.fixture
def signed_in(app: Flask) -> Callable[[User], Client]:
    """A client in which this person is signed in."""

    def enter(user: User) -> Client:
        found = app.test_client()
        assert isinstance(found, Client)
        with acting_for(user.dealership_id):
            found.host = dealerships.get_profile(user.dealership_id).host
            with transaction():
                sessions.start(user)
            secret = user.session_token
        with found.session_transaction(base_url=f"http://{found.host}") as cookie:
            cookie["_user_id"], cookie["_fresh"] = secret, True
        return found

    return enter


@pytest.fixture
def real_data(request: pytest.FixtureRequest) -> Path:
    """Where real stock and listings lie. Each test that reads them is written to KROI_REAL_DATA_REPORT."""
    report = os.environ.get("KROI_REAL_DATA_REPORT")
    if report:
        with open(report, "a", encoding="utf-8") as file:
            file.write(f"{request.node.nodeid}\n")
    return Path(os.environ["KROI_TEST_DATA"])
