"""Keeping what leads ask for beyond their words."""

from kroi.db.model import session
from kroi.leads.models import Lead
from kroi.leads.rules import Wish
from kroi.leads.wishes.models import WishPhoto, WishRow


def keep(lead: Lead, wish: Wish) -> None:
    """Store a lead's wish, if it has one. The pictures of its photos lie in the private store already."""
    said = wish.said()
    if not said:
        return
    own = wish.own_car
    session.add(
        WishRow(
            lead_id=lead.id,
            said=said,
            slot_at=wish.slot,
            make=own.make,
            model=own.model,
            year=own.year,
            mileage_km=own.mileage_km,
            plate=own.plate,
            condition=own.condition,
            down_cents=wish.down_cents,
            months=wish.months,
            call_time=wish.call_time,
            looking_for=wish.looking_for,
            most_cents=wish.most_cents,
        )
    )
    for position, photo in enumerate(own.photos):
        session.add(
            WishPhoto(lead_id=lead.id, digest=photo.digest, width=photo.width, height=photo.height, position=position)
        )
    session.flush()
