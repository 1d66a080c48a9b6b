"""What is asked for beyond words: each interest has its fields, photos stay between the shopper and the staff."""

import html
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.rules import CallTime, Condition, LeadStatus
from kroi.leads.wishes import photos, queries
from kroi.leads.wishes.forms import number
from kroi.leads.wishes.models import WishPhoto, WishRow
from tests.leads.asking import leads, only_lead, opened, send, ticket_in
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

OWN_CAR: dict[str, Any] = {
    "interest": "trade_in", "make": "Saab", "model": "9-5", "year": "2009", "mileage": "218 000 km",
    "plate": "ABC-123", "condition": "worn",
}  # fmt: skip
GPS_IFD = 0x8825


def jpeg(colour: str = "teal", size: tuple[int, int] = (640, 480), *, located: bool = False) -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    if located:
        exif[0x010F] = "Secret camera"
        exif.get_ifd(GPS_IFD)[1] = "N"
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


def upload(*contents: bytes, name: str = "car.jpg") -> dict[str, Any]:
    return OWN_CAR | {"photos": [(io.BytesIO(content), name) for content in contents]}


def files(app: Flask) -> list[str]:
    folder = app.extensions["kroi.settings"].instance / "media"
    return sorted(path.name for path in folder.rglob("*.*"))


@pytest.fixture
def path(app: Flask) -> str:
    return f"/cars/{make_car().slug}/inquiry"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (OWN_CAR, {"make": "Saab", "year": 2009, "mileage_km": 218_000, "condition": Condition.WORN}),
        ({"interest": "finance", "down": "5 000 €", "months": "48"}, {"down_cents": 500_000, "months": 48}),
        ({"interest": "call_back", "call_time": "evening"}, {"call_time": CallTime.EVENING}),
        ({"interest": "notify", "looking_for": "Van", "most": "9000"}, {"looking_for": "Van", "most_cents": 900_000}),
    ],
)  # fmt: skip
def test_each_interest_keeps_what_belongs_to_it(
    client: Client, path: str, typed: dict[str, Any], kept: dict[str, Any]
) -> None:
    everything = OWN_CAR | {"down": "1", "months": "12", "call_time": "soon", "looking_for": "x", "most": "1"}
    assert send(client, path, **(everything | typed)).status_code == 303
    row = queries.find(only_lead().id)
    assert row is not None and {name: getattr(row, name) for name in kept} == kept
    nothing = [name for name in ("make", "down_cents", "call_time", "looking_for") if name not in kept]
    assert [getattr(row, name) for name in nothing if getattr(row, name)] == []


@pytest.mark.parametrize("interest", ["question", "test_drive", "trade_in", "finance", "notify"])
def test_a_form_without_any_of_it_is_taken(client: Client, path: str, interest: str) -> None:
    assert send(client, path, interest=interest, phone="").status_code == 303
    assert session.scalars(select(WishRow)).all() == []


def test_who_wants_to_be_called_gives_a_number(client: Client, path: str) -> None:
    page = html.unescape(send(client, path, interest="call_back", phone="").text)
    assert page.count("Give a phone number, so that we can call you") == 2 and leads() == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"year": "09"}, "year"), ({"year": "3000"}, "year"), ({"year": "２００９"}, "year"),
        ({"mileage": "a lot"}, "mileage"), ({"mileage": "-5"}, "mileage"), ({"mileage": "9" * 30}, "mileage"),
        ({"condition": "mint"}, "condition"), ({"make": "x" * 61}, "make"), ({"plate": "x" * 13}, "plate"),
        ({"interest": "finance", "down": "all"}, "down"), ({"interest": "finance", "months": "0.5e9"}, "months"),
        ({"interest": "call_back", "call_time": "never"}, "call-time"),
        ({"interest": "notify", "looking_for": "x" * 201}, "looking"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_all_is_kept(client: Client, path: str, typed: dict[str, Any], field: str) -> None:
    refused = send(client, path, **(OWN_CAR | typed))
    assert refused.status_code == 422 and f'id="ask-{field}-error"' in refused.text and leads() == []
    value = next(value for name, value in typed.items() if name != "interest")
    assert value in html.unescape(refused.text) or field in ("condition", "call-time")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("120 000 km", 120_000), ("€5,000", 5_000), ("1.200", 1_200), ("", None), ("-1", None), ("1e9", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, meant: int | None) -> None:
    assert number(typed) == meant


def test_photos_are_made_anew_and_only_staff_see_them(
    client: Client, path: str, app: Flask, signed_in: Callable[[User], Client], ana: User, chris: User
) -> None:
    assert send(client, path, **upload(jpeg(located=True), jpeg("red"))).status_code == 303
    lead_id = only_lead().id
    first, second = (photo.id for photo in queries.list_photos(lead_id))
    address = f"/staff/leads/{lead_id}/own-car/{first}/1600"
    seen = signed_in(ana).get(address)
    assert seen.content_type == "image/webp" and seen.headers["Cache-Control"] == "no-store"
    assert b"Secret" not in seen.data and b"Exif" not in seen.data and b"GPS" not in seen.data
    assert client.get(address).status_code == 303 and signed_in(chris).get(address).status_code == 404
    for name in files(app):
        assert name.startswith("own-") and client.get(f"/media/{name}").status_code == 404
        assert client.get(f"/media/{name.removeprefix('own-')}").status_code == 404
    page = signed_in(ana).get(f"/staff/leads/{lead_id}").text
    assert "Saab 9-5" in page and f"/own-car/{second}/480" in page
    assert signed_in(ana).get(f"/staff/leads/{lead_id}/own-car/{first}/999").status_code == 404


HOSTILE = {
    "nothing": b"", "words": b"hello", "a page": b"<html><script>alert(1)</script>", "cut short": jpeg()[:200],
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "too small": jpeg(size=(20, 20)),
    "a film of a car": b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 500, "a bomb": b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_photo_is_said_beside_the_field(client: Client, path: str, app: Flask, content: bytes) -> None:
    refused = send(client, path, **upload(content, name="../../<script>.php"))
    assert refused.status_code == 422 and 'id="ask-photos-error"' in refused.text
    assert "<script>.php" not in refused.text and leads() == [] and files(app) == []


def test_photos_that_came_with_a_mistake_need_not_be_chosen_again(client: Client, path: str) -> None:
    refused = send(client, path, **(upload(jpeg(), b"broken") | {"name": ""}))
    page = refused.text
    assert refused.status_code == 422 and "The photos that you chose are here already." in page
    kept = page.split('name="kept"')[1].split('value="')[1].split('"')[0]
    sent = send(client, path, ticket=ticket_in(page), kept=kept, **OWN_CAR)
    assert sent.status_code == 303 and len(queries.list_photos(only_lead().id)) == 1


def test_photos_of_another_form_are_not_taken_over(client: Client, path: str) -> None:
    page = send(client, path, **(upload(jpeg()) | {"name": ""})).text
    kept = page.split('name="kept"')[1].split('value="')[1].split('"')[0]
    assert send(client, path, kept=kept, **OWN_CAR).status_code == 303
    assert session.scalars(select(WishPhoto)).all() == []


def test_six_photos_are_enough(client: Client, path: str) -> None:
    seven = [jpeg(size=(300 + number, 300)) for number in range(7)]
    assert "Send 6 photos at most" in send(client, path, **upload(*seven)).text
    assert send(client, path, **upload(*seven[:6])).status_code == 303


def test_a_resend_with_photos_is_one_lead_with_each_once(client: Client, path: str) -> None:
    ticket = opened(client, path)
    for _time in range(2):
        assert send(client, path, ticket=ticket, **upload(jpeg(), jpeg())).status_code == 303
    assert len(queries.list_photos(only_lead().id)) == 1


def test_for_spam_no_picture_is_made(client: Client, path: str, app: Flask) -> None:
    assert send(client, path, website="http://buy.example", **upload(jpeg())).status_code == 303
    assert only_lead().status is LeadStatus.SPAM and files(app) == []


def test_pictures_of_forms_that_were_never_sent_are_forgotten(
    client: Client, path: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, path, **(upload(jpeg("red")) | {"name": ""}))
    send(client, path, **upload(jpeg("blue")))
    assert len(files(app)) == 4
    photos.forget_left_behind()
    assert len(files(app)) == 4
    later = clock.now() + photos.FORGOTTEN_AFTER * 2
    with clock.at(later):
        photos.forget_left_behind()
    (kept,) = queries.list_photos(only_lead().id)
    assert files(app) == sorted(photos.file_name(kept.digest, size) for size in photos.SIZES)


def test_a_sold_cars_form_asks_what_they_look_for(client: Client) -> None:
    car = make_car(status=CarStatus.SOLD, make="Volvo", model="V70")
    page = client.get(f"/cars/{car.slug}/inquiry").text
    assert 'name="looking_for"' in page and 'value="Volvo V70"' in page and 'name="slot"' not in page


def test_the_calculators_link_fills_the_form(client: Client, path: str) -> None:
    page = client.get(f"{path}?interest=finance&down=4000&months=36").text
    assert 'value="4000"' in page and 'value="36"' in page
    assert "<script>" not in client.get(f"{path}?interest=finance&down=<script>&months=-1").text
