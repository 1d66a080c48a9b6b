"""Fixtures that start something: Valkey, Kroi's own server, Chromium."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support import browser, site
from tests.support.server import Server
from tests.support.valkey import Valkey

MakeServer = Callable[..., Server]


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Valkey]:
    """One Valkey for this process."""
    server = Valkey()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def valkey(valkey_server: Valkey) -> Valkey:
    """A Valkey that remembers nothing; who kills one makes a `Valkey()` of their own."""
    valkey_server.empty()
    return valkey_server


@pytest.fixture
def make_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeServer]:
    """Makes installations that really run: `make_server("postgresql", INQUIRY_LIMIT="500")`, then `.start()`."""
    made: list[Server] = []

    def make(engine: str = "sqlite", **settings: str) -> Server:
        made.append(Server(tmp_path_factory.mktemp("server"), engine, **settings))
        return made[-1]

    yield make
    for server in made:
        server.kill()


@pytest.fixture(scope="session")
def demo() -> site.Site:
    """The demo dealership, served: one for the run, to look at."""
    return site.shared()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for this process."""
    with browser.launched() as found:
        yield found


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser window of its own: `open_page(server.url, java_script_enabled=False)`."""
    opened = []

    def make(url: str, **options: Any) -> Page:
        opened.append(browser.opened(chromium, url, **options))
        return opened[-1].__enter__()

    yield make
    for each in reversed(opened):
        each.__exit__(None, None, None)
