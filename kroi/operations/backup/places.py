"""Where backups are kept: a folder, or a bucket that speaks S3. What was put there is there whole, or not at all."""

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from kroi.core.errors import Conflict, NotFound

_BLOCK = 1024 * 1024
_ONE_REQUEST = 64 * 1024 * 1024  # bytes; larger files go in parts, which S3 cannot refuse where the name is taken
_PATIENCE = timedelta(minutes=2)  # for a bucket that does not answer
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}


class Place(Protocol):
    """A folder or a bucket. Names may have one folder before them (`wal/…`)."""

    address: str

    def sizes(self, under: str = "") -> dict[str, int]:
        """Every file directly in the place, or in one folder of it (`wal/`), by full name, with its bytes."""

    def put(self, name: str, source: Path) -> bool:
        """Move or copy a file there and read it back; false, and nothing is touched, when the name is taken."""

    def fetch(self, name: str, into: Path) -> Path:
        """The file, on this disk: in `into` unless it lies here anyway; raises NotFound."""

    def delete(self, name: str) -> None:
        """Forget a file; nothing happens when there is none."""


def at(address: str | Path) -> Place:
    """The place of this address."""
    return Bucket(str(address)) if is_bucket(address) else Folder(Path(address))


def is_bucket(address: str | Path) -> bool:
    """Is this the address of a bucket rather than a folder?"""
    return str(address).startswith("s3:/")  # a path that was made of an address has lost a slash


class Folder:
    """A folder on this machine, or on a disk that it sees."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.address = str(root)

    def sizes(self, under: str = "") -> dict[str, int]:
        """What lies there; half-written files begin with a dot."""
        folder = self.root / under
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return {f"{under}{each.name}": each.stat().st_size for each in found if each.is_file() and each.name[0] != "."}

    def put(self, name: str, source: Path) -> bool:
        """On the disk when this returns."""
        target = self.root / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            _copy(source, draft)
            taken = not _name(draft, target)
        finally:
            draft.unlink(missing_ok=True)
        sync(target.parent)
        return not taken

    def fetch(self, name: str, into: Path) -> Path:
        """Where it lies."""
        path = self.root / name
        if not path.is_file():
            raise NotFound(f"There is no {name} in {self.address}.")
        return path

    def delete(self, name: str) -> None:
        """Gone."""
        (self.root / name).unlink(missing_ok=True)


class Bucket:
    """`s3://bucket/prefix`; who we are and where it is say the usual `AWS_*` variables."""

    def __init__(self, address: str) -> None:
        bucket, _slash, prefix = address.removeprefix("s3:").strip("/").partition("/")
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
        where = {"endpoint": endpoint} if endpoint else {}
        self.address = f"s3://{bucket}/{prefix}".rstrip("/")
        self._store = S3Store(
            bucket,
            prefix=prefix.strip("/") or None,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": "300s", "connect_timeout": "10s"},
            retry_config={"max_retries": 4, "retry_timeout": _PATIENCE},
            **where,  # type: ignore[arg-type]  # a dictionary of what is known
        )

    def sizes(self, under: str = "") -> dict[str, int]:
        """What lies there, half-sent files excepted."""
        with _in_words(self.address):
            found = obstore.list_with_delimiter(self._store, under or None)["objects"]
        return {each["path"]: each["size"] for each in sorted(found, key=lambda each: each["path"])}

    def put(self, name: str, source: Path) -> bool:
        """Sent, fetched again and found the same."""
        with _in_words(self.address):
            if source.stat().st_size > _ONE_REQUEST:
                if self._has(name):
                    return False
                obstore.put(self._store, name, source)
            else:
                try:
                    obstore.put(self._store, name, source.read_bytes(), mode="create")
                except AlreadyExistsError:
                    return False
                except FileNotFoundError:
                    raise Conflict(f"{self.address} is not there: check the bucket's name.") from None
            self._prove(name, source)
        return True

    def _prove(self, name: str, source: Path) -> None:
        try:
            _check_copy(_digest_of(source), _digest(self._blocks(name)), name)
        except Conflict:
            self.delete(name)  # or the next try would take it for the good one
            raise

    def fetch(self, name: str, into: Path) -> Path:
        """A copy in `into`."""
        target = into / Path(name).name
        try:
            with _in_words(self.address), target.open("wb") as file:
                for block in self._blocks(name):
                    file.write(block)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            raise NotFound(f"There is no {name} in {self.address}.") from None
        return target

    def delete(self, name: str) -> None:
        """Gone."""
        with _in_words(self.address):
            obstore.delete(self._store, name)

    def _has(self, name: str) -> bool:
        try:
            obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        return True

    def _blocks(self, name: str) -> Iterator[bytes]:
        for block in obstore.get(self._store, name).stream(min_chunk_size=_BLOCK):
            yield bytes(block)


def sync(path: Path) -> None:
    """What was written to a file or folder is on the disk. A file's name is there only when its folder is."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(source: Path, draft: Path) -> None:
    """The same file under a second name where disks allow that, else a copy that was read back."""
    try:
        os.link(source, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    with source.open("rb") as content, open(os.open(draft, _NEW, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _BLOCK)
        file.flush()
        os.fsync(file.fileno())
    _check_copy(_digest_of(source), _digest_of(draft), draft.name)


def _name(draft: Path, target: Path) -> bool:
    """Give the draft its name unless that is taken: a link, unlike a rename, never replaces what is there."""
    try:
        os.link(draft, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS or target.exists():
            raise
        draft.rename(target)
    return True


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(blocks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _check_copy(wanted: str, found: str, name: str) -> None:
    if wanted != found:
        raise Conflict(f"{name} was written and reads back differently: the disk or the network is at fault.")


@contextmanager
def _in_words(address: str) -> Iterator[None]:
    """What the bucket's side says becomes a sentence, without what it may repeat of our keys."""
    try:
        yield
    except (AlreadyExistsError, FileNotFoundError):
        raise
    except BaseError as error:
        raise Conflict(f"{address} {_meant(error)}.") from None


def _meant(error: BaseError) -> str:
    """Only some of its errors say by their kind what the bucket answered."""
    status = re.search(r"status code: (\d{3})", str(error))
    if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or status and status[1] in ("401", "403"):
        return "does not let us in, or not do that: check the AWS_* variables and what they may"
    if status and status[1] == "404":
        return "is not there: check the bucket's name, AWS_REGION and AWS_ENDPOINT_URL"
    return f"does not answer as it should ({type(error).__name__})"
