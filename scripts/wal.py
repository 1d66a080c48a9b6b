"""Keeps a file of PostgreSQL's log, or brings one back. Exit code 0 says that it is safe, or there.

It reads BACKUP_URL, BACKUP_KEY_FILE, KROI_INSTANCE and AWS_* from the environment or `.env`, and nothing else of Kroi:
it is called for each 16 MB of log, so it must start quickly.
"""

import os
import sys
from pathlib import Path

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kroi.core.config import folder_or_bucket  # noqa: E402
from kroi.core.errors import Invalid, NotFound, Refusal  # noqa: E402
from kroi.operations.backup import keys, places  # noqa: E402
from kroi.operations.backup.physical import wal  # noqa: E402

USAGE = """Usage: scripts/wal archive PATH | fetch NAME PATH

Examples, in postgresql.conf:
  archive_command = '/srv/kroi/scripts/wal archive %p'
  restore_command = '/srv/kroi/scripts/wal fetch %f %p'
"""


def main(arguments: list[str]) -> int:
    """Exit code: 0 done, 1 failed, 2 wrong use."""
    if arguments == ["--help"]:
        print(USAGE)
        return 0
    if [*arguments[:1], len(arguments)] not in (["archive", 2], ["fetch", 3]):
        print(USAGE, file=sys.stderr)
        return 2
    load_dotenv(ROOT / ".env")
    try:
        _do(*arguments)
    except NotFound:
        return 1  # the end of the log, which PostgreSQL asks for as a matter of course
    except Refusal as refusal:
        print(f"Kroi: {refusal.sentence}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Kroi: {error.filename or 'a file'}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _do(verb: str, name: str, path: str = "") -> None:
    instance = os.environ.get("KROI_INSTANCE") or "instance"
    place = places.at(_place(os.environ.get("BACKUP_URL", "").strip() or f"{instance}/backups"))
    key_file = os.environ.get("BACKUP_KEY_FILE", "").strip()
    locks = keys.load(ROOT / key_file if key_file else None)
    if verb == "archive":
        wal.archive(place, locks, Path(name))
    else:
        wal.fetch(place, locks, name, Path(path))


def _place(said: str) -> str | Path:
    """PostgreSQL calls from its own folder of data: what is meant from ours must not be looked for there."""
    try:
        found = folder_or_bucket(said)
    except ValueError as error:
        raise Invalid(f"BACKUP_URL: {error}") from None
    return found if places.is_bucket(found) else ROOT / found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
