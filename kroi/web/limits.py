"""How often one address may ask: counted for all processes of this machine together, in a small shared file.

Each address has a bucket that holds a minute's worth and fills again steadily; all that is kept of it is the time at
which it will be full, beside a digest that says nothing without our secret. Two processes that write one slot at the
same moment may forget a count: a limit need not be exact, and a lock would cost more than the answer.
"""

import hashlib
import math
import mmap
import os
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_babel import gettext as _

from kroi.core import clock
from kroi.core.config import Settings
from kroi.core.errors import TooMany
from kroi.web.urls import Environ, Wsgi

LATE = "kroi.late"  # of the environ: seconds to wait
MINUTE = 60.0
_SLOT = struct.Struct("=Qd")  # whose it is, and when their bucket is full again (seconds since 1970)
_SLOTS = 1 << 14
_LOOKED_AT = 8  # slots that one address may have


class Table:
    """The slots. Without a file they are this process's own."""

    def __init__(self, memory: mmap.mmap, secret: str) -> None:
        self._memory = memory
        self._key = hashlib.sha256(secret.encode()).digest()

    def digest(self, who: str) -> int:
        """What stands in a slot for them."""
        said = who.encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(said, key=self._key, digest_size=8).digest(), "big")

    def wait(self, who: int, now: float, per_minute: int) -> int:
        """Seconds (whole) until `who` may ask again; 0: now, and it is counted."""
        step, at = MINUTE / per_minute, self._find(who)
        full: float = now if at is None else _SLOT.unpack_from(self._memory, at)[1]
        if not now <= full <= now + MINUTE:  # long full, or no time that we wrote
            full = now
        late = full + step - now - MINUTE
        if late > 1e-6:
            return math.ceil(late)
        _SLOT.pack_into(self._memory, self._free(who) if at is None else at, who, full + step)
        return 0

    def _find(self, who: int) -> int | None:
        return next((at for at in _places(who) if _SLOT.unpack_from(self._memory, at)[0] == who), None)

    def _free(self, who: int) -> int:
        """The place whose bucket is full the longest: a crowd makes us forget, never refuse the wrong one."""
        return min(_places(who), key=lambda at: _SLOT.unpack_from(self._memory, at)[1])

    def forget(self) -> None:
        """Nobody has asked."""
        self._memory[:] = bytes(len(self._memory))


def _places(who: int) -> tuple[int, ...]:
    return tuple((who + step) % _SLOTS * _SLOT.size for step in range(_LOOKED_AT))


class Brake:
    """WSGI, in front of answers that are kept: who asks too often below `root` is sent to the app, which refuses."""

    def __init__(
        self, kept: Wsgi, app: Wsgi, table: Table, root: str, per_minute: int, asker: Callable[[str], str]
    ) -> None:
        self._kept, self._app, self.table = kept, app, table
        self._root, self.per_minute, self._asker = root, per_minute, asker

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Count, unless it is only asked whether one may ask."""
        if not environ.get("PATH_INFO", "").startswith(self._root) or environ["REQUEST_METHOD"] == "OPTIONS":
            return self._kept(environ, start_response)
        late = self.table.wait(self._who(environ), clock.now().timestamp(), self.per_minute)
        if not late:
            return self._kept(environ, start_response)
        environ[LATE] = late
        return self._app(environ, start_response)

    def _who(self, environ: Environ) -> int:
        return self.table.digest(f"{self._root}|{self._asker(environ.get('REMOTE_ADDR', ''))}")


def install(app: Flask, plain: Wsgi, root: str, per_minute: int, asker: Callable[[str], str]) -> None:
    """Let one asker ask `app` so many times a minute below `root`.

    `plain` is the app without the answers it keeps; `asker` says who stands behind an address.
    """
    here: Settings = app.extensions["kroi.settings"]
    table = Table(_memory(here.instance / "limits"), here.secret_key)
    brake = app.extensions["kroi.brake"] = Brake(app.wsgi_app, plain, table, root, per_minute, asker)
    app.wsgi_app = brake  # type: ignore[method-assign]  # Flask's way


def refuse_the_late() -> None:
    """Raises TooMany when this request comes too often."""
    late = request.environ.get(LATE)
    if late:
        raise TooMany(_("You ask too often. Please wait a moment."), late)


def _memory(path: Path) -> mmap.mmap:
    """The shared file, made when it is not there; where none can be written, memory of this process."""
    size = _SLOTS * _SLOT.size
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return mmap.mmap(-1, size)
    try:
        if os.fstat(file).st_size != size:
            os.ftruncate(file, size)
        return mmap.mmap(file, size)
    finally:
        os.close(file)
