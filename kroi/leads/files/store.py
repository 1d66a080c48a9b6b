"""Where the bytes lie: beside the pictures, so that backups take them along, under names no public address has."""

import re
from pathlib import Path

from kroi.catalogue.photos.store import Folder
from kroi.web.settings import settings

_NAME = re.compile(r"paper-[0-9a-f]{32}\.(pdf|jpg)", re.ASCII)


class Private(Folder):
    """Files that are read through the portal only."""

    def path(self, dealership_id: int, name: str) -> Path:
        """Where a file lies; raises ValueError for a name that no private file has."""
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of a private file")
        return self.root / str(int(dealership_id)) / name


def here() -> Private:
    """The private store of this installation."""
    return Private(Path(settings().media_url))


def file_name(digest: str, kind: str) -> str:
    """What a file is called in the store."""
    return f"paper-{digest}.{kind}"
