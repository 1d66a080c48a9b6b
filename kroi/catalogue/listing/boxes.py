"""The boxes of one facet: in which order they stand, and their HTML but for the count, which alone is always new."""

from collections.abc import Collection, Iterable, Sequence

from kroi.catalogue import words
from kroi.catalogue.rules.numbers import Counts, Naming
from kroi.core import text
from kroi.db.tenancy import current_dealership_id
from kroi.web import filters, place
from kroi.web.skeletons import hole, of_macro

_MOST = 1_000  # sets of boxes in memory; then all are made anew
_Key = tuple[int, str, str, bool, tuple[str, ...]]
_kept: dict[_Key, "Boxes"] = {}


class Boxes:
    """By place in the tally. `of_make` has the places of each make's models."""

    def __init__(self, name: str, values: tuple[str, ...], labels: list[str], naming: Naming) -> None:
        self.name, self.values, self.labels, self.naming = name, values, labels, naming
        self.places = {value: at for at, value in enumerate(values)}
        self.order = sorted(self.places.values(), key=self._sorted)
        self.rank = {at: rank for rank, at in enumerate(self.order)}
        self.of_make: dict[str, list[int]] = {}
        for value, at in self.places.items() if name == "model" else ():
            for make in naming.makes_of.get(value, ()):
                self.of_make.setdefault(make, []).append(at)
        self._parts: list[list[tuple[str, str] | None]] = [[None] * len(values) for _kind in range(4)]

    def _sorted(self, at: int) -> tuple[int, str]:
        """Values that we have words for stand in the order of the words, others in that of the alphabet."""
        ours = words.VALUES.get(self.name)
        return (list(ours).index(self.values[at]), "") if ours else (0, text.fold(self.labels[at]))

    def rows(self, places: Iterable[int], counts: Sequence[int], chosen: Collection[int]) -> str:
        """The boxes of these places."""
        rows = []
        for at in places:
            count = counts[at]
            kind = (not count) + 2 * (at in chosen)
            before, after = self._parts[kind][at] or self._make(kind, at)
            rows.append(f"{before}{filters.number(count) if count > 999 else count}{after}")
        return "\n".join(rows)

    def _make(self, kind: int, at: int) -> tuple[str, str]:
        value, label = self.values[at], self.labels[at]
        row = of_macro(
            "components/filters.html", "check", self.name, value, label, hole("count"), bool(kind & 1), bool(kind & 2)
        )
        before, after = row.parts
        self._parts[kind][at] = before, after
        return before, after


def boxes(name: str, counts: Counts, also: tuple[str, ...], *, alone: bool) -> Boxes:
    """The boxes of what was counted, and `also` of values that no car on sale has.

    A model says its make beside it, unless it is `alone`.
    """
    values, naming = counts.facets[name].values + also, counts.naming
    if name == "location":  # a place that is called something else now may keep its code
        naming = Naming({name: counts.known[name]}, {}) if values else naming
    key = current_dealership_id(), place.current().language, name, alone, also
    found = _kept.get(key)
    if found is not None and _alike(found.values, values) and _alike(found.naming, naming):
        return found
    if len(_kept) >= _MOST:
        _kept.clear()
    beside = name == "model" and not alone
    labels = [_beside_make(value, counts) if beside else label(name, value, counts) for value in values]
    made = _kept[key] = Boxes(name, values, labels, naming)
    return made


def _alike(one: object, other: object) -> bool:
    """Usually the same object, which is quickly seen."""
    return one is other or one == other


def label(name: str, value: str, counts: Counts) -> str:
    """What a value of a facet is called in the language being spoken."""
    ours = words.labels(place.current().language).get(name)
    return ours[value] if ours else counts.label(name, value)


def _beside_make(value: str, counts: Counts) -> str:
    makes = counts.naming.makes_of.get(value, ())
    model = label("model", value, counts)
    return f"{label('make', makes[0], counts)} {model}" if len(makes) == 1 else model
