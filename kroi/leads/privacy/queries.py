"""Reads of what is held about somebody, and of who wants to be erased."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from kroi.core import clock
from kroi.db.model import session
from kroi.leads.mail.models import Mail
from kroi.leads.models import Activity, ActivityKind, Lead, Person, Task
from kroi.leads.own_page.models import ErasureRequest
from kroi.leads.people import queries as people
from kroi.leads.privacy.holdings import holdings
from kroi.leads.visits.models import Appointment
from kroi.leads.visits.rules import VisitStatus
from kroi.leads.wishes.models import WishRow

_SHOWN = 50
_SAID = (ActivityKind.NOTE, ActivityKind.WRITTEN, ActivityKind.CALL, ActivityKind.STATUS, ActivityKind.CONSENT)


@dataclass(frozen=True)
class Story:
    """One inquiry and all that was said, planned and agreed about it, oldest first."""

    lead: Lead
    wish: WishRow | None
    lines: list[Activity]
    mails: list[Mail]
    tasks: list[Task]
    visits: list[Appointment]


@dataclass(frozen=True)
class Wanted:
    """Somebody who asked to be erased, and the first time that they did."""

    request: ErasureRequest
    person: Person


def list_group(person_id: int) -> list[Person]:
    """Somebody and whoever was merged with them, the one they have become first; raises NotFound."""
    found = people.get(person_id)
    root = found if found.merged_into is None else people.get(people.root_id(found))
    return [root, *people.list_merged_into(root.id)]


def list_lead_ids(group: Sequence[Person]) -> list[int]:
    """All inquiries (ids) of these people, newest first."""
    query = select(Lead.id).where(Lead.person_id.in_([each.id for each in group]))
    return list(session.scalars(query.order_by(Lead.received_at.desc(), Lead.id.desc())))


def list_stories(lead_ids: Sequence[int]) -> list[Story]:
    """These inquiries, newest first."""
    query = select(Lead).where(Lead.id.in_(lead_ids)).options(joinedload(Lead.car))
    leads = session.scalars(query.order_by(Lead.received_at.desc(), Lead.id.desc())).all()
    return [_story(lead) for lead in leads]


def _story(lead: Lead) -> Story:
    said = Activity.kind.in_(_SAID) & (Activity.lead_id == lead.id)
    return Story(
        lead=lead,
        wish=session.scalar(select(WishRow).where(WishRow.lead_id == lead.id)),
        lines=list(session.scalars(select(Activity).where(said).order_by(Activity.at, Activity.id))),
        mails=list(session.scalars(select(Mail).where(Mail.lead_id == lead.id).order_by(Mail.at, Mail.id))),
        tasks=list(session.scalars(select(Task).where(Task.lead_id == lead.id).order_by(Task.due_at, Task.id))),
        visits=list(
            session.scalars(select(Appointment).where(Appointment.lead_id == lead.id).order_by(Appointment.starts_at))
        ),
    )


def count_held(person_ids: Sequence[int], lead_ids: Sequence[int]) -> dict[str, int]:
    """How many rows of each table hang on these people and leads; tables without any are left out. One query."""
    held = holdings(person_ids, lead_ids)
    counts = [select(func.count(each.model.id)).where(each.rows).scalar_subquery() for each in held]
    found = session.execute(select(*counts)).one()
    return {each.name: count for each, count in zip(held, found, strict=True) if count}


def count_coming(lead_ids: Sequence[int]) -> int:
    """How many visits of these leads are still to come."""
    query = select(func.count(Appointment.id)).where(
        Appointment.lead_id.in_(lead_ids),
        Appointment.status == VisitStatus.BOOKED,
        Appointment.starts_at > clock.now(),
    )
    return session.scalar(query) or 0


def list_wanted() -> list[Wanted]:
    """Who asked to be erased and is not yet, the longest wait first, each person once; at most fifty."""
    query = (
        select(ErasureRequest)
        .where(ErasureRequest.done_at.is_(None))
        .options(joinedload(ErasureRequest.lead).joinedload(Lead.person))
        .order_by(ErasureRequest.asked_at, ErasureRequest.id)
        .limit(_SHOWN)
    )
    first: dict[int, Wanted] = {}
    for request in session.scalars(query):
        first.setdefault(request.lead.person_id, Wanted(request, request.lead.person))
    return list(first.values())


def counting_wanted() -> Select[int]:
    """The query that counts people who asked to be erased and are not yet, for a page that counts more at once."""
    query = select(func.count(Lead.person_id.distinct())).join(ErasureRequest, ErasureRequest.lead_id == Lead.id)
    return query.where(ErasureRequest.done_at.is_(None))


def find_wanted(person_id: int) -> ErasureRequest | None:
    """The first wish of somebody to be erased that is still open."""
    query = (
        select(ErasureRequest)
        .join(Lead, Lead.id == ErasureRequest.lead_id)
        .where(Lead.person_id == person_id, ErasureRequest.done_at.is_(None))
    )
    return session.scalar(query.order_by(ErasureRequest.asked_at).limit(1))
