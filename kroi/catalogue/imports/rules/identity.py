"""Which rows are the same car: within one file, and from one import to the next."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kroi.catalogue.imports.rules.incoming import Row
from kroi.catalogue.imports.rules.tables import RawRow


def fingerprint(raw: RawRow) -> str:
    """A digest of everything that the row says, whatever the order of its columns."""
    said = [f"{name}\x1e{cell}" for name, cell in raw.cells.items()]
    said += [f"{name}\x1e" + "\x1d".join(several) for name, several in raw.lists.items()]
    said += [f"\x1e{picture.where}" for picture in raw.pictures]
    said += [f"\x1f{label}\x1e{value}" for label, value in raw.pairs]
    return hashlib.sha256("\x1f".join(sorted(said)).encode("utf-8", "replace")).hexdigest()[:32]


def settle(rows: Iterable[Row]) -> list[Row]:
    """The rows with ids kept only where they are unique in the file, and later rows of the same car refused."""
    rows = list(rows)
    times: Counter[str | None] = Counter(row.car.source_id for row in rows if row.car and row.car.source_id)
    seen = _Seen({}, {}, {})
    return [_settled(row, times, seen) for row in rows]


@dataclass
class _Seen:
    """The first row with each fingerprint, VIN and stock number."""

    fingerprints: dict[str, int]
    vins: dict[str, int]
    stock_numbers: dict[str, int]


def _settled(row: Row, times: Counter[str | None], seen: _Seen) -> Row:
    car = row.car
    if car and car.source_id and times[car.source_id] > 1:
        car = replace(car, source_id=None)
        row = replace(row, car=car)
    identified = bool(car and (car.vin or car.stock_number or car.source_id))
    first = seen.fingerprints.setdefault(row.fingerprint, row.number) if row.fingerprint else row.number
    if first != row.number and not identified:
        return replace(row, refusal=f"copy of row {first}")
    if car is None or row.refusal:
        return row
    first, what = _same_car(row.number, car.vin, car.stock_number, seen)
    if first != row.number:
        return replace(row, refusal=f"the same {what} as row {first}")
    return row


def _same_car(number: int, vin: str | None, stock_number: str | None, seen: _Seen) -> tuple[int, str]:
    for value, rows, what in ((vin, seen.vins, "VIN"), (stock_number, seen.stock_numbers, "stock number")):
        if value and value in rows:
            return rows[value], what
    for value, rows in ((vin, seen.vins), (stock_number, seen.stock_numbers)):
        if value:
            rows[value] = number
    return number, ""
