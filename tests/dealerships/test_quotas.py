"""Limits that whoever runs the installation sets: said beside the field, and never in the way of an inquiry."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from kroi.accounts.models import User
from kroi.catalogue.models import Car
from kroi.catalogue.rules import CarStatus
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import queries, service
from kroi.dealerships.models import Dealership
from kroi.leads.wishes.queries import list_photos
from tests.catalogue.imports.importing import import_text
from tests.leads.asking import leads, send
from tests.leads.visits.test_wishes import upload
from tests.support.client import Client
from tests.support.makers import make_car, make_user

SignedIn = Callable[[User], Client]
NEW = {"name": "Nina New", "email": "nina@a.test", "role": "sales"}


def limit(here: Dealership, **limits: int) -> None:
    with transaction():
        service.limit(here.id, **limits)


def picture() -> tuple[BytesIO, str]:
    file = BytesIO()
    Image.new("RGB", (900, 600), "red").save(file, "JPEG")
    return BytesIO(file.getvalue()), "car.jpg"


def test_one_more_on_the_staff_is_refused_beside_the_field(
    olga: User, here: Dealership, there: Dealership, signed_in: SignedIn
) -> None:
    limit(here, users=1)
    page = signed_in(olga).post("/staff/users/", data=NEW)
    assert page.status_code == 422 and "The staff is limited to 1" in page.text
    assert session.query(User).count() == 1
    limit(here, users=2)
    assert signed_in(olga).post("/staff/users/", data=NEW).status_code in (200, 303)


def test_who_is_switched_off_takes_no_room_and_comes_back_only_if_there_is(
    olga: User, here: Dealership, signed_in: SignedIn
) -> None:
    ben = make_user("Ben", active=False)
    limit(here, users=1)
    page = signed_in(olga).post(f"/staff/users/{ben.id}/on")
    assert page.status_code == 409 and "limited to 1" in page.text
    session.expire_all()
    assert not ben.active


def test_one_more_car_is_refused_beside_the_field(boris: User, here: Dealership, signed_in: SignedIn) -> None:
    make_car()
    make_car(status=CarStatus.SOLD)
    limit(here, cars=1)
    page = signed_in(boris).post("/staff/cars/", data={"make": "Audi", "model": "A4"})
    assert page.status_code == 422 and "stock is limited to 1" in page.text and session.query(Car).count() == 2
    limit(here, cars=2)
    assert signed_in(boris).post("/staff/cars/", data={"make": "Audi", "model": "A4"}).status_code == 303


def test_a_car_comes_back_into_stock_only_where_there_is_room(
    boris: User, here: Dealership, signed_in: SignedIn
) -> None:
    gone = make_car(status=CarStatus.WITHDRAWN)
    limit(here, cars=0)
    page = signed_in(boris).post(f"/staff/cars/{gone.id}/status", data={"status": "available"})
    assert page.status_code == 422 and "stock is limited to 0" in page.text


def test_an_import_that_is_too_large_enters_nothing(app: Flask, here: Dealership, tmp_path: Path) -> None:
    limit(here, cars=1)
    lines = ("make,model,price", "Audi,A4,10000", "Audi,A6,12000")
    with pytest.raises(Exception, match="stock is limited to 1"):
        import_text(tmp_path, *lines)
    session.rollback()
    assert session.query(Car).count() == 0
    limit(here, cars=2)
    import_text(tmp_path, *lines)
    assert session.query(Car).count() == 2


def test_pictures_are_refused_where_the_room_is_full(boris: User, here: Dealership, signed_in: SignedIn) -> None:
    car = make_car()
    limit(here, storage_mb=0)
    page = signed_in(boris).post(f"/staff/cars/{car.id}/photos", data={"photo": picture()})
    assert page.status_code == 422 and "limited to 0 MB" in page.text
    limit(here, storage_mb=5)
    assert signed_in(boris).post(f"/staff/cars/{car.id}/photos", data={"photo": picture()}).status_code in (200, 303)


def test_an_inquiry_is_never_turned_away(client: Client, here: Dealership) -> None:
    car = make_car()
    limit(here, users=0, cars=0, storage_mb=0)
    assert send(client, "/contact").status_code == 303
    file, name = picture()
    own_car = upload(file.read(), name=name) | {"email": "bea@example.com", "name": "Bea Berg"}
    assert send(client, f"/cars/{car.slug}/inquiry", **own_car).status_code == 303
    _question, trade_in = leads()
    assert len(list_photos(trade_in.id)) == 1, "with the photos of the car that is offered"


def test_the_other_dealership_is_not_limited(here: Dealership, there: Dealership) -> None:
    limit(here, users=0)
    assert queries.get_profile(there.id).quotas.users is None


def test_the_command_sets_and_shows_limits(app: Flask) -> None:
    def ask(*arguments: str) -> tuple[int, str]:
        answer = app.test_cli_runner().invoke(args=["dealerships", *arguments])
        return answer.exit_code, answer.output

    assert ask("quota", "a.test", "--users", "5", "--storage-mb", "2000") == (
        0, "users: 5\ncars: no limit\nstorage_mb: 2000\n"
    )  # fmt: skip
    assert ask("quota", "a.test", "--users", "-1") == (0, "users: no limit\ncars: no limit\nstorage_mb: 2000\n")
    assert ask("list") == (0, "a.test  A Motors, storage_mb 2000\nb.test  B Motors\n")
    assert ask("quota", "a.test", "--users", "many")[0] == 2
    assert ask("quota", "nowhere.test")[0] == 1
