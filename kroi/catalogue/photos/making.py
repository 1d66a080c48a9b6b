"""Making a photo's pictures, once: what was made from the same content before is found again."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kroi.catalogue.photos import images, rules
from kroi.catalogue.photos.images import Unusable
from kroi.catalogue.photos.rules import Fault
from kroi.catalogue.photos.store import Folder


@dataclass(frozen=True)
class Prepared:
    """A photo whose pictures lie in the store; `width` and `height` are the original's in pixels."""

    digest: str
    width: int
    height: int


Source = bytes | Path


def prepare(folder: Folder, dealership_id: int, source: Source) -> Prepared:
    """Make the pictures of a photo, unless they lie there already; raises Unusable."""
    content = source if isinstance(source, bytes) else _content(source)
    digest = rules.digest(content)
    if folder.has(dealership_id, rules.file_names(digest)[-1]):
        return Prepared(digest, *images.size(content))
    photo = images.read(content)
    made = {rules.file_name(digest, width, kind): body for width, kind, body in images.pictures(photo)}
    for name in rules.file_names(digest):
        folder.write(dealership_id, name, made[name])
    return Prepared(digest, photo.width, photo.height)


def prepare_many(
    folder: Folder, dealership_id: int, sources: Iterable[Source], *, threads: int = 2
) -> list[Prepared | Fault]:
    """Prepare photos side by side (the encoders use a core each); what is unusable answers with its fault."""

    def attempt(source: Source) -> Prepared | Fault:
        try:
            return prepare(folder, dealership_id, source)
        except Unusable as error:
            return error.fault

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(attempt, sources))


def _content(path: Path) -> bytes:
    """The file's bytes, and never more of them than a photo may have."""
    with path.open("rb") as file:
        return file.read(rules.MOST_BYTES + 1)
