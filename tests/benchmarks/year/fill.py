"""Fills Kroi's own database with an invented year on top of an invented stock, as fast as the database takes it."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bcrypt
from sqlalchemy import select
from sqlalchemy.engine import make_url
from tqdm import tqdm

from kroi.accounts.models import AuditEntry, AuditHead, Role, User
from kroi.analytics.models import DailyCarViews, DailyPageViews, DailyVisitors
from kroi.analytics.reports import service as reports
from kroi.analytics.vitals.models import DailyVitals
from kroi.catalogue.models import Car
from kroi.core.config import Settings
from kroi.db.model import Model, db, session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from kroi.leads.assignment.models import HandOver, RoundDay, RoundLead
from kroi.leads.mail.models import Mail
from kroi.leads.models import Activity, Lead, Person, RuleSet, Task
from kroi.leads.own_page.models import OwnPage
from kroi.leads.people.models import PersonPair
from kroi.leads.scoring.models import LeadFacts
from kroi.leads.scoring.rules.points import RULE_SET_1
from kroi.leads.visits.models import Appointment
from kroi.leads.wishes.models import WishRow
from kroi.notifications.models import Notice, Outbox
from tests.benchmarks.stock import fill as stock
from tests.benchmarks.stock.writers import Encoder, PostgresqlWriter, SqliteWriter, Writer
from tests.benchmarks.year.rows import Batch, Rows
from tests.benchmarks.year.stories import House
from tests.benchmarks.year.telling import year

EMAIL, PASSWORD = "owner@rantamaki.example", "measured all year long"
_STAFF = (Role.OWNER, Role.MANAGER, Role.MANAGER, *[Role.SALES] * 21)
MODELS: tuple[type[Model], ...] = (
    User, RuleSet, Person, Lead, LeadFacts, Activity, Task, Mail, OwnPage, WishRow, HandOver, RoundLead, RoundDay,
    Appointment, PersonPair, Notice, Outbox, DailyPageViews, DailyVisitors, DailyCarViews, DailyVitals, AuditEntry,
    AuditHead,
)  # fmt: skip


def fill(settings: Settings, leads: int, cars: int, seed: int = 1) -> None:
    """Put a stock of `cars` and a year of `leads` that ends now into the migrated, empty database of these settings."""
    stock.fill(settings, cars, seed)
    rows, now = Rows(), datetime.now(UTC)
    dealership_id, house = _house(settings, now)
    writer = _writer(settings.database_url)
    with tqdm(total=leads, unit=" leads", unit_scale=True, file=sys.stderr, disable=leads < 5_000) as progress:
        _write(writer, settings.database_url, dealership_id, _first(now))
        for batch in year(rows, house, leads, seed):
            _write(writer, settings.database_url, dealership_id, [batch])
            progress.update(len(batch[1]) if batch[0] is Lead else 0)
        _write(writer, settings.database_url, dealership_id, [rows.head_row()])
        progress.set_postfix_str("indexes")
        writer.finish()
    _count(settings, dealership_id)


def _writer(url: str) -> Writer:
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteWriter(Path(str(make_url(url).database)), MODELS)
    return PostgresqlWriter(url, MODELS)


def _write(writer: Writer, url: str, dealership_id: int, batches: Iterable[Batch]) -> None:
    dialect = make_url(url).get_dialect()()
    for model, rows in batches:
        encoder = Encoder(model, {"dealership_id", *rows[0]}, dialect)
        writer.write(model, encoder.names, (encoder.encode({**row, "dealership_id": dealership_id}) for row in rows))


def _house(settings: Settings, now: datetime) -> tuple[int, House]:
    """The one dealership's key, and its cars with whoever will work there."""
    app = create_app(settings)
    with app.app_context():
        shop = dealerships.get_only_or_by_host(None)
        with acting_for(shop.id):
            found = session.execute(select(Car.id, Car.price_cents, Car.listed_at).order_by(Car.id)).all()
        session.remove()
        db.engine.dispose()
    sellers = [key for key, role in enumerate(_STAFF, 1) if role is Role.SALES]
    managers = [key for key, role in enumerate(_STAFF, 1) if role is not Role.SALES]
    return shop.id, House(sellers, managers, [tuple(row) for row in found], now)  # type: ignore[misc]


def _first(now: datetime) -> list[Batch]:
    """Staff, who all have the same password, and the rules that leads are judged by."""
    password = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode("ascii")
    staff: list[dict[str, Any]] = [
        {
            "id": key, "email": EMAIL if role is Role.OWNER else f"staff{key}@rantamaki.example",
            "name": f"{role.value.title()} {key}", "role": role, "password_hash": password, "created_at": now,
            "updated_at": now,
        }
        for key, role in enumerate(_STAFF, 1)
    ]  # fmt: skip
    return [(User, staff), (RuleSet, [{"id": 1, "version": 1, "points": RULE_SET_1.data(), "created_at": now}])]


def _count(settings: Settings, dealership_id: int) -> None:
    """The reports' counts, by the chore itself."""
    app = create_app(settings)
    with app.app_context():
        with acting_for(dealership_id):
            reports.count_again()
        session.remove()
        db.engine.dispose()
