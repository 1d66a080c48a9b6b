"""`flask demo load`: a dealership that looks lived in, once, and never where real work has begun."""

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from kroi.accounts.models import Role, User
from kroi.analytics.models import DailyCarViews, DailyVisitors, VisitorMark
from kroi.catalogue import queries as catalogue
from kroi.catalogue.models import Car, PriceChange
from kroi.catalogue.photos import rules as photo_rules
from kroi.catalogue.photos.store import here as store
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.core.config import Settings
from kroi.db.model import Model, session
from kroi.db.tenancy import current_dealership_id
from kroi.leads.models import Lead, Person, Task
from kroi.leads.rules import LeadStatus
from kroi.leads.scoring import queries as scores
from kroi.leads.scoring.learnt import service as learning
from kroi.leads.scoring.learnt.rules.enough import Figures, is_enough
from kroi.notifications.models import Outbox
from kroi.operations.demo import history, rules
from tests.support.makers import make_car

pytestmark = pytest.mark.slow


@pytest.fixture
def instance(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the logins; the pictures stay where they were made once."""
    settings: Settings = app.extensions["kroi.settings"]
    monkeypatch.setitem(app.extensions, "kroi.settings", replace(settings, instance=tmp_path))
    return tmp_path


def load(app: Flask) -> str:
    answer = app.test_cli_runner().invoke(args=["demo", "load", "--dealership", "a.test"])
    assert answer.exit_code == 0, answer.output
    session.expire_all()
    return answer.output


def count(kind: type[Model], *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0  # type: ignore[arg-type]


def test_the_demo_looks_lived_in_and_is_loaded_once(app: Flask, instance: Path) -> None:
    said = load(app)

    assert [said.count(f"  {role.value} ") for role in Role] == [2, 1, 1]
    assert stat.S_IMODE((instance / "demo-logins.json").stat().st_mode) == 0o600
    the_stock_is_there()
    the_leads_are_there()
    the_visits_are_there()
    the_past_can_be_learnt_from()

    before = {kind: count(kind) for kind in (Car, User, Lead, PriceChange, Outbox, DailyCarViews)}
    assert load(app).replace("Loading", "").splitlines()[-4:] == said.splitlines()[-4:]
    assert {kind: count(kind) for kind in before} == before


def the_stock_is_there() -> None:
    cars = {car.key: car for car in rules.cars()}
    assert count(Car) == len(cars)
    newest = catalogue.list_newest(100)
    told = [car for car in cars.values() if car.status in (CarStatus.AVAILABLE, CarStatus.RESERVED)]
    assert [(each.make, each.model) for each in newest] == [(car.told["make"], car.told["model"]) for car in told]
    assert count(PriceChange) == sum(len(car.prices) for car in cars.values())
    assert count(Car, Car.struck_cents.is_not(None)) > 15
    for car in session.scalars(select(Car).where(Car.cover.is_not(None))):
        assert car.cover and all(
            store().has(current_dealership_id(), name) for name in photo_rules.file_names(car.cover["digest"])
        )
    assert count(Car, Car.listed_at > clock.now()) == count(Car, Car.sold_at > clock.now()) == 0


def the_leads_are_there() -> None:
    statuses = set(session.scalars(select(Lead.status)))
    assert count(Lead) == len(rules.leads()) + history.LEADS and statuses == set(LeadStatus)
    old = Lead.received_at < clock.now() - timedelta(days=31)
    assert count(Lead, old) == history.LEADS == count(Lead, old, Lead.status.in_((LeadStatus.WON, LeadStatus.LOST)))
    assert count(Lead, Lead.status == LeadStatus.NEW, Lead.received_at > clock.now() - timedelta(hours=24)) >= 3
    assert count(Task, Task.done_at.is_(None), Task.due_at < clock.now()) == 1
    waiting = session.scalars(select(Outbox.lead_id).where(Outbox.sent_at.is_(None)).distinct()).all()
    assert waiting == [session.scalar(select(func.max(Lead.id)))]


def the_visits_are_there() -> None:
    assert count(DailyVisitors) == 29 and count(VisitorMark) > 0
    assert count(DailyCarViews) > 500
    assert session.scalar(select(func.min(DailyVisitors.visitors))) or 0 > 20


def test_the_demo_keeps_away_where_work_has_begun(app: Flask, instance: Path) -> None:
    make_car()
    assert "no demo logins" in load(app)
    assert count(Car) == 1 and not (instance / "demo-logins.json").exists()


def test_a_changed_password_is_not_printed_any_more(
    app: Flask, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "cars", list)
    monkeypatch.setattr(rules, "leads", list)
    monkeypatch.setattr("kroi.operations.demo.visits.count", lambda calendar: None)
    load(app)
    answer = app.test_cli_runner().invoke(
        args=["users", "password", "tom@halyardmotors.example", "--dealership", "a.test"]
    )
    assert answer.exit_code == 0, answer.output
    said = load(app)
    assert "maeve@" in said and "tom@" not in said


def test_the_demo_is_refused_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Settings = app.extensions["kroi.settings"]
    monkeypatch.setitem(app.extensions, "kroi.settings", replace(settings, kroi_env="production"))
    answer = app.test_cli_runner().invoke(args=["demo", "load"])
    assert answer.exit_code == 1 and "production" in answer.output
    assert count(User) == 0


def the_past_can_be_learnt_from() -> None:
    """Enough outcomes, each with its facts, and a model that says how well it does on those held out."""
    counts = scores.count_outcomes()
    assert is_enough(counts.decided, counts.won) and counts.decided >= history.LEADS
    past = select(Lead).where(Lead.received_at < clock.now() - timedelta(days=31))
    for lead in session.scalars(past):
        assert sum(each["points"] for each in lead.score_reasons) == lead.score
        assert lead.first_answer_at is None or lead.first_answer_at >= lead.received_at
    assert count(Person, Person.merged_into.is_not(None)) == 0
    figures = Figures.from_data(learning.learn().figures)
    assert figures.held_out > 50 and figures.auc > 0.65
