"""The list of who was erased, kept beside the backups: a burnt disk must not bring back whom it had forgotten.

It holds numbers and no names. Lines are only added, so that the longest copy is the newest.
"""

import re
from pathlib import Path

from kroi.core import journal
from kroi.core.config import Settings
from kroi.leads.privacy import ledger
from kroi.operations.backup import places
from kroi.operations.backup.workplaces import within

FOLDER = "ledger/"
_NAME = re.compile(r"ledger/erasures-(\d{12})\.jsonl")


def size() -> int:
    """Bytes of the list here, 0 without one."""
    path = ledger.path()
    return path.stat().st_size if path.is_file() else 0


def send(settings: Settings, where: str | Path) -> bool:
    """Put a copy beside the backups if it has grown since; was that done? Raises Refusal."""
    if not size():
        return False
    place = places.at(where)
    with within(settings.instance) as folder:
        copy = folder / "erasures.jsonl"
        copy.write_bytes(ledger.path().read_bytes())
        name = f"{FOLDER}erasures-{copy.stat().st_size:012}.jsonl"
        known = [each for each in place.sizes(FOLDER) if _NAME.fullmatch(each)]
        if name in known or not place.put(name, copy):
            return False
    for each in known:
        if each < name:
            place.delete(each)
    return True


def bring(settings: Settings, where: str | Path) -> int:
    """Add the lines that stand beside the backups and not here, as after a disk was lost; how many. Raises Refusal."""
    place = places.at(where)
    known = sorted(each for each in place.sizes(FOLDER) if _NAME.fullmatch(each))
    with within(settings.instance) as folder:
        there = [line for name in known for line in journal.read(place.fetch(name, folder))]
    here = journal.read(ledger.path())
    missing = [line for line in there if line not in here]
    for line in missing:
        journal.append(ledger.path(), line)
    return len(missing)
