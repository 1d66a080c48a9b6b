"""One tar of an archive's files: the same bytes for the same files. It is read as a backup is."""

import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

from kroi.operations.backup.archive import add
from kroi.operations.backup.places import sync
from kroi.operations.backup.rules import MANIFEST
from kroi.operations.exit.rules import Manifest


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Whole, for the owner's eyes only, or not at all; raises FileExistsError rather than replace a file."""
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL, 0o600))
        with tarfile.open(draft, mode="w:", format=tarfile.PAX_FORMAT) as tar:
            add(tar, MANIFEST, io.BytesIO(manifest.dump()), len(manifest.dump()))
            for name in sorted(files):
                with files[name].open("rb") as content:
                    add(tar, name, content, manifest.files[name].bytes)
        sync(draft)
        os.link(draft, target)
        sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)
