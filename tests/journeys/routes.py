"""Every staff route, written down by hand: who may use it, and what a good form holds. The code has no say here."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

SALES, MANAGER, OWNER = "sales", "manager", "owner"
ALL, BOSSES, OWNERS = {SALES, MANAGER, OWNER}, {MANAGER, OWNER}, {OWNER}


@dataclass(frozen=True)
class Route:
    """Roles that may use it, and for a POST the fields of a form that succeeds."""

    roles: set[str]
    form: dict[str, Any] = field(default_factory=dict)


CAR = {
    "make": "Volvo", "model": "V60", "price": "21900", "model_year": "2020", "mileage_km": "88000",
    "body": "estate", "fuel": "diesel", "transmission": "automatic", "condition": "used", "seen": "{seen}",
}  # fmt: skip

STAFF: dict[str, Route] = {
    "GET /staff/": Route(ALL),
    "GET /staff/leads/": Route(ALL),
    "GET /staff/leads/<int:lead_id>": Route(ALL),
    "POST /staff/leads/<int:lead_id>/status": Route(ALL, {"status": "contacted"}),
    "POST /staff/leads/<int:lead_id>/note": Route(ALL, {"text": "Wants to see it on Saturday."}),
    "POST /staff/leads/<int:lead_id>/call": Route(ALL, {"outcome": "no_answer"}),
    "POST /staff/leads/<int:lead_id>/tasks": Route(ALL, {"text": "Ring back", "due": "2030-01-02T10:00"}),
    "POST /staff/leads/<int:lead_id>/tasks/<int:task_id>": Route(ALL),
    "POST /staff/leads/<int:lead_id>/assignment": Route(ALL, {"user": "{me}"}),
    "GET /staff/cars/": Route(ALL),
    "GET /staff/cars/new": Route(BOSSES),
    "POST /staff/cars/": Route(BOSSES, CAR),
    "GET /staff/cars/<int:car_id>": Route(ALL),
    "POST /staff/cars/<int:car_id>": Route(BOSSES, CAR),
    "POST /staff/cars/<int:car_id>/status": Route(ALL, {"status": "reserved"}),
    "POST /staff/cars/<int:car_id>/price": Route(BOSSES, {"price": "12345"}),
    "POST /staff/cars/<int:car_id>/photos": Route(BOSSES, {"photo": "{photo}"}),
    "POST /staff/cars/<int:car_id>/photos/order": Route(BOSSES, {"order": "{photo_id}"}),
    "POST /staff/cars/<int:car_id>/photos/<int:photo_id>": Route(BOSSES, {"do": "describe", "alt": "From the left"}),
    "GET /staff/users/": Route(OWNERS),
    "POST /staff/users/": Route(OWNERS, {"name": "Nora New", "email": "nora@a.test", "role": "sales"}),
    "GET /staff/users/<int:user_id>": Route(OWNERS),
    "POST /staff/users/<int:user_id>/role": Route(OWNERS, {"role": "manager"}),
    "POST /staff/users/<int:user_id>/off": Route(OWNERS),
    "POST /staff/users/<int:user_id>/on": Route(OWNERS),
    "POST /staff/users/<int:user_id>/password": Route(OWNERS),
    "GET /staff/operations/": Route(OWNERS),
    "GET /staff/operations/memory.json": Route(OWNERS),
    "GET /staff/profile": Route(ALL),
    "POST /staff/profile": Route(ALL, {"name": "Renamed", "language": "en"}),
    "POST /staff/profile/password": Route(ALL, {"current": "{password}", "password": "another fine phrase"}),
    "POST /staff/profile/sessions": Route(ALL),
}

# The way in and the way out, which nobody needs a permission for.
OPEN = {"GET /staff/sign-in", "POST /staff/sign-in", "POST /staff/sign-out"}

# Everything else that takes a POST: shoppers' forms.
PUBLIC_POSTS = {"POST /cars/<slug>/inquiry", "POST /contact"}


def a_photo() -> tuple[BytesIO, str]:
    """A small picture as an upload."""
    file = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "JPEG")
    file.seek(0)
    return file, "car.jpg"
