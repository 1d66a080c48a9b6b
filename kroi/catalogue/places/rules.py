"""The places of a dealership that has several, as shoppers choose among them by code; the main one has no id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kroi.catalogue.rules.filters import ANY, Choice
from kroi.catalogue.rules.numbers import Tally
from kroi.core.text import fold, slug
from kroi.dealerships.rules.places import Place

MAIN = 0
_LONGEST = 60  # characters of a code
_NOWHERE = "-"  # the id of no place


@dataclass(frozen=True)
class Spot:
    """A place where cars may stand. `code` is its word in addresses; the `id` of the main one is MAIN."""

    code: str
    name: str
    id: int = MAIN

    @property
    def location_id(self) -> int | None:
        """As cars are put there; `None` is the main place."""
        return self.id or None


@dataclass(frozen=True)
class Spots:
    """All places of a dealership, the main one first; none while there is only that one."""

    all: tuple[Spot, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def names(self) -> dict[str, str]:
        """What each is called, by code."""
        return {spot.code: spot.name for spot in self.all}

    def at(self, location_id: int | str | None) -> Spot:
        """The place of a car that stands at this location, if there are several: the main one where it is no more."""
        return next((spot for spot in self.all if str(spot.id) == str(location_id)), self.all[0])

    def named(self, words: str) -> Spot | None:
        """The place of this name or code, in whatever case and accents."""
        plain = fold(" ".join(words.split()))
        by_name = (spot for spot in self.all if plain == fold(spot.name))
        return next(by_name, next((spot for spot in self.all if slug(words) == spot.code), None))

    def chosen(self, choice: Choice) -> Choice:
        """The choice by ids: any of these, or, with the main place, whose cars name no id, none of those.

        Codes that are none are ignored. ANY when every place is chosen.
        """
        choice = choice.among(self.names)
        if not choice:
            return ANY
        wanted = [spot.code for spot in self.all if not choice.any_of or spot.code in choice.any_of]
        ids = {spot.id for spot in self.all if spot.code in wanted and spot.code not in choice.none_of}
        if MAIN in ids:
            return Choice(none_of=_words({spot.id for spot in self.all} - ids))
        return Choice(any_of=_words(ids) or (_NOWHERE,))

    def tally(self, counted: Mapping[str, int], of: Mapping[str, int], total: int, on_sale: int) -> Tally:
        """The counts by code, from those by id of the other places: what is left of the totals is the main one's.

        `of` are all cars on sale at each; the main place and the others are left out while no car is there.
        """
        others = {spot.code: str(spot.id) for spot in self.all[1:] if of.get(str(spot.id))}
        main = self.all[0].code if on_sale > sum(of[each] for each in others.values()) else None
        left = total - sum(counted[each] for each in others.values())
        found = ({main: left} if main else {}) | {code: counted[each] for code, each in others.items()}
        return Tally(tuple(found), tuple(found.values()))


ONE = Spots()  # of a dealership without other places


def _words(ids: set[int]) -> tuple[str, ...]:
    return tuple(sorted(map(str, ids)))


@lru_cache(maxsize=256)
def spots(name: str, places: tuple[Place, ...]) -> Spots:
    """The places of a dealership of this name that has these beside the main one."""
    if not places:
        return ONE
    named = ((name, MAIN), *((place.name, place.id) for place in places))
    return Spots(tuple(_coded(named)))


def _coded(named: tuple[tuple[str, int], ...]) -> Iterator[Spot]:
    """Each with a code of its own: of two that would have the same, the later gets its id behind it."""
    taken: set[str] = set()
    for name, location_id in named:
        code = slug(name)[:_LONGEST].strip("-") or "place"
        while code in taken:
            code = f"{code}-{location_id}"
        taken.add(code)
        yield Spot(code, name, location_id)
