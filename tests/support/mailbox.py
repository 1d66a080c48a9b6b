"""A mailbox on a real IMAP server, for tests."""

import imaplib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.server import free_port


class Box:
    """A mailbox on a server of its own."""

    def __init__(self, port: int) -> None:
        self.port, self.url = port, f"imap://demouser:demopass@127.0.0.1:{port}/INBOX"

    def put(self, *mails: bytes) -> None:
        """Mails arrive, unseen."""
        with self.open() as imap:
            for mail in mails:
                assert imap.append("INBOX", "", None, mail)[0] == "OK"

    def unseen(self, what: str = "UNSEEN") -> int:
        """How many are unseen, or whatever IMAP's word says."""
        with self.open() as imap:
            imap.select("INBOX")
            return len(imap.search(None, what)[1][0].split())

    def open(self) -> imaplib.IMAP4:
        """A connection, signed in."""
        imap = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        imap.login("demouser", "demopass")
        return imap


@contextmanager
def imap_server() -> Iterator[int]:
    """The port of an IMAP server with one empty mailbox."""
    port, program = free_port(), shutil.which("pymap", path=str(Path(sys.executable).parent))
    assert program is not None
    process = subprocess.Popen(
        [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 30
        while not _answers(port):
            assert time.monotonic() < until and process.poll() is None, "the IMAP server did not start"
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
