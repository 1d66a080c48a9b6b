"""A text file that is there whole or not at all, also after a power cut."""

import os
from pathlib import Path

from kroi.operations.backup.places import sync


def replace_text(path: Path, text: str) -> None:
    """Put a new content in the place of the old one, with its mode and owner; a new one is for the owner only."""
    target = path.resolve()  # a link stays a link
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        if target.exists():
            found = target.stat()
            os.fchmod(file.fileno(), found.st_mode & 0o7777)
            if (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), found.st_uid, found.st_gid)
        os.fsync(file.fileno())
    os.replace(draft, target)
    sync(target.parent)
