"""What every test may ask for. Tests that touch the database run on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import hypothesis
import pytest
from flask import Flask

from kroi.accounts.audit import anchors
from kroi.accounts.models import Role, User
from kroi.accounts.sessions import service as sessions
from kroi.catalogue.cards import memory
from kroi.catalogue.changes import watch
from kroi.catalogue.index.keeping import keeper
from kroi.catalogue.understanding import queries as understanding
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.models import Dealership
from kroi.factory import create_app
from tests.support import databases, honesty, machines, makers, run, visiting
from tests.support import postgres as servers
from tests.support.client import Client, show_failures, visitor
from tests.support.databases import Database
from tests.support.postgres import Postgres

# No promise is about time here: a busy machine must not fail a law.
hypothesis.settings.register_profile("kroi", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("kroi")


def pytest_configure(config: pytest.Config) -> None:
    """A run has one folder, and leaves nothing out silently."""
    for plugin in (run, honesty, machines, visiting):
        config.pluginmanager.register(plugin, plugin.__name__)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say which database to test on."""
    names = (*databases.KINDS, "both")
    parser.addoption("--engine", choices=names, default="both", help="database to run the tests on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs the application once for each database, or on that which it names itself."""
    named = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    if "engine" in metafunc.fixturenames and "engine" not in named:
        wanted = metafunc.config.getoption("--engine")
        names = databases.KINDS if wanted == "both" else (wanted,)
        metafunc.parametrize("engine", names, scope="session", indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The PostgreSQL server of this run; who stops or breaks one makes a `Postgres()` of their own."""
    return servers.shared()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database that the test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[Flask, Database]]]:
    """One application with its migrated database for each kind, made when first asked for."""
    made: dict[str, tuple[Flask, Database]] = {}

    def make(name: str) -> tuple[Flask, Database]:
        if name not in made:
            instance = tmp_path_factory.mktemp(name)
            database = databases.KINDS[name](instance)
            made[name] = create_app(databases.settings_for(database.url, instance)), database
            made[name][0].test_client_class = Client
            show_failures(made[name][0])
        return made[name]

    yield make
    for app, database in made.values():
        databases.dispose(app)
        database.close()


@pytest.fixture(scope="session", autouse=True)
def _no_threads() -> None:
    """No index is made or checked behind a test's back."""
    keeper.make = keeper.used = None


@pytest.fixture
def app(apps: Callable[[str], tuple[Flask, Database]], engine: str) -> Iterator[Flask]:
    """The application on an empty database with dealership A (a.test) and B (b.test); the test acts for A."""
    found, database = apps(engine)
    database.empty()
    for kept in ("media", "mail", "backups"):
        shutil.rmtree(found.extensions["kroi.settings"].instance / kept, ignore_errors=True)
    with found.app_context():
        anchors.path().unlink(missing_ok=True)
        dealerships.forget_map()
        watch.forget_everything()
        keeper.forget_everything()
        found.extensions["kroi.pages"].forget_everything()
        found.extensions["kroi.kept"].lives = timedelta(0)  # tests write behind the application's back
        memory.forget_everything()
        understanding.forget_everything()
        profile = dealerships.find_by_host("a.test")
        assert profile is not None
        session.remove()  # a transaction that idles for a minute is ended, and some tests take longer
        with acting_for(profile.id):
            yield found
        session.remove()


@pytest.fixture
def client(app: Flask) -> Client:
    """A shopper at dealership A."""
    return visitor(app)


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
        found = visitor(app)
        with acting_for(user.dealership_id):
            found.host = dealerships.get_profile(user.dealership_id).host
            with transaction():
                sessions.start(user)
            secret = user.session_token
        with found.session_transaction(base_url=f"http://{found.host}") as cookie:
            cookie["_user_id"], cookie["_fresh"] = secret, True
        return found

    return enter
