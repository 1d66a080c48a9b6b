"""From base backups to files that a server can start on: fetched, proven, unpacked and put together."""

import os
import shutil
import tarfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from kroi.core.config import Settings
from kroi.core.errors import Invalid, NotFound
from kroi.operations.backup import archive, programs, service
from kroi.operations.backup.physical import rules
from kroi.operations.backup.physical.rules import Base
from kroi.operations.backup.places import Place


def unpack(path: Path, into: Path) -> Base:
    """Prove a base backup and lay its files out in `into/data`; PostgreSQL compares each with its own list."""
    archive.check_seal(path)
    base = archive.unpack(path, into / "members", Base.load)
    data = into / "data"
    for name, folder in (("base", data), ("pg_wal", data / "pg_wal")):
        (packed,) = (into / "members").glob(f"{name}.tar*")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _untar(packed, folder)
        packed.unlink()
    shutil.copyfile(into / "members" / "backup_manifest", data / "backup_manifest")
    _verify(data, base)
    return base


def assemble(settings: Settings, place: Place, moment: datetime, folder: Path) -> tuple[Base, list[str]]:
    """The newest base before the moment in `folder/data`, and the pictures of its chain, by name, in `folder/media`."""
    found = _fetch_chain(settings, place, moment, folder)
    base = found[-1][0]
    if len(found) == 1:
        (found[0][1] / "data").rename(folder / "data")
    else:
        parts = [str(each / "data") for _base, each in found]
        programs.run("pg_combinebackup", base.major, "", f"--output={folder / 'data'}", *parts)
        _verify(folder / "data", base)
    for _base, each in found:
        if (each / "members" / "media").is_dir():
            shutil.copytree(each / "members" / "media", folder / "media", dirs_exist_ok=True, copy_function=shutil.move)
        shutil.rmtree(each)
    (folder / "data").chmod(0o700)
    return base, sorted(each for one, _folder in found for each in one.files if each.startswith("media/"))


def _fetch_chain(settings: Settings, place: Place, moment: datetime, folder: Path) -> list[tuple[Base, Path]]:
    """The full one and all that add to it; raises NotFound where none is old enough, Invalid where one is missing."""
    found: list[tuple[Base, Path]] = []
    names = rules.chain(place.sizes(rules.BASES), moment)
    for number, name in enumerate(names):
        into = folder / f"part-{number}"
        into.mkdir()
        path = place.fetch(name, into)
        base = unpack(service.unlocked(settings, path, into), into)
        if base.ended_at > moment:
            break
        if (
            base.parent != (names[number - 1] if number else None)
            or base.system != (found or [(base, into)])[0][0].system
        ):
            raise Invalid(f"{name} does not add to the base backup before it: one between is missing.")
        found.append((base, into))
    if not found:
        raise NotFound(f"There is no base backup in {place.address} from before {moment.isoformat()}.")
    return found


def _untar(packed: Path, into: Path) -> None:
    try:
        with tarfile.open(packed) as tar:
            for entry in tar:
                if not _lay(tar, entry, into):
                    raise Invalid(f"{packed.name} in the base backup holds what no base backup holds.")
    except (tarfile.TarError, EOFError, FileExistsError, NotADirectoryError) as error:
        raise Invalid(f"{packed.name} in the base backup cannot be unpacked ({type(error).__name__}).") from None


def _lay(tar: tarfile.TarFile, entry: tarfile.TarInfo, into: Path) -> bool:
    """Lay a folder or a whole file below `into`, for its owner alone; may that be in a base backup at all?

    Written out here because `tarfile` knows what to refuse from Python 3.11.4 on, and Debian 12 has an earlier one.
    """
    place, content = PurePosixPath(entry.name), archive.content_of(tar, entry)
    if place.is_absolute() or ".." in place.parts or (content is None and not entry.isdir()):
        return False
    target = into / place
    (target if content is None else target.parent).mkdir(mode=0o700, parents=True, exist_ok=True)
    if content is not None:
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file)
    return True


def _verify(data: Path, base: Base) -> None:
    programs.run("pg_verifybackup", base.major, "", "--no-parse-wal", "--quiet", str(data))
