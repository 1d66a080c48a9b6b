"""A small dealership that really runs, for the journeys: its cars, its staff, its mails, and ways through its pages."""

import re
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import count
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect

from kroi.accounts.models import Role
from kroi.catalogue.models import Car
from kroi.catalogue.photos import service as photos
from kroi.catalogue.rules import Body, Fuel, Transmission
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships import service as profiles
from kroi.factory import create_app
from kroi.operations.demo.rules import PICTURES
from tests.support import databases, makers
from tests.support.server import Server

PATIENCE = 20  # seconds for a mail on a busy machine
READING = 2_300  # ms; who sends a form within two seconds is taken for a robot
WAITING = ("Lee Dinghy", "Rosa Rudder", "Cleo Cleat")  # leads that are there from the start
_shoppers = count(1)


class Shop:
    """The running server and what is in it. Everything is stored before it starts, so no cache can be behind."""

    def __init__(self, server: Server) -> None:
        self.server, self.url = server, server.url
        app = create_app(databases.settings_for(server.database_url, server.instance))
        with app.app_context(), acting_for(dealerships.get_only_or_by_host(None).id):
            _fill(app)
        databases.dispose(app)

    def mails(self, wanted: str, to: str) -> list[str]:
        """The texts of the mails to somebody that hold `wanted`, once there is one; the worker has a while for it."""
        until = time.monotonic() + PATIENCE
        while True:
            mails = [_read(path) for path in self.folder.glob("*.eml")]
            found = [text for mail in mails if mail["To"] == to and wanted in (text := _text(mail))]
            if found:
                return found
            assert time.monotonic() < until, f"no mail to {to} with {wanted!r}: {self.server.said()}"
            time.sleep(0.1)

    @property
    def folder(self) -> Path:
        """Where mails lie when no mail server is set."""
        return self.server.instance / "mail"


def new_shopper() -> tuple[str, str]:
    """A name and an address that nobody else in this run has."""
    number = next(_shoppers)
    return f"Sho Pper {'abcdefghijklmnopqrstuvwxyz'[number]}", f"sho{number}@pper.example"


def sign_in(page: Page, who: str) -> None:
    """Go to the portal as `ana`, `boris` or `olga`."""
    page.goto("/staff/")
    page.get_by_label("E-mail", exact=True).fill(f"{who}@a.test")
    page.get_by_label("Password", exact=True).fill(makers.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/staff/$"))


def fill_inquiry(page: Page, name: str, email: str, message: str) -> None:
    """Type an inquiry as a person does, who takes a moment."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_role("textbox", name="Message").fill(message)
    page.wait_for_timeout(READING)


def _fill(app: Flask) -> None:
    every_day = {str(weekday): [["09:00", "18:00"]] for weekday in range(7)}
    with transaction():
        profiles.change_profile(current_dealership_id(), opening_hours=every_day)
    for name, role in (("Ana Aalto", Role.SALES), ("Boris Berg", Role.MANAGER), ("Olga Oja", Role.OWNER)):
        makers.make_user(name, role, email=f"{name.split()[0].lower()}@a.test")
    for number in range(30):
        makers.make_car(
            make=("Volvo", "Skoda", "Toyota")[number % 3], model=("V60", "Octavia", "Corolla")[number % 3],
            fuel=(Fuel.DIESEL, Fuel.PETROL)[number % 2], price_cents=(8_000 + 500 * number) * 100,
            mileage_km=40_000 + 5_000 * number, model_year=2012 + number % 10,
        )  # fmt: skip
    tesla = _photographed()
    for name in WAITING:
        makers.make_lead(name, car=tesla)
    makers.make_car(make="Saab", model="9-3", slug="saab-9-3-to-sell", price_cents=0)


def _photographed() -> Car:
    car = makers.make_car(
        make="Tesla", model="Model 3", slug="tesla-model-3", fuel=Fuel.ELECTRIC, body=Body.SEDAN,
        transmission=Transmission.AUTOMATIC, price_cents=2_490_000, power_kw=208,
    )  # fmt: skip
    made = [photos.prepare(path) for path in sorted(PICTURES.glob("*.jpg"))[:3]]
    with transaction():
        for each in made:
            photos.add_photo(car, each, alt="The car from one side")
    return car


def _read(path: Path) -> EmailMessage:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _text(mail: EmailMessage) -> str:
    body = mail.get_body()
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"
