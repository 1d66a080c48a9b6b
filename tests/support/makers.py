"""Makes rows for tests: what is not said is unremarkable."""

import inspect
from itertools import count
from typing import Any

import bcrypt

from kroi.accounts.models import Role, User
from kroi.catalogue.models import Car, PriceChange
from kroi.catalogue.rules import Body, CarStatus, Fuel, Transmission, prices, search
from kroi.core import clock, text
from kroi.db.model import session
from kroi.db.transaction import in_transaction, transaction
from kroi.leads import service as leads
from kroi.leads.models import Lead
from kroi.leads.rules import InquiryDraft, Interest

PASSWORD = "correct horse battery"
PASSWORD_HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
_numbers = count(1)


def stored(row: Any) -> Any:
    """`row`, committed."""
    if in_transaction():
        session.add(row)
        session.flush()
    else:
        with transaction():
            session.add(row)
    return row


def make_user(name: str, role: Role = Role.SALES, **values: Any) -> User:
    """Somebody on the staff, whose password is PASSWORD."""
    email = values.pop("email", f"{text.slug(name)}{next(_numbers)}@example.test")
    values = {"password_hash": PASSWORD_HASH, "language": "en"} | values
    user: User = stored(User(name=name, role=role, email=email, **values))
    return user


def make_car(**values: Any) -> Car:
    """A car on sale, with the first line of its price ledger."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "stock_number": str(10_000 + number),
        "make": "Audi",
        "model": "A4",
        "body": Body.ESTATE,
        "model_year": 2019,
        "price_cents": 15_900_00,
        "mileage_km": 120_000,
        "fuel": Fuel.DIESEL,
        "transmission": Transmission.AUTOMATIC,
        "status": CarStatus.AVAILABLE,
        "listed_at": clock.now(),
    } | values
    if facts.get("struck_cents"):
        facts.setdefault("struck_until", prices.struck_until(facts["struck_cents"], facts["listed_at"] or clock.now()))
    facts.setdefault("slug", f"{text.slug(facts['make'])}-{text.slug(facts['model'])}-{number}")
    facts.setdefault("make_slug", text.slug(facts["make"]))
    facts.setdefault("model_slug", text.slug(facts["model"]))
    car = Car(**facts)
    if "search_text" not in facts:
        found_by = inspect.signature(search.search_text).parameters
        car.search_text = search.search_text(**{name: facts[name] for name in found_by if name in facts})
    stored(car)
    stored(PriceChange(car_id=car.id, price_cents=car.price_cents, at=car.listed_at or clock.now()))
    return car


def make_lead(name: str = "Anna Aho", **values: Any) -> Lead:
    """An open lead of a person who wrote it in; `values` are set on the row afterwards."""
    number = next(_numbers)
    draft = InquiryDraft(
        name=name,
        email=values.pop("email", f"shopper{number}@example.com"),
        phone=values.pop("phone", None),
        message=values.pop("message", f"Question {number}"),
        interest=values.pop("interest", Interest.QUESTION),
    )
    car = values.pop("car", None)
    with transaction():
        lead = leads.add_walk_in(draft, car=car)
        for column, value in values.items():
            setattr(lead, column, value)
    return lead
