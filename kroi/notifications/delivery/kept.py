"""Mails that were written as files: they go with their message, and none outlives it."""

import logging
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import select

from kroi.core import clock
from kroi.db import bulk
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.notifications.delivery.rules import file_name
from kroi.notifications.models import Outbox
from kroi.web.settings import settings

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[0-9]+-([0-9]{1,18})\.eml", re.ASCII)
_BEING_WRITTEN = 600  # seconds that a half-written file may be somebody's who is at it


def folder() -> Path:
    """Where they lie."""
    return settings().instance / "mail"


def list_of_leads(lead_ids: Sequence[int]) -> list[int]:
    """Messages (ids) about these leads, to whomever they go."""
    return list(session.scalars(select(Outbox.id).where(Outbox.lead_id.in_(lead_ids))))


def forget(message_ids: Iterable[int]) -> None:
    """Delete the files of these messages; one that resists is tried again by `forget_orphans`."""
    for message_id in message_ids:
        _unlink(folder() / file_name(current_dealership_id(), message_id))


def forget_orphans() -> None:
    """Delete the files of our dealership's messages that are no more, and what was left half-written."""
    found = {int(_NAME.fullmatch(path.name)[1]): path for path in _ours()}  # type: ignore[index]  # it is in _ours
    for some in bulk.batches(sorted(found)):
        known = set(session.scalars(select(Outbox.id).where(Outbox.id.in_(some))))
        for message_id in set(some) - known:
            _unlink(found[message_id])
    old = clock.now().timestamp() - _BEING_WRITTEN
    for path in folder().glob(".*.part"):
        if path.stat().st_mtime < old:
            _unlink(path)


def _ours() -> list[Path]:
    return [path for path in folder().glob(f"{current_dealership_id()}-*.eml") if _NAME.fullmatch(path.name)]


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("the file of a message that is no more could not be removed: %s", type(error).__name__)
