"""Reads of leads; changes nothing."""

import re
from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.orm.strategy_options import _AbstractLoad as Load
from sqlalchemy.sql.base import ExecutableOption

from kroi.accounts.models import User
from kroi.catalogue import queries as catalogue
from kroi.catalogue.models import Car
from kroi.core.errors import NotFound
from kroi.db.model import session
from kroi.leads.models import IS_OPEN, Lead, Person, Task
from kroi.leads.rules import LeadStatus

_SLUG = re.compile(r"[a-z0-9-]{1,300}")


def get(lead_id: int) -> Lead:
    """A lead with its person, car and assignee; raises NotFound."""
    return _one(_whole().where(Lead.id == lead_id))


def get_with_earlier(lead_id: int) -> tuple[Lead, list[Lead]]:
    """A lead, and the newest others of the same person (twenty at most), in one query; raises NotFound."""
    person_id = select(Lead.person_id).where(Lead.id == lead_id).scalar_subquery()
    query = _whole().where(Lead.person_id == person_id).order_by(Lead.id != lead_id, Lead.received_at.desc(), Lead.id)
    found = list(session.scalars(query.limit(21)))
    if not found:
        raise NotFound(_("There is no such lead."))
    return found[0], found[1:]


def for_rows(person: Load, car: Load) -> tuple[ExecutableOption, ...]:
    """What rows and cards of many leads show, and nothing else; `person` and `car` say how those are read along."""
    shown = load_only(
        *(Lead.person_id, Lead.car_id, Lead.assignee_id, Lead.location_id, Lead.urgency, Lead.status, Lead.score),
        *(Lead.score_reasons, Lead.priority, Lead.interest, Lead.received_at, Lead.first_answer_at),
        *(Lead.answer_due_at, Lead.answered_seconds, Lead.answer_waiting_at),
        raiseload=True,
    )
    return (
        shown,
        person.load_only(Person.name, raiseload=True),
        car.load_only(Car.make, Car.model, Car.price_cents, raiseload=True),
        joinedload(Lead.assignee).load_only(User.name, raiseload=True),
    )


def lock(lead_id: int) -> Lead:
    """A lead as `get` gives it, held for a change until the transaction ends."""
    query = _whole().where(Lead.id == lead_id).with_for_update(of=Lead)
    return _one(query.execution_options(populate_existing=True))


def lock_task(lead_id: int, task_id: int) -> Task:
    """A task of this lead, held for a change; raises NotFound."""
    query = select(Task).where(Task.id == task_id, Task.lead_id == lead_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such task."))
    return found


def find_seal_keys(person_ids: Iterable[int]) -> dict[int, str]:
    """The keys that open what is kept of these people elsewhere; who was erased has none."""
    query = select(Person.id, Person.seal_key).where(Person.id.in_(list(person_ids)))
    return dict(session.execute(query).all())


def count_open(assignee_id: int | None = None) -> int:
    """How many leads are being worked, or wait for it; of one user, or of all."""
    query = counting_open()
    if assignee_id is not None:
        query = query.where(Lead.assignee_id == assignee_id)
    return session.scalar(query) or 0


def counting_open() -> Select[int]:
    """The query that counts open leads, for a place that counts more than these at once."""
    return select(func.count()).select_from(Lead).where(IS_OPEN)


def find_by_submission(key: str) -> Lead | None:
    """The lead that this form with these words became before."""
    return session.scalar(select(Lead).where(Lead.submission_key == key))


def list_recent(person_id: int, car_id: int | None, since: datetime) -> list[Lead]:
    """What a person asked about this car (or none) since then, spam left out, newest first."""
    query = select(Lead).where(
        Lead.person_id == person_id,
        Lead.car_id.is_(None) if car_id is None else Lead.car_id == car_id,
        Lead.received_at >= since,
        Lead.status != LeadStatus.SPAM,
    )
    return list(session.scalars(query.order_by(Lead.received_at.desc()).limit(50)))


def count_from_address(address: str, since: datetime) -> int:
    """How many inquiries one sender made since then; `address` is the keyed digest."""
    query = select(func.count()).select_from(Lead)
    return session.scalar(query.where(Lead.address_digest == address, Lead.received_at >= since)) or 0


def find_car(slug: str) -> Car | None:
    """The car that lives, or once lived, under this slug, whatever its status."""
    if not _SLUG.fullmatch(slug):
        return None
    found = catalogue.find_by_slug(slug)
    moved = catalogue.find_moved(slug) if found is None else None
    return catalogue.find_by_slug(moved) if moved else found


def _whole() -> Select[Lead]:
    return select(Lead).options(joinedload(Lead.person), joinedload(Lead.car), joinedload(Lead.assignee))


def _one(query: Select[Lead]) -> Lead:
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such lead."))
    return found
