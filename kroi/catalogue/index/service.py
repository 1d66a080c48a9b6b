"""Asks the index: every number of a listing page and the ids of its cars, without the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kroi.catalogue.index import queries
from kroi.catalogue.index.keeping import Kept, keeper
from kroi.catalogue.index.making import maker
from kroi.catalogue.index.rules import counting
from kroi.catalogue.index.rules.asking import COLUMN_OF, Asking
from kroi.catalogue.index.rules.facts import SORTED
from kroi.catalogue.listing.conditions import stored_ends
from kroi.catalogue.places import queries as places
from kroi.catalogue.places.rules import ONE
from kroi.catalogue.rules.cursors import Cursor
from kroi.catalogue.rules.filters import SPANS, CarFilter, Choice, Sort
from kroi.catalogue.rules.numbers import Counts, Naming, Option

Known = dict[str, dict[str, str]]
_NAMED = ("make", "model")
keeper.make, keeper.used = maker.ask, maker.note_use


@dataclass(frozen=True)
class Vocabulary:
    """The words a dealership's cars on sale are described with. `tokens` are those of their texts, folded."""

    makes: tuple[Option, ...]
    models: tuple[Option, ...]
    tokens: frozenset[str]


def current() -> "Index | None":
    """The dealership's index as it should be now, or `None`: then the database must be asked."""
    kept = keeper.current()
    return Index(kept) if kept else None


def vocabulary() -> Vocabulary:
    """Makes and models on sale, and the words of the texts; without an index the database says it, without texts."""
    index = current()
    if index:
        return index.vocabulary()
    makes, models = queries.list_names()
    return Vocabulary(makes, models, frozenset())


def read_ahead(read: Callable[[Sequence[int]], object]) -> None:
    """Call this with the ids of the newest cars, some hundreds at a time, when an index was made beside the pages."""
    maker.then = read


def forget_everything() -> None:
    """The database is another one now."""
    keeper.forget_everything()


class Index:
    """The cars on sale of one dealership."""

    def __init__(self, kept: Kept) -> None:
        self._kept, self._spots = kept, places.get_spots()
        self._asked: tuple[CarFilter, int, Asking] | None = None

    def count(self, wanted: CarFilter, cursor: Cursor | None = None) -> Counts:
        """Everything counted, exactly."""
        with self._kept.lock:
            known = self._known(wanted)
            asking = self._ask(wanted, known)
            found = counting.counts(self._kept.stock, asking, cursor, known, self._spots)
        ignored = dict.fromkeys(wanted.active(), found.total)  # what is ignored costs nothing
        return found if len(ignored) == len(found.dropped) else counting.with_dropped(found, ignored)

    def count_all(self, wanted: CarFilter) -> int:
        """How many cars match."""
        with self._kept.lock:
            return self._ask(wanted, self._known(wanted)).total()

    def list_places(self, wanted: CarFilter, sort: Sort, start: int, most: int) -> list[Cursor]:
        """The cars from number `start` (0 is the first) of the list on, at most so many."""
        stock = self._kept.stock
        values = stock.orders[SORTED[sort][0]]
        with self._kept.lock:
            positions = self._ask(wanted, self._known(wanted)).page(sort, start, most)
            return [Cursor(sort, values.value(at), stock.ids.array[at]) for at in positions]

    def list_blocks(self, size: int) -> list[int]:
        """The blocks of so many ids in which there are cars."""
        with self._kept.lock:
            return sorted(self._kept.stock.blocks(size))

    def list_near(self, wanted: CarFilter, name: str, most: int) -> list[tuple[int, int]]:
        """The closest cars that miss just this filter: id, and how far its number is from the span (else 0)."""
        stock = self._kept.stock
        with self._kept.lock:
            asking = self._ask(wanted.without(name), self._known(wanted))
            if name not in SPANS:
                return [(stock.ids.array[at], 0) for at in asking.page(Sort.NEWEST, 0, most)]
            order, ends = stock.orders[COLUMN_OF[name]], stored_ends(name, wanted.span(name))
            found = order.beside(asking.fitting, ends.low, ends.high, most)
            return [(stock.ids.array[at], far) for at, far in found]

    def vocabulary(self) -> Vocabulary:
        """Makes and models on sale, and the words of the texts. The same object until a word comes or goes."""
        with self._kept.lock:
            return self._kept.remembered("vocabulary", self._vocabulary)

    def _vocabulary(self) -> Vocabulary:
        found = counting.counts(self._kept.stock, self._ask(CarFilter(), {}), None, {}, ONE)
        tokens = frozenset(self._kept.stock.texts.tokens())
        return Vocabulary(tuple(found.options("make")), tuple(found.options("model")), tokens)

    def _ask(self, wanted: CarFilter, known: Mapping[str, Mapping[str, str]]) -> Asking:
        wanted = wanted.among(known)
        version = self._kept.version
        if self._asked is None or self._asked[:2] != (wanted, version):
            ends = {name: stored_ends(name, wanted.span(name)) for name in wanted.active() if name in SPANS}
            by_id = wanted.with_("location", self._spots.chosen(wanted.location)) if wanted.location else wanted
            self._asked = wanted, version, Asking(self._kept.stock, by_id, ends)
        return self._asked[2]

    def _known(self, wanted: CarFilter) -> Known:
        """The chosen makes and models that are or once were ours, and all places, and what they are called."""
        naming = self._kept.stock.naming
        found = {name: self._labels(name, wanted.choice(name), naming) for name in _NAMED if wanted.choice(name)}
        if self._spots:
            found["location"] = self._spots.names
        return {name: labels for name, labels in found.items() if labels}

    def _labels(self, name: str, choice: Choice, naming: Naming) -> dict[str, str]:
        asked, here = (*choice.any_of, *choice.none_of), naming.labels[name]
        elsewhere = [value for value in asked if value not in here]
        labels = {value: here[value] for value in asked if value in here}
        return labels | self._kept.former(name, elsewhere) if elsewhere else labels
