"""Asks for pages over many connections at once, without a pause, and says how each was answered.

python -m tests.drill.flood PORT CONNECTIONS SECONDS
"""

import asyncio
import json
import random
import ssl
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from tests.drill.ledger import AGAIN, SILENT, SUCCESS, WRONG, verdict

Answer = tuple[int, dict[str, str]]
_PATIENCE = 30  # seconds
_PATHS = ("/cars/", "/cars/?sort=price", "/", "")
_LULL = 1.0  # seconds before who was sent away comes back; Retry-After says ten
_TO_COME = 60.0  # seconds


@dataclass
class Window:
    """The time in which answers count: so many seconds from the moment when everybody was answered once."""

    awaited: int
    seconds: float
    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    until: float = field(default_factory=lambda: time.monotonic() + _TO_COME)
    is_open: bool = False

    def is_over(self) -> bool:
        """Does everybody go home?"""
        return time.monotonic() >= self.until

    def greet(self) -> None:
        """Somebody was answered for the first time."""
        self.awaited -= 1
        if self.awaited == 0:
            self.until, self.is_open = time.monotonic() + self.seconds, True

    def note(self, worth: str, words: str) -> None:
        """Somebody was answered."""
        self.found[worth] += int(self.is_open and not self.is_over())
        self.wrong[words] += int(worth not in (SUCCESS, AGAIN, SILENT))


async def main(port: int, connections: int, seconds: float) -> None:
    """All of them, to the end."""
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    window = Window(connections, seconds)
    await asyncio.gather(*(visitor(port, tls, window) for _ in range(connections)))
    if not window.is_open:
        window.wrong[f"{window.awaited} were never answered"] += 1
    counts = {name: window.found[name] for name in (SUCCESS, AGAIN, SILENT)}
    sys.stdout.write(json.dumps({**counts, "wrong": list(+window.wrong), "seconds": seconds}))


async def visitor(port: int, tls: ssl.SSLContext, window: Window) -> None:
    """One who keeps a connection as long as it lasts."""
    paths, is_new = wanted(), True
    while not window.is_over():
        try:
            async for status, headers in visit(port, tls, window, paths):
                window.note(verdict(status, headers), str(status))
                if is_new:
                    window.greet()
                is_new = False
        except TimeoutError:
            window.note(WRONG, "no answer in 30 s")
        except (OSError, EOFError, ValueError):
            window.note(SILENT, "")
        await asyncio.sleep(_LULL)


def wanted() -> Iterator[str]:
    """Pages without end: most are kept, every fourth is a search that nobody made before."""
    for path in cycle(_PATHS):
        yield path or f"/cars/?min_price={random.randrange(1, 1_000_000)}"


async def visit(port: int, tls: ssl.SSLContext, window: Window, paths: Iterator[str]) -> AsyncIterator[Answer]:
    """Pages over one connection, until somebody has enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
    try:
        status, headers = 200, dict[str, str]()
        while not window.is_over() and status not in (429, 503) and headers.get("connection") != "close":
            status, headers = await asyncio.wait_for(page(reader, writer, next(paths)), _PATIENCE)
            yield status, headers
    finally:
        writer.close()


async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> Answer:
    """One page's status and headers; raises EOFError when the other side hangs up, ValueError when it is nonsense."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    else:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head[0].split()[1]), headers


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
