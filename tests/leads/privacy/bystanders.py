"""People who stand beside the one who is erased, and must not lose a letter: a wife, a namesake, their files."""

from typing import Any

from sqlalchemy import select

from kroi.db.model import Model, db, session
from kroi.leads.models import Lead, Person
from tests.leads.asking import opened
from tests.leads.desk.test_files import PDF
from tests.leads.privacy import desk
from tests.leads.privacy.doors import PHONE
from tests.leads.privacy.house import House

WIFE = {"name": "Liisa Virtanen", "email": "liisa@example.com", "phone": PHONE}
NAMESAKE = {"name": "Matti Virtanen", "email": "another.matti@example.com", "phone": "+358 50 111 2222"}
Rows = dict[str, list[tuple[Any, ...]]]


def ask(house: House) -> list[int]:
    """Both ask, are worked, and have the same paper as he has; their leads."""
    for who in (WIFE, NAMESAKE):
        ticket = opened(house.shopper, "/contact")
        data = who | {"message": "How late are you open?", "interest": "question", "submission": ticket}
        assert house.shopper.post("/contact", data=data).status_code == 303
    emails = [who["email"] for who in (WIFE, NAMESAKE)]
    found = list(session.scalars(select(Lead.id).where(Lead.email.in_(emails)).order_by(Lead.id)))
    for lead_id in found:
        desk.post(house, f"/staff/leads/{lead_id}/note", text="Friendly")
        desk.files(house, lead_id, (PDF, "offer.pdf"))
    house.deliver()
    return found


def rows(lead_ids: list[int]) -> Rows:
    """Every row about these leads and whose they are, in every table that speaks of leads."""
    session.rollback()
    people = select(Lead.person_id).where(Lead.id.in_(lead_ids))
    found: Rows = {}
    with db.engine.connect() as connection:
        ids = [row[0] for row in connection.execute(people)]
        for table in Model.metadata.sorted_tables:
            about = None
            if table is Lead.__table__:
                about = table.c.id.in_(lead_ids)
            elif table is Person.__table__:
                about = table.c.id.in_(ids)
            elif "lead_id" in table.c:
                about = table.c.lead_id.in_(lead_ids)
            if about is not None:
                query = select(table).where(about).order_by(table.c.id)
                found[table.name] = [tuple(row) for row in connection.execute(query)]
    return found
