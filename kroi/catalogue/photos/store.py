"""Where pictures lie: a folder per dealership, each file under the name of its content."""

import os
import tempfile
from pathlib import Path

from kroi.catalogue.photos import rules
from kroi.web.settings import settings


class Folder:
    """Pictures of all dealerships under one root. Nothing is read or written under a name that is not ours."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, dealership_id: int, name: str) -> Path:
        """Where a picture lies; raises ValueError for a name that no picture has."""
        if not rules.is_file_name(name):
            raise ValueError("not the name of a picture")
        return self.root / str(int(dealership_id)) / name

    def has(self, dealership_id: int, name: str) -> bool:
        """Was this picture made?"""
        return self.path(dealership_id, name).is_file()

    def find(self, dealership_id: int, name: str) -> bytes | None:
        """A picture's bytes, or `None` when it was never made."""
        try:
            return self.path(dealership_id, name).read_bytes()
        except (FileNotFoundError, ValueError):
            return None

    def write(self, dealership_id: int, name: str, content: bytes) -> None:
        """Keep a picture: whole or not at all, also when the power fails, and whoever else writes it now."""
        path = self.path(dealership_id, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with open(handle, "wb") as file:
                os.fchmod(file.fileno(), 0o644)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def used(self, dealership_id: int) -> int:
        """Bytes of all that lies there."""
        folder = self.root / str(int(dealership_id))
        return sum(each.stat().st_size for each in os.scandir(folder) if each.is_file()) if folder.is_dir() else 0

    def delete(self, dealership_id: int, name: str) -> None:
        """Forget a picture; nothing happens when there is none."""
        self.path(dealership_id, name).unlink(missing_ok=True)


def here() -> Folder:
    """The store of this installation, as its settings say."""
    return Folder(Path(settings().media_url))
