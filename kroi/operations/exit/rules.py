"""What an archive says about itself."""

import json
import re
from dataclasses import asdict, dataclass

from kroi.operations.backup.rules import MEDIA, File, Table, is_member
from kroi.operations.rows.rules import Kind

FORMAT = 1
DATABASE = "kroi.sqlite3"
_MEMBER = re.compile(rf"kroi\.sqlite3|csv/[a-z_]+\.csv|json/[a-z_]+\.jsonl|{MEDIA}")
TYPES = {Kind.WHOLE: "INTEGER", Kind.YES_NO: "INTEGER"}


@dataclass(frozen=True)
class Manifest:
    """Nothing in it says when or where it was made: the same rows are the same archive, to the last byte."""

    version: str
    revision: str
    dealership: str | None
    tables: dict[str, Table]
    files: dict[str, File]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def media(self) -> list[str]:
        """The names of its pictures and files."""
        return [name for name in self.files if name.startswith("media/")]

    def dump(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self) | {"format": FORMAT}, indent=1, sort_keys=True).encode()

    @classmethod
    def load(cls, raw: bytes) -> "Manifest":
        """From JSON; raises ValueError when it is not one of ours."""
        try:
            values = json.loads(raw)
            if values["format"] != FORMAT:
                raise ValueError(f"format {values['format']}")
            return cls(
                version=str(values["version"]),
                revision=str(values["revision"]),
                dealership=values["dealership"],
                tables={str(name): Table(**table) for name, table in values["tables"].items()},
                files={_member(name): File(**file) for name, file in values["files"].items()},
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no manifest: {type(error).__name__}") from None


def _member(name: str) -> str:
    if not is_member(name, _MEMBER):
        raise ValueError("a file that no archive holds")
    return name
