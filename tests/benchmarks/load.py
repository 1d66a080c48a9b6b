"""The load: one process that keeps some connections busy and notes how long each answer took.

Reads its order as JSON on standard input and writes what it saw on standard output. Imports nothing but the standard
library: it starts for every turn. It never waits between requests unless the order says a rate.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle

_MOST_READ = 1 << 16  # more would cost a page fault for each read
_PATIENCE = 120.0  # seconds for one answer


@dataclass(frozen=True)
class Order:
    """Ask `paths` in turn, again from the start at the end (unless `once`), for `seconds`, over `connections`."""

    port: int
    paths: list[str]
    seconds: float
    connections: int = 4
    headers: dict[str, str] = field(default_factory=dict)
    once: bool = False


@dataclass
class Seen:
    """What came back: times in milliseconds, bytes without heads, answers by status."""

    requests: int = 0
    seconds: float = 0.0
    bytes: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds if self.seconds else 0.0


class _Connection:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)  # with a timeout Python would ask the kernel once more before each call
        self.sent_at = 0.0
        self.data = b""
        self.needed = 0

    def send(self, request: bytes) -> None:
        self.data, self.needed, self.sent_at = b"", 0, time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what is there; is the answer complete?"""
        some = self.socket.recv(_MOST_READ)
        if not some:
            raise ConnectionError("the server closed the connection")
        self.data = self.data + some if self.data else some
        if not self.needed:
            self.needed = _length(self.data)
        return 0 < self.needed <= len(self.data)


def _length(data: bytes) -> int:
    """Bytes of the whole answer; 0 while that is not known."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = data[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if data[9:12] == b"304" or data[9:12] == b"204":
        return end + 4
    if at >= 0:
        return end + 4 + int(head[at + 17 :].split(b"\r", 1)[0])
    last = data.rfind(b"0\r\n\r\n")
    return last + 5 if last >= 0 and last + 5 == len(data) else 0


def run(order: Order) -> Seen:
    """Carry the order out."""
    head = "".join(f"{name}: {value}\r\n" for name, value in order.headers.items())
    made = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{order.port}\r\n{head}\r\n".encode() for path in order.paths]
    requests, seen = iter(made) if order.once else cycle(made), Seen()
    statuses: dict[bytes, int] = {}
    with selectors.DefaultSelector() as selector:
        begun = time.perf_counter()
        until, busy = begun + order.seconds, 0
        for _ in range(order.connections):
            request = next(requests, None)
            if request:
                connection = _Connection(order.port)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.send(request)
                busy += 1
        while busy:
            ready = selector.select(_PATIENCE)
            if not ready:
                raise TimeoutError("no answer came")
            for key, _events in ready:
                connection = key.data
                if not connection.receive():
                    continue
                now = time.perf_counter()
                seen.milliseconds.append((now - connection.sent_at) * 1000)
                seen.bytes += len(connection.data) - connection.data.find(b"\r\n\r\n") - 4
                status = connection.data[9:12]
                statuses[status] = statuses.get(status, 0) + 1
                request = next(requests, None) if now < until else None
                if request:
                    connection.send(request)
                else:
                    busy -= 1
        seen.seconds = time.perf_counter() - begun
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    seen.requests = len(seen.milliseconds)
    seen.statuses = {status.decode(): count for status, count in statuses.items()}
    return seen


if __name__ == "__main__":
    json.dump(asdict(run(Order(**json.load(sys.stdin)))), sys.stdout)
