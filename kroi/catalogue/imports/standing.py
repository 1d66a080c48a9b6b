"""Putting the cars of an import where its file says, and back."""

from collections.abc import Iterable, Mapping

from kroi.catalogue.events import CarRelocated
from kroi.catalogue.imports.decisions import Decision
from kroi.catalogue.imports.queries import Known
from kroi.catalogue.models import ImportRow, RowOutcome
from kroi.catalogue.places import queries as places
from kroi.catalogue.places import service
from kroi.core import events


def stand(decisions: Iterable[Decision], added: Mapping[int, int]) -> None:
    """The cars stand where their rows say; `added` are the ids of the new ones by row number."""
    new: dict[int, str] = {}
    moved: dict[int, str] = {}
    for each in decisions:
        if each.outcome is RowOutcome.ADDED and each.row and each.row.car and each.row.car.location:
            new[added[each.number]] = each.row.car.location
        elif each.known and "location" in each.changes:
            moved[each.known["id"]] = each.changes["location"].after
    _move(new | moved)
    _tell(moved)


def put_back(undone: Iterable[tuple[ImportRow, Known]]) -> None:
    """The cars stand where the import found them, but those that somebody has moved since."""
    moved = {
        car["id"]: before["location"]
        for row, car in undone
        if "location" in (before := row.before or {}) and car["location"] == (row.after or {}).get("location")
    }
    _tell(_move(moved))


def _move(wanted: Mapping[int, str]) -> list[int]:
    """Move cars to places by name; answers which. A place that is no more takes none."""
    spots = places.get_spots()
    found = {car_id: spot.location_id for car_id, name in wanted.items() if (spot := spots.named(name))}
    service.move_several(found)
    return list(found)


def _tell(car_ids: Iterable[int]) -> None:
    for car_id in car_ids:
        events.publish(CarRelocated(car_id))
