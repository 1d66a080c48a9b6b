"""Pictures over HTTP: for ever cacheable, only our own, and nothing but pictures."""

import io

import pytest
from PIL import Image

from kroi.catalogue.photos import rules, service
from kroi.dealerships.models import Dealership
from tests.support.client import Client

pytestmark = pytest.mark.slow


@pytest.fixture
def digest(client: Client) -> str:
    """A photo in the store of dealership A."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), "#0a5").save(buffer, "JPEG")
    return service.prepare(buffer.getvalue()).digest


def test_every_picture_has_its_address_and_type(client: Client, digest: str) -> None:
    for name in rules.file_names(digest):
        response = client.get(f"/media/{name}")
        assert response.status_code == 200
        assert response.mimetype == ("image/webp" if name.endswith("webp") else "image/jpeg")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        with Image.open(io.BytesIO(response.data)) as image:
            assert image.size[0] <= 640


def test_a_picture_is_kept_for_ever(client: Client, digest: str) -> None:
    address = f"/media/{digest}-480.webp"
    response = client.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    head = client.head(address)
    assert head.status_code == 200 and head.content_length == len(response.data)
    part = client.get(address, headers={"Range": "bytes=0-9"})
    assert part.status_code == 206 and part.data == response.data[:10]


def test_another_dealerships_picture_does_not_exist(client: Client, digest: str, there: Dealership) -> None:
    client.host = there.host
    assert client.get(f"/media/{digest}-480.webp").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/{digest}-481.webp",
        "/media/{digest}-480.png",
        "/media/{digest}-480.webp.html",
        "/media/{digest}-480.webp%00",
        "/media/{digest}-480.webp%0a",
        "/media/..%2f..%2fkroi.sqlite3",
        "/media/%2e%2e%2f%2e%2e%2fsecret-key",
        "/media/%252e%252e%252fsecret-key",
        "/media/..\\..\\secret-key",
        "/media/1",
        "/media/.x.part",
        "/media/" + "a" * 5000,
    ],
)
def test_nothing_but_pictures_is_served(client: Client, digest: str, path: str) -> None:
    response = client.get(path.format(digest=digest), check=False)
    assert response.status_code == 404
    assert "immutable" not in response.headers.get("Cache-Control", "")


def test_a_missing_picture_is_not_remembered(client: Client) -> None:
    response = client.get(f"/media/{'0' * 32}-480.webp")
    assert (response.status_code, response.headers["Cache-Control"]) == (404, "no-store")
    assert not response.data


def test_a_picture_cannot_be_posted(client: Client, digest: str) -> None:
    assert client.post(f"/media/{digest}-480.webp", check=False).status_code == 405
