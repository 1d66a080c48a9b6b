"""Reads of notices, and of how people want to hear."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.notifications.models import Notice, NoticeWishes

MOST_LISTED = 100


def counting_unread(user_id: int) -> Select[int]:
    """The query that counts what this person has not read, for a place that counts more than that at once."""
    return select(func.count()).select_from(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))


def list_notices(user_id: int) -> list[tuple[Notice, Lead | None]]:
    """A person's latest notices with their leads, newest first."""
    query = (
        select(Notice, Lead)
        .outerjoin(Lead, Lead.id == Notice.lead_id)
        .options(joinedload(Lead.person), joinedload(Lead.car))
        .where(Notice.user_id == user_id)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(MOST_LISTED)
    )
    return [(notice, lead) for notice, lead in session.execute(query)]


def lock_mine(notice_id: int, user_id: int) -> Notice:
    """One of this person's notices, held for a change; raises NotFound."""
    query = select(Notice).where(Notice.id == notice_id, Notice.user_id == user_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such notice."))
    return found


def map_wishes(user_ids: Sequence[int]) -> dict[int, NoticeWishes]:
    """What these people (ids) wish, of those who said so."""
    rows = session.scalars(select(NoticeWishes).where(NoticeWishes.user_id.in_(user_ids)))
    return {wishes.user_id: wishes for wishes in rows}
