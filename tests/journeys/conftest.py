"""One running dealership for each file of journeys, and windows that must not complain."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.shop import Shop
from tests.support import browser
from tests.support.server import Server


@pytest.fixture(scope="module")
def mailing() -> dict[str, str]:
    """Settings for mails of a file of journeys: they become files."""
    return {}


@pytest.fixture(scope="module")
def overnight() -> Callable[[Server], None]:
    """What a file of journeys wants stored besides, before the server starts: nothing."""
    return lambda server: None


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, mailing: dict[str, str], overnight: Callable[[Server], None]
) -> Iterator[Shop]:
    """A dealership with its worker, on SQLite."""
    server = Server(tmp_path_factory.mktemp("shop"), INQUIRY_LIMIT="1000", **mailing)
    try:
        found = Shop(server)
        overnight(server)
        server.start(worker=True)
        yield found
    finally:
        server.stop()


@pytest.fixture
def visit(chromium: Browser, shop: Shop) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own on the shop: `visit(java_script_enabled=False)`."""
    opened = []

    def make(**options: Any) -> Page:
        opened.append(browser.opened(chromium, shop.url, **options))
        return opened[-1].__enter__()

    yield make
    for each in reversed(opened):
        each.__exit__(None, None, None)
