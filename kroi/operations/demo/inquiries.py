"""The demo's leads, lived through: asked, taken, called, moved, planned."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from kroi.accounts import audit
from kroi.accounts import queries as accounts
from kroi.catalogue.models import Car
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.leads import queries as leads
from kroi.leads import service
from kroi.leads.models import Lead, Task
from kroi.leads.rules import CallOutcome, LeadStatus, Sending, Source
from kroi.operations.demo.rules import PROFILE, Calendar, DemoCar, DemoLead
from kroi.operations.demo.timeline import Step

_FROM_A_FORM = (Source.WEBSITE_CAR, Source.WEBSITE_CONTACT)


def steps(
    told: list[DemoLead], stock: list[DemoCar], cars: dict[str, int], staff: dict[str, int], calendar: Calendar
) -> Iterator[Step]:
    """What shoppers ask, and what staff do about it. `cars` and `staff` are ids by key, known when it happens."""
    by_key = {car.key: car for car in stock}
    for number, lead in enumerate(told):
        received = lead.received(calendar, by_key[lead.car] if lead.car else None)
        yield from _Story(number, lead, received, cars, staff, calendar).steps()


class _Story:
    """One lead, from the question to whatever came of it."""

    def __init__(
        self,
        number: int,
        told: DemoLead,
        received: datetime,
        cars: dict[str, int],
        staff: dict[str, int],
        calendar: Calendar,
    ) -> None:
        self.number, self.told, self.received = number, told, received
        self.cars, self.staff, self.calendar = cars, staff, calendar
        self.lead_id = 0

    def steps(self) -> Iterator[Step]:
        """The question, and every answer before now."""
        yield Step(self.received, self.told.by, self._ask)
        for minutes, by, verb, *rest in self.told.then:
            moment = self.received + timedelta(minutes=minutes)
            if moment < self.calendar.now:
                yield Step(moment, by, partial(self._do, by, verb, *rest))

    def _ask(self) -> None:
        told = self.told
        car = session.get_one(Car, self.cars[told.car]) if told.car else None
        if told.source in _FROM_A_FORM:
            self.lead_id = service.submit(told.draft, self._sending(), car=car).lead_id
            return
        assignee = accounts.get(self.staff[told.assignee]) if told.assignee else None
        self.lead_id = service.add_walk_in(told.draft, car=car, source=told.source, assignee=assignee).id

    def _sending(self) -> Sending:
        return Sending(
            nonce=f"demo-{self.number}",
            made_at=clock.now() - timedelta(seconds=self.told.seconds),
            source=self.told.source,
            language=PROFILE["language"],
            privacy_version=dealerships.get_profile(current_dealership_id()).privacy_version,
            campaign=self.told.campaign,
        )

    def _do(self, by: str, verb: str, *rest: Any) -> None:
        lead = leads.lock(self.lead_id)
        match verb, *rest:
            case ["claim"]:
                self._take(lead, by)
            case ["assign", to, why]:
                service.assign(lead, accounts.get(self.staff[to]), why)
            case ["call", outcome]:
                service.log_call(lead, CallOutcome(outcome))
            case ["note", text]:
                service.add_note(lead, text)
            case ["status", status, *reason]:
                service.change_status(lead, LeadStatus(status), reason=reason[0] if reason else None)
            case ["task", text, hours]:
                service.add_task(lead, text, self.calendar.hour(hours))
            case ["done"]:
                service.finish_task(_open_task(lead))
            case _:
                raise ValueError(f"nobody knows how to {verb} {rest}")

    def _take(self, lead: Lead, by: str) -> None:
        """Take a free lead; one that the round gave to somebody else is handed over by them."""
        taker = accounts.get(self.staff[by])
        with audit.acting_as(lead.assignee_id or taker.id):
            service.assign(lead, taker)


def _open_task(lead: Lead) -> Task:
    return session.query(Task).filter_by(lead_id=lead.id, done_at=None).order_by(Task.due_at).limit(1).one()
