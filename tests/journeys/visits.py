"""A visit, a photo of their own car and an own page, for the matrix of routes."""

from datetime import timedelta

from kroi.core import clock
from kroi.db.transaction import transaction
from kroi.leads.models import Lead
from kroi.leads.own_page import service as own_pages
from kroi.leads.visits import booking, rules
from kroi.leads.wishes import photos
from kroi.leads.wishes.models import WishPhoto
from tests.journeys.routes import a_photo
from tests.support.makers import stored


def visited(lead: Lead) -> dict[str, int | str]:
    """What hangs on this lead."""
    made = photos.prepare("nonce", a_photo()[0].read())
    picture = stored(WishPhoto(lead_id=lead.id, digest=made.digest, width=made.width, height=made.height, position=0))
    with transaction():
        visit = booking.hold(lead, lead.car_id, rules.slot_at(clock.now() + timedelta(days=3)))
        key = own_pages.open_page(lead)
    return {"visit_id": visit.id, "picture_id": picture.id, "size": 480, "key": key}
