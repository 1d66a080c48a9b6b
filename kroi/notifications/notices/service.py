"""Telling staff of things, each in the way that they chose, and marking what they read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from kroi.accounts import audit
from kroi.core import clock
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.notifications import rules
from kroi.notifications.models import Notice, NoticeWishes, Outbox, OutboxKind
from kroi.notifications.notices import queries
from kroi.notifications.rules import NoticeKind, Way

KEPT = timedelta(days=90)


def tell(kind: NoticeKind, user_ids: Sequence[int], lead_id: int | None, facts: dict[str, Any] | None = None) -> None:
    """These users (ids) hear of something, in the caller's transaction; a mail waits until their quiet is over."""
    wishes = queries.map_wishes(user_ids) if user_ids else {}
    for user_id in user_ids:
        way = way_of(wishes.get(user_id), kind)
        if rules.in_portal(way):
            session.add(Notice(user_id=user_id, kind=kind, lead_id=lead_id, at=clock.now(), facts=facts or {}))
        if rules.by_mail(way):
            session.add(
                Outbox(
                    kind=OutboxKind.NEW_LEAD if kind is NoticeKind.NEW_LEAD else OutboxKind.NOTICE,
                    lead_id=lead_id,
                    user_id=user_id,
                    event=kind.value,
                    due_at=_not_before(wishes.get(user_id)),
                )
            )


def way_of(wishes: NoticeWishes | None, kind: NoticeKind) -> Way:
    """How somebody hears of this kind."""
    chosen = wishes.ways.get(kind.value) if wishes else None
    return Way(chosen) if chosen in list(Way) else Way.BOTH


def _not_before(wishes: NoticeWishes | None) -> datetime:
    now = clock.now()
    if wishes is None:
        return now
    local = clock.local(now, dealerships.get_profile(current_dealership_id()).zone)
    return rules.quiet_until(local, wishes.quiet_from, wishes.quiet_until) or now


def read(notice: Notice) -> None:
    """Somebody read it. The caller has locked it."""
    notice.read_at = notice.read_at or clock.now()


def read_all(user_id: int) -> None:
    """A person has seen all that there is."""
    mine = (Notice.user_id == user_id, Notice.read_at.is_(None))
    session.execute(
        update(Notice).where(*mine).values(read_at=clock.now()).execution_options(synchronize_session=False)
    )


def wish(user_id: int, ways: dict[str, str], quiet_from: str | None, quiet_until: str | None) -> None:
    """How a person wants to hear from now on; what waits already leaves as it was meant to."""
    dialects.lock_named(session, f"wishes {user_id}")
    found = queries.map_wishes([user_id]).get(user_id)
    if found is None:
        found = NoticeWishes(user_id=user_id, ways={})
        session.add(found)
    found.ways, found.quiet_from, found.quiet_until = ways, quiet_from, quiet_until
    audit.record("notices.wished", "user", user_id, details={"ways": ways})


def forget_old() -> None:
    """Notices are for now; after three months they go."""
    with transaction():
        old = Notice.at < clock.now() - KEPT
        session.execute(delete(Notice).where(old).execution_options(synchronize_session=False))
