"""One file that proves itself: a tar with a manifest first, and its own SHA-256 as the last line.

The last line is over every byte before it, so that one flipped bit anywhere is noticed; `tar` itself ignores it.
"""

import hashlib
import io
import itertools
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Protocol, TypeVar

from tqdm import tqdm

from kroi.core.errors import Invalid
from kroi.operations.backup import rules
from kroi.operations.backup.places import sync
from kroi.operations.backup.rules import File, Manifest

_SEAL = b"kroi-backup sha256 "
_SEAL_LENGTH = len(_SEAL) + 64 + 1
_BLOCK = 1024 * 1024


class Said(Protocol):
    """What a backup says about itself, of whatever kind it is."""

    @property
    def files(self) -> dict[str, File]:
        """Every file in it."""

    def dump(self) -> bytes:
        """As JSON."""


Kind = TypeVar("Kind", bound=Said)


def fingerprint(path: Path) -> File:
    """Size and SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
        return File(file.tell(), digest.hexdigest())


def write(target: Path, manifest: Said, files: Mapping[str, Path]) -> None:
    """Write the backup: whole, for the owner's eyes only, or not at all."""
    draft = target.with_name(f".{target.name}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            _write_sealed(file, manifest, files)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync(target.parent)


def _write_sealed(file: BinaryIO, manifest: Said, files: Mapping[str, Path]) -> None:
    hashing = _Hashing(file)
    size = sum(each.bytes for each in manifest.files.values())
    with tarfile.open(fileobj=hashing, mode="w|") as tar, progress("Writing", size) as tell:
        add(tar, rules.MANIFEST, io.BytesIO(manifest.dump()), len(manifest.dump()))
        for name in manifest.files:
            with files[name].open("rb") as content:
                add(tar, name, content, manifest.files[name].bytes)
            tell(manifest.files[name].bytes)
    file.write(_SEAL + hashing.digest.hexdigest().encode() + b"\n")


def add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    """A file of so many bytes, with nothing about when and by whom it was written."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


class _Hashing(io.RawIOBase):
    """Passes on what is written, and remembers its hash."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, content: object) -> int:
        """Pass on."""
        assert isinstance(content, bytes)
        self.digest.update(content)
        return self._file.write(content)


def check_seal(path: Path) -> None:
    """Is the file the one that was written, to the last bit? Raises Invalid when not."""
    size = path.stat().st_size - _SEAL_LENGTH
    digest = hashlib.sha256()
    with path.open("rb") as file, progress("Reading", max(size, 0)) as tell:
        while size > 0 and (block := file.read(min(_BLOCK, size - file.tell()))):
            digest.update(block)
            tell(len(block))
        seal = file.read()
    if size <= 0 or not seal.startswith(_SEAL):
        raise Invalid(f"{path.name} is cut short, or is no backup of Kroi's.")
    if seal != _SEAL + digest.hexdigest().encode() + b"\n":
        raise Invalid(f"{path.name} is damaged: its content does not match its own checksum.")


def read_manifest(path: Path) -> Manifest:
    """What the backup says about itself; raises Invalid."""
    return read_said(path, Manifest.load)


def read_said(path: Path, load: Callable[[bytes], Kind]) -> Kind:
    """The same for a backup of any kind."""
    with _opened(path) as tar:
        return _manifest(tar, path, load)


def unpack(path: Path, into: Path, load: Callable[[bytes], Kind]) -> Kind:
    """Every file of the backup into a folder, each checked against the manifest; raises Invalid."""
    with _opened(path) as tar:
        manifest = _manifest(tar, path, load)
        for name in _unpack_members(tar, path, manifest, into):
            _check(path, name, fingerprint(into / name), manifest.files[name])
        missing = [name for name in manifest.files if not (into / name).is_file()]
    if missing:
        raise Invalid(f"{path.name} is damaged: {missing[0]} is missing.")
    return manifest


def _unpack_members(tar: tarfile.TarFile, path: Path, manifest: Said, into: Path) -> Iterator[str]:
    """Names come from the manifest, which allows only harmless ones; nothing else in the tar is written anywhere."""
    seen = {rules.MANIFEST}
    for entry in itertools.islice(tar, 1, None):
        content = content_of(tar, entry) if entry.name in manifest.files else None
        if content is None:
            raise Invalid(f"{path.name} is damaged: it holds a file that its manifest does not name.")
        if entry.name in seen:
            raise Invalid(f"{path.name} is damaged: it holds {entry.name} twice.")
        seen.add(entry.name)
        target = into / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            while block := content.read(_BLOCK):
                file.write(block)
        yield entry.name


def content_of(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes] | None:
    """What a whole file holds; `None` for links, devices, folders, and files with holes.

    What is read is never more than the tar itself holds: a file with holes could be made of nothing, and endless.
    """
    return tar.extractfile(entry) if entry.isreg() and not entry.issparse() else None


def _check(path: Path, name: str, found: File, wanted: File) -> None:
    if found != wanted:
        raise Invalid(f"{path.name} is damaged: {name} does not match its checksum.")


def _manifest(tar: tarfile.TarFile, path: Path, load: Callable[[bytes], Kind]) -> Kind:
    entry = tar.next()
    content = content_of(tar, entry) if entry and entry.name == rules.MANIFEST else None
    if entry is None or content is None or entry.size > rules.MOST_MANIFEST:
        raise Invalid(f"{path.name} is neither a backup nor an archive of Kroi's.")
    try:
        return load(content.read())
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path.name} is nothing that this Kroi can read ({error}).") from None


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise Invalid(f"{path.name} is damaged, or neither a backup nor an archive of Kroi's.") from None


@contextmanager
def progress(what: str, size: int) -> Iterator[Callable[[int], object]]:
    """A bar of bytes, on a terminal only."""
    with tqdm(total=size, desc=what, unit="B", unit_scale=True, disable=None, leave=False) as bar:
        yield bar.update
