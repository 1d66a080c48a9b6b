"""One row seen through what its columns mean: the first cell that makes sense answers for a field."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from kroi.catalogue.imports.rules import values, words
from kroi.catalogue.imports.rules.columns import Source, Understood
from kroi.catalogue.imports.rules.fields import Field
from kroi.catalogue.imports.rules.mapping import Ground, Mapping
from kroi.catalogue.imports.rules.tables import RawRow
from kroi.catalogue.imports.rules.values import Price
from kroi.core.text import fold

Value = TypeVar("Value")
_ANY = Source("")
LONGEST = 400  # characters of a cell that is no prose


@dataclass
class Cells:
    """The cells of one row, and the notes that reading them leaves."""

    raw: RawRow
    understood: Understood
    mapping: Mapping
    ground: Ground
    notes: list[str]

    def said(self, field: Field) -> Iterator[tuple[str, Source]]:
        """Every cell of the field that says something, the best column first, a constant last."""
        if self.is_silent(field):
            return
        table = self.mapping.values.get(field)
        for source in self.understood.sources.get(field, ()):
            cell = self.raw.cells.get(source.column)
            if cell and table:
                cell = table.get(fold(cell).strip(), cell)
            if cell and not words.is_blank(cell):
                yield cell, source
        if field in self.mapping.constants:
            yield self.mapping.constants[field], _ANY

    def is_silent(self, field: Field) -> bool:
        """Does no column and no constant of this file speak of the field?"""
        return field not in self.understood.sources and field not in self.mapping.constants

    def text(self, field: Field) -> str | None:
        """The first cell of the field."""
        if self.is_silent(field):
            return None
        return next((cell for cell, _ in self.said(field)), None)

    def read(self, field: Field, reader: Callable[[str], Value | None]) -> Value | None:
        """The first cell of the field that the reader understands; a note when it understands none."""
        if self.is_silent(field):
            return None
        first = None
        for cell, _ in self.said(field):
            value = reader(cell[:LONGEST])
            if value is not None:
                return value
            first = first or cell
        if first is not None and len(self.understood.sources.get(field, ())) < 2:
            self.note(f"{field.value.replace('_', ' ')} {first[:40]!r} is not understood")
        return None

    def note(self, sentence: str) -> None:
        """Something that the person should know, though the car comes in."""
        self.notes.append(sentence)

    def price(self, field: Field) -> Price | None:
        """The first price of the field."""
        stated = self.text(Field.CURRENCY) or ""
        for cell, source in self.said(field):
            hinted = source.hint or stated.casefold()
            found = values.price(cell, own=self.ground.currency, said=source.said_currency, hinted=hinted)
            if found:
                return found
        return None

    def rate(self, currency: str) -> Decimal | None:
        """What one unit of the currency is in the dealership's own money; `None` when nobody said."""
        return Decimal(1) if currency == self.ground.currency else self.mapping.rates.get(currency)

    def kilometres(self) -> int | None:
        """The mileage, of the first column that holds one."""
        unit = fold(self.text(Field.MILEAGE_UNIT) or "")
        filler = None
        for cell, source in self.said(Field.MILEAGE):
            hint = next((word for word in source.hint.split() if word), "") or unit
            found = values.kilometres(cell, said=source.said_unit, hinted=hint, own=self.ground.distance)
            if found is not None:
                return found
            filler = filler or (cell if any(mark.isdigit() for mark in cell) else None)
        if filler:
            self.note(f"mileage {filler[:40]!r} cannot be one: left open")
        return None

    def kilowatts(self) -> int | None:
        """The power, of the first column that holds one."""
        mechanical = self.ground.distance == "mi"
        default = "hp" if mechanical else "kw"
        for cell, source in self.said(Field.POWER):
            found = values.kilowatts(cell, hinted=source.said_unit or source.hint or default, mechanical=mechanical)
            if found is not None:
                return found
        return None

    def several(self, field: Field) -> tuple[str, ...]:
        """All texts of the field, from lists and from cells with one a line, each once."""
        found: list[str] = []
        for source in self.understood.sources.get(field, ()):
            found += self.raw.lists.get(source.column, ())
            if cell := self.raw.cells.get(source.column):
                found.append(cell)
        return tuple(dict.fromkeys(each for each in found if not words.is_blank(each)))
