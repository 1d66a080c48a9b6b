"""Changes to the locations beside the main one. The caller holds the dealership's row."""

from dataclasses import replace

from flask_babel import gettext as _

from kroi.core.errors import Conflict, NotFound
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules import places as rules
from kroi.dealerships.rules.places import Place


def add(row: Dealership, place: Place) -> Place:
    """A new location, with its id; raises Conflict when there is one of that name."""
    places = rules.read(row.locations)
    added = replace(place, id=rules.next_id(places))
    _keep(row, (*places, added), added)
    return added


def change(row: Dealership, place: Place) -> Place:
    """What the location of this id is now; answers what it was. Raises Conflict, and NotFound."""
    places = rules.read(row.locations)
    before = get(places, place.id)
    _keep(row, tuple(place if each.id == place.id else each for each in places), place)
    return before


def remove(row: Dealership, location_id: int) -> Place:
    """Close a location and answer what it was; raises NotFound. The caller has moved its cars away."""
    places = rules.read(row.locations)
    before = get(places, location_id)
    _keep(row, tuple(each for each in places if each.id != location_id), None)
    return before


def get(places: tuple[Place, ...], location_id: int) -> Place:
    """One of these; raises NotFound."""
    for place in places:
        if place.id == location_id:
            return place
    raise NotFound(_("There is no such location."))


def _keep(row: Dealership, places: tuple[Place, ...], new: Place | None) -> None:
    if new is not None and rules.is_taken(new.name, places, new.id):
        raise Conflict(_("There is a location of this name already."))
    dealerships.change_profile(row.id, locations=rules.stored(places))
