"""What a base backup says about itself, which ones a moment needs, and which files nobody needs any more."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from kroi.operations.backup.rules import MEDIA, File, is_member

FORMAT = 1
BASES, WAL = "physical/", "wal/"
FULL_EVERY = timedelta(days=7)
_NAME = re.compile(r"physical/kroi-(\d{8}T\d{6}Z)-(base|increment)-([0-9A-F]{24})\.tar(\.age)?")
_MEMBER = re.compile(rf"(base|pg_wal)\.tar(\.gz)?|backup_manifest|{MEDIA}")
_WAL = re.compile(r"[0-9A-F]{24}(\.partial|\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history")


@dataclass(frozen=True)
class Base:
    """One base backup. It can be recovered to any moment from `ended_at` on, as far as the log reaches.

    `parent` is the name of the one that it adds to, none for a full one; `first_wal` the first file of the log that it
    needs; `needs` settings that a server must have at least; `system` the number that PostgreSQL gives each cluster;
    `user` the database's owner.
    """

    began_at: datetime
    ended_at: datetime
    version: str
    server: str
    system: str
    database: str
    user: str
    parent: str | None
    first_wal: str
    needs: dict[str, int]
    files: dict[str, File]

    @property
    def major(self) -> int:
        """The major version of the server."""
        return int(self.server.split(".")[0])

    def dump(self) -> bytes:
        """As JSON."""
        times = {"began_at": self.began_at.isoformat(), "ended_at": self.ended_at.isoformat()}
        return json.dumps(asdict(self) | times | {"format": FORMAT, "kind": "base"}, indent=1, sort_keys=True).encode()

    @classmethod
    def load(cls, raw: bytes) -> "Base":
        """From JSON; raises ValueError when it is not one of ours."""
        try:
            values = json.loads(raw)
            if (values.pop("format"), values.pop("kind")) != (FORMAT, "base"):
                raise ValueError("another format")
            times = {name: datetime.fromisoformat(values[name]) for name in ("began_at", "ended_at")}
            files = {_member(name): File(**file) for name, file in values["files"].items()}
            if not is_wal_name(values["first_wal"]) or values["parent"] and not _NAME.fullmatch(values["parent"]):
                raise ValueError("a name that is none")
            return cls(**(values | times | {"files": files, "needs": _whole_numbers(values["needs"])}))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no manifest: {type(error).__name__}") from None


def _member(name: str) -> str:
    if not is_member(name, _MEMBER):
        raise ValueError("a file that no base backup holds")
    return name


def _whole_numbers(needs: Mapping[str, object]) -> dict[str, int]:
    if not all(re.fullmatch("[a-z_]{1,60}", name) for name in needs):
        raise ValueError("a setting that is none")
    return {name: int(str(value)) for name, value in needs.items()}


def file_name(base: Base) -> str:
    """Its name says what must be known without the key to read it: of when it is, and what it needs."""
    kind = "increment" if base.parent else "base"
    return f"{BASES}kroi-{base.began_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}-{base.first_wal}.tar"


def first_wal(name: str) -> str:
    """The first file of the log that the base backup of this name needs; raises ValueError for another name."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError("not the name of a base backup")
    return found.group(3)


def began_at(name: str) -> datetime | None:
    """When the base backup of this name was begun; `None` when it is no such name."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found.group(1), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None


def is_full(name: str) -> bool:
    """Does it stand alone?"""
    return "-base-" in name


def is_wal_name(name: str) -> bool:
    """Is this what PostgreSQL calls a file of its log?"""
    return bool(_WAL.fullmatch(name))


def chain(names: Iterable[str], moment: datetime) -> list[str]:
    """The newest full base begun before the moment, and every increment between: oldest first, none without a base.

    Each increment adds to the one before it, which is how they are made.
    """
    known = sorted(name for name in names if (begun := began_at(name)) and begun <= moment)
    last = max((index for index, name in enumerate(known) if is_full(name)), default=None)
    return [] if last is None else known[last:]


def expired(names: Iterable[str], now: datetime, keep: timedelta) -> list[str]:
    """Chains whose full one is older than that, whole: people are told that nothing is kept for longer.

    The newest chain stays, whatever its age: it is the only one.
    """
    known = sorted(name for name in names if began_at(name))
    fulls = [name for name in known if is_full(name)]
    kept = next((name for name in fulls if now - (began_at(name) or now) <= keep), fulls[-1] if fulls else "")
    return [name for name in known if name < kept]


def needless(wal: Iterable[str], first: str) -> list[str]:
    """Files of the log that come before `first`, which the oldest base still needs, on whatever timeline."""
    return [name for name in wal if len(name) >= 24 and is_wal_name(name) and name[8:24] < first[8:24]]


def segment(timeline: int, lsn: str, size: int) -> str:
    """The name of the log's file that holds this place; `size` is a file's bytes."""
    high, low = (int(part, 16) for part in lsn.split("/"))
    number, per_id = ((high << 32) + low) // size, 0x100000000 // size
    return f"{timeline:08X}{number // per_id:08X}{number % per_id:08X}"
