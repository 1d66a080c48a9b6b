"""Reading files: from bytes to cars, without a database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kroi.catalogue.imports.rules import cars, files, identity
from kroi.catalogue.imports.rules.cells import Cells
from kroi.catalogue.imports.rules.columns import Understood, understand
from kroi.catalogue.imports.rules.incoming import IncomingCar, Row
from kroi.catalogue.imports.rules.mapping import Ground, Mapping
from kroi.catalogue.imports.rules.tables import RawRow

__all__ = ["Ground", "IncomingCar", "Mapping", "Reading", "Row", "Understood", "read_cars"]

Watch = Callable[[Iterable[RawRow]], Iterable[RawRow]]


@dataclass(frozen=True)
class Reading:
    """A whole file as it was understood; `manner` says how it was read, `digest` whether it is the same again."""

    rows: tuple[Row, ...]
    understood: Understood
    manner: str
    digest: str


def read_cars(path: Path, ground: Ground, mapping: Mapping | None = None, watch: Watch = iter) -> Reading:
    """Every row of the file as a car or with the reason why not; raises Invalid when the file itself is unusable.

    `watch` sees the rows pass, for a progress bar.
    """
    mapping = mapping or Mapping()
    content = files.load(path)
    table = files.read_table(content, separator=mapping.separator, records=mapping.records)
    understood = understand(table, mapping)
    rows = identity.settle(_row(raw, understood, mapping, ground) for raw in watch(table.rows))
    return Reading(tuple(rows), understood, table.manner, content.digest)


def _row(raw: RawRow, understood: Understood, mapping: Mapping, ground: Ground) -> Row:
    cells = Cells(raw, understood, mapping, ground, [])
    mark = "" if raw.is_empty else identity.fingerprint(raw)
    try:
        car = cars.read_car(cells)
    except cars.Refused as refused:
        return Row(raw.number, refused.car, refused.sentence, tuple(cells.notes), mark)
    return Row(raw.number, car, None, tuple(cells.notes), mark)
