"""Where a page of the list ends, as text for an address: pages go on from a car, not from a number."""

import re
from typing import NamedTuple

from kroi.catalogue.rules.filters import Sort

_LETTERS = {Sort.NEWEST: "n", Sort.CHEAPEST: "p", Sort.DEAREST: "d", Sort.MILEAGE: "m", Sort.YEAR: "y"}
_CURSOR = re.compile(r"([npdmy])([ab])-([0-9]{1,18}|x)-([0-9]{1,18})")
_MOST = {  # what the columns can hold
    Sort.NEWEST: 253_402_300_799_999_999,  # microseconds, the end of the year 9999
    Sort.CHEAPEST: 10**18,
    Sort.DEAREST: 10**18,
    Sort.MILEAGE: 2**31 - 1,
    Sort.YEAR: 2**31 - 1,
}


class Cursor(NamedTuple):
    """After (or with `back`, before) the car `id` whose sort value is `value`; `None` if it has none.

    The value is whole: microseconds since 1970 for the newest, cents, km, year.
    """

    sort: Sort
    value: int | None
    id: int
    back: bool = False

    def __str__(self) -> str:
        value = "x" if self.value is None else self.value
        return f"{_LETTERS[self.sort]}{'b' if self.back else 'a'}-{value}-{self.id}"


def parse(text: str, sort: Sort) -> Cursor | None:
    """The cursor that this text means in this order, or `None`."""
    found = _CURSOR.fullmatch(text)
    if found is None or found[1] != _LETTERS[sort]:
        return None
    value = None if found[3] == "x" else int(found[3])
    if value is not None and value > _MOST[sort]:
        return None
    return Cursor(sort, value, int(found[4]), back=found[2] == "b")
