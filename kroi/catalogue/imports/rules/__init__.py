"""Reading files: from bytes to cars, without a database."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kroi.catalogue.imports.rules import cars, files, identity
from kroi.catalogue.imports.rules.cells import Cells
from kroi.catalogue.imports.rules.columns import Understood, understand
from kroi.catalogue.imports.rules.fields import Field
from kroi.catalogue.imports.rules.incoming import IncomingCar, Row
from kroi.catalogue.imports.rules.makes import only_maker
from kroi.catalogue.imports.rules.mapping import Ground, Mapping
from kroi.catalogue.imports.rules.tables import RawRow, Table

__all__ = ["Ground", "IncomingCar", "Mapping", "Reading", "Row", "Understood", "read_cars"]

Watch = Callable[[Iterable[RawRow]], Iterable[RawRow]]


@dataclass(frozen=True)
class Reading:
    """A whole file as it was understood; `manner` says how it was read, `digest` whether it is the same again."""

    rows: tuple[Row, ...]
    understood: Understood
    manner: str
    digest: str
    make: str | None = None
    """The make that no column says, but that alone builds the file's models."""


def read_cars(path: Path, ground: Ground, mapping: Mapping | None = None, watch: Watch = iter) -> Reading:
    """Every row of the file as a car or with the reason why not; raises Invalid when the file itself is unusable.

    `watch` sees the rows pass, for a progress bar.
    """
    mapping = mapping or Mapping()
    content = files.load(path)
    table = files.read_table(content, separator=mapping.separator, records=mapping.records)
    understood = understand(table, mapping, ground.spots)
    if (make := _only_make(table, understood, mapping)) is not None:
        mapping = replace(mapping, constants={**mapping.constants, Field.MAKE: make})
    rows = identity.settle(_row(raw, understood, mapping, ground) for raw in watch(table.rows))
    return Reading(tuple(rows), understood, table.manner, content.digest, make)


def _only_make(table: Table, understood: Understood, mapping: Mapping) -> str | None:
    """Where no column says the make: the one that alone builds these models."""
    if Field.MAKE in understood.sources or Field.MAKE in mapping.constants or Field.MODEL not in understood.sources:
        return None
    column = understood.sources[Field.MODEL][0].column
    return only_maker(Counter(row.cells[column] for row in table.rows if column in row.cells))


def _row(raw: RawRow, understood: Understood, mapping: Mapping, ground: Ground) -> Row:
    cells = Cells(raw, understood, mapping, ground, [])
    mark = "" if raw.is_empty else identity.fingerprint(raw)
    try:
        car = cars.read_car(cells)
    except cars.Refused as refused:
        return Row(raw.number, refused.car, refused.sentence, tuple(cells.notes), mark)
    return Row(raw.number, car, None, tuple(cells.notes), mark)
