"""Photos in the editor: sent, sorted, described, removed, with and without script."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from kroi.accounts.models import User
from kroi.catalogue.models import Car, Photo
from kroi.db.model import session
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def picture(colour: str, name: str | None = None) -> tuple[BytesIO, str]:
    file = BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    file.seek(0)
    return file, name or f"{colour}.jpg"


def send(client: Client, car: Car, *files: tuple[BytesIO, str], **more: Any) -> TestResponse:
    return client.post(f"/staff/cars/{car.id}/photos", data={"photo": list(files)}, **more)


def order(car: Car) -> list[int]:
    return [photo.id for photo in session.query(Photo).filter_by(car_id=car.id).order_by(Photo.position)]


@pytest.fixture
def editor(signed_in: SignIn, boris: User) -> Client:
    return signed_in(boris)


@pytest.fixture
def car(editor: Client) -> Car:
    """A car with three photos."""
    made = make_car()
    assert send(editor, made, picture("red"), picture("green"), picture("blue")).status_code == 303
    return made


def test_many_photos_at_once(editor: Client, car: Car) -> None:
    assert car.photo_count == 3 and car.cover is not None
    page = editor.get(f"/staff/cars/{car.id}").text
    assert page.count('class="handle"') == 3 and ">Cover<" in page


def test_a_file_that_cannot_be_used_is_named_and_the_others_are_kept(editor: Client, car: Car) -> None:
    bad = (BytesIO(b"GIF89a nothing"), "../../<b>holiday</b>.gif")
    page = send(editor, car, picture("teal"), bad)
    assert page.status_code == 200
    assert "This file is not a photo." in page.text and "&lt;b&gt;holiday" not in page.text.split("failed")[0]
    assert "<b>holiday" not in page.text and "../.." not in page.text
    assert car.photo_count == 4


def test_when_none_can_be_used_that_is_a_mistake(editor: Client, car: Car) -> None:
    assert send(editor, car, (BytesIO(b""), "empty.jpg")).status_code == 422
    assert car.photo_count == 3


def test_nothing_chosen_is_said(editor: Client, car: Car) -> None:
    for page in (send(editor, car), send(editor, car, headers=PARTIAL)):
        assert page.status_code == 422 and 'id="photo-error"' in page.text and 'id="_photos"' in page.text
        assert "Choose one or more photos first." in page.text and page.text.count('class="handle"') == 3
        assert re.search(r'<input[^>]*aria-describedby="photo-error"[^>]*type="file"', page.text)


def test_htmx_gets_the_photos_only_and_reasons_with_them(editor: Client, car: Car) -> None:
    page = send(editor, car, picture("teal"), (BytesIO(b"no"), "no.jpg"), headers=PARTIAL)
    assert page.status_code == 200 and "<title>" not in page.text
    assert 'id="_photos"' in page.text and "no.jpg" in page.text


@pytest.mark.parametrize(
    ("which", "wish", "expected"),
    [
        (0, "later", [1, 0, 2]),
        (2, "earlier", [0, 2, 1]),
        (2, "first", [2, 0, 1]),
        (0, "earlier", [0, 1, 2]),
        (1, "fly", [0, 1, 2]),
    ],
)
def test_buttons_sort_without_script(editor: Client, car: Car, which: int, wish: str, expected: list[int]) -> None:
    ids = order(car)
    response = editor.post(f"/staff/cars/{car.id}/photos/{ids[which]}", data={"do": wish})
    assert (response.status_code, response.headers["Location"]) == (303, f"/staff/cars/{car.id}#photos")
    assert order(car) == [ids[at] for at in expected]


def test_dragging_sorts_all_at_once(editor: Client, car: Car) -> None:
    ids = order(car)
    wish = {"order": [str(each) for each in reversed(ids)]}
    page = editor.post(f"/staff/cars/{car.id}/photos/order", data=wish, headers=PARTIAL)
    assert page.status_code == 200 and order(car) == ids[::-1]


def test_anothers_photo_cannot_be_sorted_in(editor: Client, car: Car) -> None:
    other = make_car()
    send(editor, other, picture("pink"))
    wish = {"order": [str(order(other)[0])]}
    assert editor.post(f"/staff/cars/{car.id}/photos/order", data=wish, check=False).status_code == 422
    response = editor.post(f"/staff/cars/{car.id}/photos/{order(other)[0]}", data={"do": "remove"}, check=False)
    assert response.status_code == 404 and other.photo_count == 1


def test_a_photo_can_be_described(editor: Client, car: Car) -> None:
    first = order(car)[0]
    editor.post(f"/staff/cars/{car.id}/photos/{first}", data={"do": "describe", "alt": ' From "the" left '})
    assert session.get_one(Photo, first).alt == 'From "the" left'
    assert 'alt="From &#34;the&#34; left"' in editor.get(f"/staff/cars/{car.id}").text


def test_a_photo_can_be_removed_and_the_cover_follows(editor: Client, car: Car) -> None:
    ids, before = order(car), dict(car.cover or {})
    editor.post(f"/staff/cars/{car.id}/photos/{ids[0]}", data={"do": "remove"})
    assert order(car) == ids[1:] and car.photo_count == 2
    assert car.cover is not None and car.cover["digest"] != before["digest"]


def test_the_page_can_be_used_without_script(editor: Client, car: Car) -> None:
    page = editor.get(f"/staff/cars/{car.id}").text
    assert "Send the photos" in page and 'enctype="multipart/form-data"' in page
    assert page.count('name="do" value="remove"') == 3


def test_sales_see_photos_and_no_buttons(signed_in: SignIn, ana: User, car: Car) -> None:
    page = signed_in(ana).get(f"/staff/cars/{car.id}").text
    assert page.count("<picture>") == 3 and 'name="do"' not in page
