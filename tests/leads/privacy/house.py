"""A dealership of its own with a cache, a log and a worker, in which canaries can be let loose and looked for."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from kroi.accounts.models import Role, User
from kroi.accounts.sessions import service as sessions
from kroi.core.config import Settings
from kroi.db.transaction import transaction
from kroi.notifications.cli import post_for_settings
from kroi.notifications.delivery import service as delivery
from tests.leads.privacy.canaries import Canaries
from tests.support.client import Client, show_failures, visitor
from tests.support.makers import make_car, make_user
from tests.support.own import own_app
from tests.support.valkey import Valkey


class Log(logging.Handler):
    """Everything that anybody says, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line as it would be printed, with what went wrong."""
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))


@dataclass
class House:
    """Who and what there is to try the doors of."""

    app: Flask
    engine: str
    log: Log
    valkey: Valkey
    canaries: Canaries
    shopper: Client
    staff: Client
    owner_id: int
    slug: str
    """Of a car on sale."""
    clients: list[Client] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """How the application is set up."""
        found: Settings = self.app.extensions["kroi.settings"]
        return found

    def deliver(self) -> int:
        """The worker sends what is due; how many left."""
        return delivery.sweep(post_for_settings())

    def chores(self) -> None:
        """The worker does everything that comes round."""
        for chore in self.app.extensions["kroi.chores"]:
            chore.work()


@contextmanager
def opened(engine: str, folder: Path) -> Iterator[House]:
    """A house with an owner, two cars, a mail folder, a cache, and somebody who writes down what is logged."""
    valkey, log = Valkey(), Log()
    valkey.start()
    with own_app(engine, folder, redis_url=valkey.url) as app, _listening(log):
        app.test_client_class = Client
        show_failures(app)
        owner = make_user("Olga Oja", Role.OWNER, email="olga@a.test")
        slug = make_car().slug
        staff, shopper = _signed_in(app, owner), visitor(app)
        yield House(app, engine, log, valkey, Canaries(), shopper, staff, owner.id, slug, [staff, shopper])
    valkey.remove()


@contextmanager
def _listening(log: Log) -> Iterator[None]:
    """Every logger at its most talkative, but for the database's echo of statements, which is a switch by itself."""
    root, echo = logging.getLogger(), logging.getLogger("sqlalchemy")
    before = root.level, echo.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    echo.setLevel(logging.WARNING)
    yield
    root.removeHandler(log)
    root.setLevel(before[0])
    echo.setLevel(before[1])


def _signed_in(app: Flask, user: User) -> Client:
    found = visitor(app)
    with transaction():
        sessions.start(user)
    with found.session_transaction(base_url=f"http://{found.host}") as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.session_token, True
    return found
