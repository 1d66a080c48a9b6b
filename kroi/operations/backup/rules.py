"""What a backup says about itself, what it is called, how long it is kept, and how two states differ."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

FORMAT = 1
EVERY = timedelta(hours=5, minutes=30)  # and it takes its time: nothing older than six hours is ever lost
BASE_EVERY = timedelta(hours=24)
RETRY_AFTER = timedelta(minutes=30)
_SKEW = timedelta(minutes=5)  # by which clocks may differ, or be set right
MANIFEST = "manifest.json"
LOCKED = ".age"  # how the names of encrypted files end
REVISION = "alembic_version"  # the table whose only row names the schema's revision
MOST_MANIFEST = 64_000_000  # bytes
_NAME = re.compile(r"kroi-(\d{8}T\d{6}Z)-(sqlite|postgresql)(-schema)?(-\d+)?\.tar(\.age)?")
MEDIA = r"media/\d+/[A-Za-z0-9][A-Za-z0-9._-]{0,200}"
"""How a picture or file of a dealership is named in every kind of backup and archive."""
_MEMBER = re.compile(rf"database\.(sqlite3|sqlite3\.gz|dump)|{MEDIA}")


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and a checksum over all of them that does not depend on their order."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Facts:
    """Everything by which two databases are compared. `revision` is the schema's migration."""

    tables: dict[str, Table]
    schema: str
    revision: str
    sequences: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True)
class File:
    """One file in a backup: its size and its SHA-256."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, in its own words."""

    made_at: datetime
    version: str
    engine: str
    server: str
    facts: Facts
    files: dict[str, File]
    schema_only: bool = False

    @property
    def database(self) -> str:
        """The name of the database's file in the backup."""
        return next(name for name in self.files if name.startswith("database."))

    @property
    def media(self) -> list[str]:
        """The names of the photos' files in the backup."""
        return [name for name in self.files if name.startswith("media/")]

    def dump(self) -> bytes:
        """As JSON."""
        values = asdict(self) | {"made_at": self.made_at.isoformat(), "format": FORMAT}
        return json.dumps(values, indent=1, sort_keys=True).encode()

    @classmethod
    def load(cls, raw: bytes) -> "Manifest":
        """From JSON; raises ValueError when it is not one of ours."""
        try:
            values = json.loads(raw)
            if values["format"] != FORMAT:
                raise ValueError(f"format {values['format']}")
            facts = values["facts"]
            tables = {str(name): Table(**table) for name, table in facts["tables"].items()}
            files = {_member(name): File(**file) for name, file in values["files"].items()}
            if sum(name.startswith("database.") for name in files) != 1:
                raise ValueError("not one database")
            return cls(
                made_at=datetime.fromisoformat(values["made_at"]),
                version=str(values["version"]),
                engine=str(values["engine"]),
                server=str(values["server"]),
                facts=Facts(tables, facts["schema"], facts["revision"], dict(facts["sequences"])),
                files=files,
                schema_only=values.get("schema_only") is True,
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no manifest: {type(error).__name__}") from None


def _member(name: str) -> str:
    if not is_member(name):
        raise ValueError("a file that no backup holds")
    return name


def is_member(name: str, known: re.Pattern[str] = _MEMBER) -> bool:
    """May a file of this name be in a backup, or in what else `known` describes?"""
    return bool(known.fullmatch(name)) and ".." not in name


def file_name(at: datetime, engine: str, taken: Iterable[str] = (), *, schema_only: bool = False) -> str:
    """The name of a backup made at this moment; numbered when two are made in one second."""
    stem = f"kroi-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{engine}{'-schema' if schema_only else ''}"
    names = {name.removesuffix(LOCKED) for name in taken}
    return next(name for name in _numbered(stem) if name not in names)


def _numbered(stem: str) -> Iterable[str]:
    yield f"{stem}.tar"
    for number in range(2, 1_000_000):
        yield f"{stem}-{number}.tar"


def newest(names: Iterable[str], now: datetime) -> str | None:
    """The newest backup that holds rows, if there is any; of a clock that was ahead only where there is no other."""
    known = [(name, made) for name in names if (made := made_at(name)) and "-schema" not in name]
    believed = [name for name, made in known if made - now <= _SKEW]
    return max(believed or [name for name, _made in known], key=_order, default=None)


def newest_first(names: Iterable[str]) -> list[str]:
    """Our backups among these, newest first."""
    return sorted((name for name in names if made_at(name)), key=_order, reverse=True)


def _order(name: str) -> tuple[str, int]:
    """By time, and within a second by number."""
    found = _NAME.fullmatch(name)
    return (found.group(1), int((found.group(4) or "-1")[1:])) if found else ("", 0)


def made_at(name: str) -> datetime | None:
    """When the backup of this name was made; `None` when it is no backup's name."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found.group(1), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None


def parse_moment(said: str) -> datetime:
    """A moment in ISO 8601; without an offset it is UTC. Raises ValueError with a sentence."""
    try:
        found = datetime.fromisoformat(said.strip())
    except ValueError:
        raise ValueError(f"{said!r} is no time. Write it as 2026-11-21T12:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_due(since: datetime | None, now: datetime, every: timedelta) -> bool:
    """Is it time for the next one? `since` is when the last one was made; `None`: never. Clocks may be ahead."""
    return since is None or now - since >= every or since - now > _SKEW


def is_expired(name: str, now: datetime, keep: timedelta) -> bool:
    """Is this one of our backups, and older than we keep them?"""
    made = made_at(name)
    return made is not None and now - made > keep


def emptied(facts: Facts, *, but: str) -> Facts:
    """The same tables without rows, except one, and sequences that were never used."""
    nothing = {name: facts.tables[name] if name == but else Table(0, "") for name in facts.tables}
    return Facts(nothing, facts.schema, facts.revision, dict.fromkeys(facts.sequences, 0))


def differences(wanted: Facts, found: Facts) -> list[str]:
    """Every way in which `found` is not `wanted`, in words. A sequence may be further, never behind."""
    lines = [_difference(name, wanted.tables, found.tables) for name in sorted({*wanted.tables, *found.tables})]
    if wanted.schema != found.schema:
        lines.append("the schema differs")
    if wanted.revision != found.revision:
        lines.append(f"the schema is {found.revision or 'empty'} and not {wanted.revision or 'empty'}")
    for name, value in sorted(wanted.sequences.items()):
        if found.sequences.get(name, -1) < value:
            lines.append(f"sequence {name} stands at {found.sequences.get(name)} and not at {value}")
    return [line for line in lines if line]


def _difference(name: str, wanted: Mapping[str, Table], found: Mapping[str, Table]) -> str:
    if name not in found or name not in wanted:
        return f"table {name} is {'missing' if name in wanted else 'not in the backup'}"
    if wanted[name].rows != found[name].rows:
        return f"table {name} has {found[name].rows} rows and not {wanted[name].rows}"
    same = wanted[name] == found[name] or not wanted[name].rows
    return "" if same else f"table {name} has other content"
