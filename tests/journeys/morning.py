"""Ten fresh leads for a salesperson's morning, a keyboard that counts its keys, and what became of the leads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page
from sqlalchemy import select

from kroi.accounts import queries as accounts
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from kroi.leads.history import queries as history
from kroi.leads.mail.models import Mail, ReplyTemplate
from kroi.leads.models import Lead, Task
from tests.support import databases, makers
from tests.support.server import Server

NAMES = tuple(
    f"{name} Berth" for name in ("Aada", "Bea", "Carl", "Dora", "Eino", "Frans", "Greta", "Hugo", "Ines", "Jon")
)


class Keyboard:
    """Presses and types on a page; `presses` counts what is not typed text, and a chord is one press."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, *keys: str) -> None:
        """One key after the other; "Control+Enter" is one."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text: str) -> None:
        """Typed text, letter by letter."""
        assert "\n" not in text and "\t" not in text, "those are presses"
        self.page.keyboard.type(text)


@dataclass(frozen=True)
class Became:
    """What is stored about a lead in the end: by whom each kind of thing was done, and what it says."""

    assignee: str
    answered: bool
    notes: list[str]
    calls: list[str]
    mails: list[tuple[str, bool]]
    tasks: list[str]


def prepare(server: Server) -> None:
    """Ten leads that are hot, nobody's and unanswered, and two templates to answer with."""
    with _inside(server):
        for number, name in enumerate(NAMES):
            first = name.split()[0].lower()
            car = makers.make_car(make="Škoda", model="Superb", price_cents=1_490_000)
            makers.make_lead(
                name, email=f"{first}@berth.example", phone=f"+35840765432{number}", car=car, score=99,
                message=f"May {first} drive it on Friday?",
            )  # fmt: skip
        for name in ("Come and drive it", "Price"):
            body = "Hello {name}, the {car} costs {price}. When suits you? {me}"
            makers.stored(ReplyTemplate(name=name, language="en", subject="{car}", body=body))


def became(server: Server, who: str) -> dict[str, Became]:
    """By name of the person, what `who` did with each of the ten leads; what anybody else did is left out."""
    with _inside(server):
        user = accounts.find_by_email(who)
        assert user is not None
        leads = [lead for lead in session.scalars(select(Lead)) if lead.name in NAMES]
        return {lead.name: _became(lead, user.id) for lead in leads}


def shown(page: Page) -> Locator:
    """What the page says happened."""
    return page.get_by_role("region", name="What happened")


def _became(lead: Lead, user_id: int) -> Became:
    lines: Sequence[history.Line] = [line for line in history.list_lines(lead.id) if line.activity.by_id == user_id]
    kinds = {kind: [line.activity for line in lines if line.activity.kind.value == kind] for kind in ("note", "call")}
    mails = session.scalars(select(Mail).where(Mail.lead_id == lead.id, Mail.by_id == user_id))
    tasks = session.scalars(select(Task).where(Task.lead_id == lead.id, Task.by_id == user_id))
    return Became(
        assignee="she" if lead.assignee_id == user_id else "somebody else",
        answered=lead.first_answer_at is not None,
        notes=[each.text or "" for each in kinds["note"]],
        calls=[str(each.facts["outcome"]) for each in kinds["call"]],
        mails=[(each.text, each.sent_at is not None) for each in mails],
        tasks=[each.text for each in tasks],
    )


@contextmanager
def _inside(server: Server) -> Iterator[None]:
    app = create_app(databases.settings_for(server.database_url, server.instance))
    with app.app_context(), acting_for(dealerships.get_only_or_by_host(None).id):
        yield
    databases.dispose(app)
