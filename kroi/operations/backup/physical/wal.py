"""PostgreSQL's log, file by file: each is kept once, with its own checksum, and never replaced by another."""

import gzip
import hashlib
import io
import os
import tempfile
import zlib
from pathlib import Path

from kroi.core.errors import Conflict, Invalid, NotFound
from kroi.operations.backup import keys as ages
from kroi.operations.backup.keys import Keys
from kroi.operations.backup.physical import rules
from kroi.operations.backup.places import Place, sync

_LEVEL = 3  # a file of the log is half empty as a rule: more costs time and saves little
_MARK = b"kroi-wal 1"


def archive(place: Place, keys: Keys | None, path: Path) -> None:
    """Keep a file of the log; done already is done. Raises Conflict when another one lies there under its name."""
    name = path.name
    if not rules.is_wal_name(name):
        raise Invalid(f"{name} is no file of PostgreSQL's log.")
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with tempfile.TemporaryDirectory(prefix="kroi-wal-", dir=_near(place)) as folder:
        draft = Path(folder, name)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(_packed(name, digest, content, keys))
        if place.put(rules.WAL + name, draft):
            return
        kept = place.fetch(rules.WAL + name, Path(folder))
        with kept.open("rb") as known:
            if _digest_in(known.readline(200), name) != digest:
                raise Conflict(f"{name} is kept already and holds something else: does another server write there?")


def fetch(place: Place, keys: Keys | None, name: str, into: Path) -> None:
    """Bring a file of the log back; raises NotFound where the log ends, Invalid for a damaged one."""
    if not rules.is_wal_name(name):
        raise NotFound(f"{name} is no file of PostgreSQL's log.")
    with tempfile.TemporaryDirectory(prefix="kroi-wal-", dir=into.parent) as folder:
        content = read(place.fetch(rules.WAL + name, Path(folder)), keys)
        draft = Path(folder, "draft")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(into)
    sync(into.parent)


def read(path: Path, keys: Keys | None) -> bytes:
    """What a kept file holds, proven; raises Invalid."""
    with path.open("rb") as file:
        wanted = _digest_in(file.readline(200), path.name)
        payload = file.read()
    try:
        if payload.startswith(b"age-encryption.org/"):
            plain = io.BytesIO()
            ages.unlock(keys, io.BytesIO(payload), plain, name=path.name)
            payload = plain.getvalue()
        content = gzip.decompress(payload)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Invalid(f"{path.name} of the log is damaged or cut short.") from None
    if hashlib.sha256(content).hexdigest() != wanted:
        raise Invalid(f"{path.name} of the log is damaged: it does not match its own checksum.")
    return content


def _packed(name: str, digest: str, content: bytes, keys: Keys | None) -> bytes:
    packed = gzip.compress(content, _LEVEL, mtime=0)
    if keys is not None:
        locked = io.BytesIO()
        ages.lock(keys, io.BytesIO(packed), locked)
        packed = locked.getvalue()
    return b"%s %s %s\n%s" % (_MARK, name.encode(), digest.encode(), packed)


def _digest_in(line: bytes, name: str) -> str:
    words = line.decode("ascii", "replace").split()
    if len(words) != 4 or " ".join(words[:3]) != f"{_MARK.decode()} {name}":
        raise Invalid(f"{name} of the log is damaged, or is another file under its name.")
    return words[3]


def _near(place: Place) -> Path | None:
    """Scratch work for a folder is done on its disk."""
    root = getattr(place, "root", None)
    if root is None:
        return None
    Path(root).mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(root)
