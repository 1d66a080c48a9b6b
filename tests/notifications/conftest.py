"""A post that keeps mails in a folder, and a mail server that is real."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from kroi.notifications.cli import render
from kroi.notifications.delivery.carriers import Files, Smtp
from kroi.notifications.delivery.service import Post

ADDRESS = "https://cars.a.test"


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    """Where the mails of `post` lie."""
    return tmp_path / "mail"


@pytest.fixture
def post(app: Flask, mail_folder: Path) -> Post:
    """Mails become files."""
    return Post(Files(mail_folder), render, ADDRESS)


class Inbox:
    """What a mail server got, and what it is to answer next (then 250)."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, connection: Any, envelope: Any) -> str:
        """Take a mail, or refuse it."""
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(envelope.content)
        return answer


@pytest.fixture
def inbox() -> Inbox:
    """The mailbox behind `smtp_url`."""
    return Inbox()


@pytest.fixture
def mail_server(inbox: Inbox) -> Iterator[Controller]:
    """A mail server on a port of its own."""
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    yield server
    server.stop(no_assert=True)


@pytest.fixture
def smtp_post(app: Flask, mail_server: Controller) -> Iterator[Post]:
    """Mails go to `mail_server`."""
    carrier = Smtp(f"smtp://127.0.0.1:{mail_server.port}")
    yield Post(carrier, render, ADDRESS)
    carrier.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def nobody_listens() -> Callable[[], int]:
    """Ports without a server."""
    return free_port
