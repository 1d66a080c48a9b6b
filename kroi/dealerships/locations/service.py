"""Changes to the locations beside the main one."""

from flask_babel import gettext as _
from sqlalchemy import select

from kroi.core.errors import Conflict
from kroi.db.model import session
from kroi.dealerships.locations.models import Location
from kroi.dealerships.locations.rules import Place


def add(place: Place) -> Location:
    """A new location; raises Conflict when there is one of that name."""
    _refuse_twin(place, None)
    row = Location(**place.columns())
    session.add(row)
    session.flush()
    return row


def change(row: Location, place: Place) -> None:
    """What a location is called, where it is, when it is open. The caller has locked it; raises Conflict."""
    _refuse_twin(place, row.id)
    for name, value in place.columns().items():
        setattr(row, name, value)


def remove(row: Location) -> None:
    """Close a location. The caller has moved its cars away."""
    session.delete(row)


def _refuse_twin(place: Place, own_id: int | None) -> None:
    found = session.scalar(select(Location.id).where(Location.name == place.name))
    if found not in (None, own_id):
        raise Conflict(_("There is a location of this name already."))
