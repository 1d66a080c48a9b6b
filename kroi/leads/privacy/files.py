"""The files of leads: which ones go with them, and taking them away, but never what somebody else's lead holds too."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from kroi.catalogue.photos.store import Folder
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.leads.files import store as papers
from kroi.leads.files.models import LeadFile
from kroi.leads.privacy.holdings import Holding
from kroi.leads.wishes import photos
from kroi.leads.wishes.models import WishPhoto

NAMES: dict[type[Any], Callable[[Any], list[str]]] = {
    LeadFile: lambda row: [papers.file_name(row.digest, row.kind.value)],
    WishPhoto: lambda row: [photos.file_name(row.digest, size) for size in photos.SIZES],
}
"""Tables whose rows stand for files, and what the files of a row are called in the store."""


def names(held: Sequence[Holding]) -> list[str]:
    """The files that these rows stand for."""
    return sorted({name for each in held for name in _names(each)})


def remove(name: str) -> bool:
    """Take a file away unless another row stands for it, too; `False` when that fails, and must be tried again."""
    try:
        if not _is_held(name):
            _store(name).delete(current_dealership_id(), name)
    except OSError:
        return False
    return True


def _names(held: Holding) -> Iterator[str]:
    if held.model in NAMES:
        for row in session.scalars(select(held.model).where(held.rows)):
            yield from NAMES[held.model](row)


def _is_held(name: str) -> bool:
    digest = name.split("-")[1].partition(".")[0]
    return any(session.scalar(select(model.id).where(model.digest == digest).limit(1)) for model in NAMES)


def _store(name: str) -> Folder:
    return photos.here() if name.startswith("own-") else papers.here()
