"""What the rooms bring: their pages, commands, chores, and who listens to what."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from click import Command
from flask import Blueprint

from kroi.accounts import cli as accounts_cli
from kroi.accounts import staff as accounts_staff
from kroi.accounts import views as accounts_views
from kroi.accounts.sessions import service as sessions
from kroi.analytics.counting import service as views
from kroi.catalogue import cli as catalogue_cli
from kroi.catalogue import staff as catalogue_staff
from kroi.catalogue import subscribers as catalogue_subscribers
from kroi.catalogue import views as catalogue_views
from kroi.catalogue.api import views as api_views
from kroi.catalogue.changes import service as changes
from kroi.catalogue.choosing import views as choosing_views
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.finance import cli as finance_cli
from kroi.catalogue.finance import views as finance_views
from kroi.catalogue.imports.events import UndoBegins
from kroi.catalogue.photos import views as photos_views
from kroi.catalogue.sheet import views as sheet_views
from kroi.catalogue.understanding import views as search_views
from kroi.dashboard import staff as dashboard_staff
from kroi.dealerships import cli as dealerships_cli
from kroi.dealerships import views as dealerships_views
from kroi.leads import staff as leads_staff
from kroi.leads import subscribers as leads_subscribers
from kroi.leads import views as leads_views
from kroi.leads.events import InquirySubmitted
from kroi.notifications import cli as notifications_cli
from kroi.notifications import service as outbox
from kroi.notifications import subscribers as notifications
from kroi.notifications.worker.rules import Chore
from kroi.operations import cli as operations_cli
from kroi.operations import staff as operations_staff
from kroi.operations import views as operations_views
from kroi.operations.demo import cli as demo_cli

BLUEPRINTS: Sequence[Blueprint] = (
    dealerships_views.shop,
    leads_views.shop,
    leads_staff.staff,
    dashboard_staff.staff,
    accounts_views.door_pages,
    accounts_staff.staff,
    catalogue_views.shop,
    search_views.shop,
    finance_views.shop,
    catalogue_staff.staff,
    choosing_views.shop,
    sheet_views.shop,
    photos_views.media,
    api_views.api,
    operations_staff.staff,
    operations_views.machine,
)
COMMANDS: Sequence[Command] = (
    dealerships_cli.dealerships,
    catalogue_cli.stock,
    finance_cli.finance,
    accounts_cli.users,
    notifications_cli.worker,
    demo_cli.demo,
    operations_cli.ops,
)
LISTENERS: Sequence[tuple[type, Callable[..., None]]] = (
    (InquirySubmitted, notifications.on_inquiry),
    (CarsChanged, changes.on_cars_changed),
    (UndoBegins, leads_subscribers.keep_cars_asked_about),
)
CHORES = (
    Chore("forget messages", timedelta(hours=6), outbox.forget_sent),
    Chore("forget sessions", timedelta(hours=6), sessions.forget_over),
    Chore("forget visitors", timedelta(hours=1), views.roll_up),
    Chore("forget changes", timedelta(hours=1), catalogue_subscribers.forget_changes),
    Chore("end reservations", timedelta(minutes=15), catalogue_subscribers.end_reservations),
)
