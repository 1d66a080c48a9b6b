"""When nothing matches: the cars that miss only one of the filters, the closest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union_all

from kroi.catalogue.index.service import Index
from kroi.catalogue.listing.conditions import SPAN_COLUMNS, conditions, on_sale, stored_ends
from kroi.catalogue.models import Car
from kroi.catalogue.queries import CARD_COLUMNS, CarCard, card, list_cards
from kroi.catalogue.rules.filters import EVERYTHING, SPANS, CarFilter, Sort, Span
from kroi.db.model import session

_EACH = 3  # cars for each filter that could be dropped


@dataclass(frozen=True)
class Near:
    """A car that would be there without the filter `misses`; empty when no single filter is to blame."""

    misses: str
    car: CarCard


def list_near(wanted: CarFilter, dropped: Mapping[str, int], index: Index | None = None) -> list[Near]:
    """For each filter worth dropping, its closest cars; the newest of all when there is none. One statement."""
    if index:
        return _by_index(wanted, [name for name, count in dropped.items() if count], index)
    walks = [walk for name, count in dropped.items() if count for walk in _walks(name, wanted)]
    walks = walks or [_newest("", [on_sale()])]
    found = union_all(*(select(walk.subquery()) for walk in walks)).subquery("near")
    query = select(found.c.misses, found.c.at, *CARD_COLUMNS).join(found, found.c.id == Car.id)
    rows = session.execute(query.order_by(found.c.at, found.c.distance, found.c.id))
    return [Near(row.misses, card(row)) for row in rows]


def _by_index(wanted: CarFilter, names: Sequence[str], index: Index) -> list[Near]:
    found = [(_rank(name), far, car_id, name) for name in names for car_id, far in index.list_near(wanted, name, _EACH)]
    found = found or [(0, 0, place.id, "") for place in index.list_places(EVERYTHING, Sort.NEWEST, 0, _EACH)]
    cards = {card.id: card for card in list_cards({car_id for _rank, _far, car_id, _name in found}, on_sale=True)}
    return [Near(name, cards[car_id]) for _at, _far, car_id, name in sorted(found) if car_id in cards]


def _walks(name: str, wanted: CarFilter) -> Iterator[Select[Any]]:
    rest = [on_sale(), *conditions(wanted.without(name)).values()]
    if name not in SPANS:
        yield _newest(name, rest)
        return
    yield from _beside(name, rest, wanted.span(name))


def _beside(name: str, rest: list[ColumnElement[bool]], span: Span) -> Iterator[Select[Any]]:
    """Two walks along the index, one from each end of the span, rather than a sort by distance."""
    column, ends = SPAN_COLUMNS[name], stored_ends(name, span)
    if ends.high is not None:
        above = _found(name, column - ends.high).where(*rest, column > ends.high)
        yield above.order_by(column).limit(_EACH)
    if ends.low is not None:
        below = _found(name, ends.low - column).where(*rest, column < ends.low, column > 0)
        yield below.order_by(column.desc()).limit(_EACH)


def _newest(name: str, rest: list[ColumnElement[bool]]) -> Select[Any]:
    return _found(name, literal(0)).where(*rest).order_by(Car.listed_at.desc().nulls_last(), Car.id.desc()).limit(_EACH)


def _found(name: str, distance: ColumnElement[Any]) -> Select[Any]:
    """Id, missed filter, its rank (numbers that are nearly right come before another kind of car) and distance."""
    rank = _rank(name)
    return select(
        Car.id.label("id"), literal(name).label("misses"), literal(rank).label("at"), distance.label("distance")
    )


def _rank(name: str) -> int:
    return list(SPANS).index(name) if name in SPANS else len(SPANS)
