"""Photos of shoppers' own cars: made anew like the catalogue's, and kept where no address leads to."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from kroi.catalogue.photos import images
from kroi.catalogue.photos import rules as pictures
from kroi.catalogue.photos.images import Unusable
from kroi.catalogue.photos.rules import Fault
from kroi.catalogue.photos.store import Folder
from kroi.core import clock
from kroi.db.tenancy import current_dealership_id
from kroi.leads.rules import OwnPhoto
from kroi.leads.wishes import queries
from kroi.web import tokens
from kroi.web.settings import settings

SIZES = (480, 1600)  # a small one in a row, a large one to look at
FORGOTTEN_AFTER = timedelta(days=1)  # when no lead came of the form
_PURPOSE = "own photos"
_NAME = re.compile(r"own-([0-9a-f]{32})-(480|1600)\.webp", re.ASCII)


class Private(Folder):
    """Beside the public pictures, so that backups take them along, under names that no public address has."""

    def path(self, dealership_id: int, name: str) -> Path:
        """Where a picture lies; raises ValueError for a name that no private picture has."""
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of a private picture")
        return self.root / str(int(dealership_id)) / name


def here() -> Private:
    """The private store of this installation."""
    return Private(Path(settings().media_url))


def file_name(digest: str, size: int) -> str:
    """The name of one picture."""
    return f"own-{digest}-{size}.webp"


def prepare(nonce: str, content: bytes) -> OwnPhoto:
    """Make the pictures of a photo that came with the form of this nonce; raises Unusable. Takes a while."""
    photo = images.read(content)
    digest = hashlib.sha256(pictures.PIPELINE + nonce.encode() + content).hexdigest()[:32]
    for size in SIZES:
        here().write(current_dealership_id(), file_name(digest, size), images.picture(photo, size))
    return OwnPhoto(digest, photo.width, photo.height)


def prepare_all(nonce: str, contents: Iterable[bytes]) -> tuple[list[OwnPhoto], Fault | None]:
    """The photos that can be used, each once, and what was wrong with the first that cannot."""
    made: dict[str, OwnPhoto] = {}
    fault = None
    for content in contents:
        try:
            photo = prepare(nonce, content)
            made[photo.digest] = photo
        except Unusable as error:
            fault = fault or error.fault
    return list(made.values()), fault


def find(digest: str, size: int) -> bytes | None:
    """A picture, or `None` when there is none."""
    return here().find(current_dealership_id(), file_name(digest, size))


def sign(nonce: str, photos: Sequence[OwnPhoto]) -> str:
    """These photos, for a form that comes back with a mistake."""
    return tokens.make(_PURPOSE, [nonce, [[each.digest, each.width, each.height] for each in photos]])


def read(nonce: str, signed: str) -> list[OwnPhoto]:
    """What `sign` signed for the form of this nonce; nothing when it did not."""
    known = tokens.read(_PURPOSE, signed) if signed else None
    return [OwnPhoto(*each) for each in known[1]] if known and known[0] == nonce else []


def delete(photos: Iterable[OwnPhoto]) -> None:
    """Forget the pictures of photos that hang on no lead."""
    for photo in photos:
        for size in SIZES:
            here().delete(current_dealership_id(), file_name(photo.digest, size))


def forget_left_behind() -> None:
    """Delete the pictures of our dealership's forms that were never sent."""
    folder = here().root / str(current_dealership_id())
    old = clock.now().timestamp() - FORGOTTEN_AFTER.total_seconds()
    files = [path for path in folder.glob("own-*.webp") if path.stat().st_mtime < old] if folder.is_dir() else []
    known = queries.list_known(sorted({_digest(path) for path in files}))
    for path in files:
        if _digest(path) not in known:
            path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    return path.name.removeprefix("own-").partition("-")[0]
