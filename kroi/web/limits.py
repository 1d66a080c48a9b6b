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
from pathlib import Path

from flask import current_app

from kroi.core import clock
from kroi.web.settings import settings

MINUTE = 60.0
_SLOT = struct.Struct("=Qd")  # whose it is, and when their bucket is full again (seconds since 1970)
_SLOTS = 1 << 14
_LOOKED_AT = 8  # slots that one address may have


class Table:
    """The slots. Without a file they are this process's own."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory

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


def wait(kind: str, address: str, per_minute: int) -> int:
    """Seconds until this address may ask for things of this kind again; 0: now, and it is counted."""
    said = f"{kind}|{address}".encode("utf-8", "surrogatepass")
    key = hashlib.sha256(settings().secret_key.encode()).digest()
    who = hashlib.blake2b(said, key=key, digest_size=8).digest()
    return table().wait(int.from_bytes(who, "big") or 1, clock.now().timestamp(), per_minute)


def table() -> Table:
    """The slots of this application."""
    found: Table | None = current_app.extensions.get("kroi.limits")
    if found is None:
        found = current_app.extensions["kroi.limits"] = Table(_memory(settings().instance / "limits"))
    return found


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
