"""Two hundred visitors who hold what they can: headers, bodies and reads that never end, and silent connections.

    python -m tests.deploy.slow PORT

Says "ready" once all are connected, goes on until its input closes, and says how many of each kind it had.
"""

import contextlib
import json
import select
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice

MANY = 200
BETWEEN = 1.0  # seconds between two bytes
HEADER = b"GET /cars/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (
    b"POST /contact HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 900000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nmessage="
)
READ = b"GET /cars/ HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n\r\n"
KINDS = {"headers": HEADER, "bodies": BODY, "reads": READ, "silence": b""}
DRIBBLES = ("headers", "bodies")


class Slow:
    """One of them; whoever is sent away comes back."""

    def __init__(self, port: int, kind: str, tls: ssl.SSLContext) -> None:
        self.kind, self._port, self._tls = kind, port, tls
        self._connection = self._connect()

    def goes_on(self) -> bool:
        """One more byte; `False` when the other side had enough and we came back."""
        try:
            if self.kind in DRIBBLES:
                self._connection.send(b"x")
            return True
        except (OSError, ssl.SSLError):
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = self._connect()
            return False

    def _connect(self) -> ssl.SSLSocket:
        bare = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        found = self._tls.wrap_socket(bare, server_hostname="localhost")
        if KINDS[self.kind]:
            found.sendall(KINDS[self.kind])
        return found


def main(port: int) -> None:
    """Connect, hold, and report."""
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    crowd = [Slow(port, kind, tls) for kind in islice(cycle(KINDS), MANY)]
    _say("ready")
    sent_away: Counter[str] = Counter()
    for _ in _beats():
        sent_away.update(each.kind for each in crowd if not each.goes_on())
    _say(json.dumps({"held": Counter(each.kind for each in crowd), "sent_away": sent_away}))


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _beats() -> Iterator[None]:
    """One for each byte, until our input closes."""
    while True:
        until = time.monotonic() + BETWEEN
        yield
        if select.select([sys.stdin], [], [], max(0.0, until - time.monotonic()))[0]:
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
