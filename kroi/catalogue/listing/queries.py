"""One page of the list, complete: cards, numbers, place in the list, and advice when nothing matches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kroi.catalogue.cards import memory
from kroi.catalogue.index import service as indexes
from kroi.catalogue.index.service import Index
from kroi.catalogue.listing import counts, near, walk
from kroi.catalogue.listing.counts import Counts
from kroi.catalogue.listing.near import Near
from kroi.catalogue.queries import CarCard
from kroi.catalogue.rules import ON_SALE
from kroi.catalogue.rules.addresses import Asked
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import CarFilter, Sort

PER_PAGE = 24
indexes.read_ahead(memory.list_cards)


@dataclass(frozen=True)
class Page:
    """What the list shows. `first` counts from 1; the cursors lead to the pages around, where there are any.

    `here` is this page's own cursor, `None` for the first page. `near` helps when nothing matches.
    """

    filter: CarFilter
    sort: Sort
    counts: Counts
    cards: tuple[CarCard, ...]
    first: int
    here: Cursor | None
    previous: Cursor | None
    next: Cursor | None
    near: tuple[Near, ...] = ()

    @property
    def last(self) -> int:
        """The number of the page's last car."""
        return self.first + len(self.cards) - 1 if self.cards else 0

    @property
    def total(self) -> int:
        """How many cars match."""
        return self.counts.total


def browse(asked: Asked, *, advice: bool = True) -> Page:
    """The page of the list that was asked for, the nearest one that exists if there is no such page.

    Without `advice` nothing is looked for to comfort who finds nothing.
    """
    index = indexes.current()
    found = index.count(asked.filter, asked.after) if index else counts.count_in_database(asked.filter, asked.after)
    wanted = asked.filter.among(found.known)
    if not found.total:
        near_by = tuple(near.list_near(wanted, found.dropped, index)) if advice else ()
        return Page(wanted, asked.sort, found, (), 0, None, None, None, near_by)
    if wanted is not asked.filter:
        asked = replace(asked, filter=wanted)
    return _by_index(index, asked, found) if index else _by_database(asked, found)


def _by_index(index: Index, asked: Asked, found: Counts) -> Page:
    """The index says which cars; their cards are read by their ids, and one that was sold just now is left out."""
    after, _skip, start = _place(asked, found)
    extra = 1 if start else 0  # the car before the page: its own address goes on from it
    places = index.list_places(asked.filter, asked.sort, start - extra, PER_PAGE + extra)
    shown = places[extra:]
    here = after if after and not after.back else places[0] if extra and places else None
    cards = _cards(shown)
    return Page(
        filter=asked.filter,
        sort=asked.sort,
        counts=found,
        cards=tuple(cards),
        first=start + 1,
        here=here if start else None,
        previous=shown[0]._replace(back=True) if shown and start > 0 else None,
        next=shown[-1] if shown and start + len(shown) < found.total else None,
    )


def _cards(places: Sequence[Cursor]) -> list[CarCard]:
    return [card for card in memory.list_cards(place.id for place in places) if card.status in ON_SALE]


def list_first(wanted: CarFilter, sort: Sort, most: int) -> list[CarCard]:
    """The first cars of the list, at most so many, without its numbers."""
    index = indexes.current()
    return _cards(index.list_places(wanted, sort, 0, most)) if index else walk.list_page(wanted, sort, most)


def _by_database(asked: Asked, found: Counts) -> Page:
    after, skip, start = _place(asked, found)
    # The car before the page is read too where needed: the page's own address goes on from it.
    extra = 1 if start and (after is None or after.back) else 0
    cards = walk.list_page(asked.filter, asked.sort, PER_PAGE + extra, after=after, skip=max(skip - extra, 0))
    here = walk.cursor_at(cards[0], asked.sort) if extra and cards else after
    return _page(replace(asked, after=here), found, cards[extra:], start)


def _place(asked: Asked, found: Counts) -> tuple[Cursor | None, int, int]:
    """From where to walk, how many to skip, and how many cars lie before the page."""
    last_page = (found.total - 1) // PER_PAGE
    if asked.after is None:
        skip = min(asked.page - 1, last_page) * PER_PAGE
        return None, skip, skip
    if asked.after.back:
        start = found.before - PER_PAGE
        return (asked.after, 0, start) if start > 0 else (None, 0, 0)
    if found.before >= found.total:
        return None, last_page * PER_PAGE, last_page * PER_PAGE
    return (asked.after if found.before else None), 0, found.before


def _page(asked: Asked, found: Counts, cards: list[CarCard], start: int) -> Page:
    goes_back, goes_on = bool(cards) and start > 0, bool(cards) and start + len(cards) < found.total
    return Page(
        filter=asked.filter,
        sort=asked.sort,
        counts=found,
        cards=tuple(cards),
        first=start + 1,
        here=asked.after if start else None,
        previous=walk.cursor_at(cards[0], asked.sort, back=True) if goes_back else None,
        next=walk.cursor_at(cards[-1], asked.sort) if goes_on else None,
    )
