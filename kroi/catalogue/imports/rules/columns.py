"""Which column holds what: guessed from headers and cells, overruled by a mapping, and told to the person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kroi.catalogue.imports.rules import makes, values, words
from kroi.catalogue.imports.rules.fields import Field, by_header, header_unit
from kroi.catalogue.imports.rules.mapping import Mapping
from kroi.catalogue.imports.rules.numbers import currency, measured, whole
from kroi.catalogue.imports.rules.tables import Table
from kroi.catalogue.places.rules import ONE, Spots
from kroi.core.text import fold

_SAMPLE = 400  # rows that are looked at
_SURE = 0.8  # share of cells that must make sense where the header says nothing
_LATEST_YEAR = 2100


@dataclass(frozen=True)
class Source:
    """A column to read a field from, with the units and the currency that its header or the mapping names.

    What was `said` overrules the cells; what the header hints at holds where they are silent.
    """

    column: str
    hint: str = ""
    said_unit: str = ""
    said_currency: str = ""


@dataclass(frozen=True)
class Understood:
    """Columns by field, the best first, and the columns that are not used."""

    sources: dict[Field, tuple[Source, ...]]
    unused: tuple[str, ...]

    def lines(self) -> list[tuple[str, str]]:
        """Column and what it is taken for, for the person who sent the file."""
        return [(source.column, field.value) for field, sources in self.sources.items() for source in sources]


def _is_reference(text: str) -> bool:
    return len(text) <= 100 and any(mark.isdigit() for mark in text) or " " not in text


def _is_address(text: str) -> bool:
    return "/" in text or "." in text


# Does a cell make sense as this field? Fields that are not here take any text.
MAKES_SENSE: dict[Field, Callable[[str], object]] = {
    Field.BODY: words.body,
    Field.YEAR: lambda text: values.year(text, _LATEST_YEAR) or whole(text),
    Field.FIRST_REGISTRATION: lambda text: values.day(text) or values.year(text, _LATEST_YEAR),
    Field.REGISTRATION_MONTH: lambda text: values.count(text, 12) is not None,
    Field.PRICE: lambda text: values.price(text, own="EUR"),
    Field.STRUCK_PRICE: lambda text: values.price(text, own="EUR"),
    Field.COST: lambda text: values.price(text, own="EUR"),
    Field.CURRENCY: lambda text: currency(text.casefold(), "EUR"),
    Field.VAT: words.vat,
    Field.MILEAGE: lambda text: measured(text),
    Field.FUEL: words.fuel,
    Field.TRANSMISSION: words.transmission,
    Field.DRIVE: words.drive,
    Field.POWER: lambda text: measured(text) or values.kilowatts(text),
    Field.DISPLACEMENT: values.displacement,
    Field.COLOUR: words.colour,
    Field.DOORS: lambda text: values.count(text, 9) is not None,
    Field.SEATS: lambda text: values.count(text, 99) is not None,
    Field.OWNERS: lambda text: values.count(text, 99) is not None,
    Field.VIN: values.vin,
    Field.ID: _is_reference,
    Field.STOCK_NUMBER: _is_reference,
    Field.CO2: lambda text: whole(text) is not None,
    Field.CONSUMPTION: lambda text: values.decilitres(text),
    Field.CONDITION: lambda text: words.condition(text) if len(text) < 60 else None,
    Field.STATUS: words.status,
    Field.FEATURED: lambda text: values.truth(text) is not None,
    Field.PHOTOS: _is_address,
    Field.ACQUIRED_ON: values.day,
}
# What cells alone can tell: a header in a language that we do not know, or none.
_TELLS: tuple[tuple[Field, Callable[[str], object]], ...] = (
    (Field.VIN, values.vin),
    (Field.MAKE, makes.make_of),
    (Field.FUEL, lambda text: words.fuel(text) if len(text) < 30 else None),
    (Field.TRANSMISSION, lambda text: words.transmission(text) if len(text) < 30 else None),
    (Field.BODY, lambda text: words.body(text) if len(text) < 30 else None),
    (Field.DRIVE, lambda text: words.drive(text) if len(text) < 30 else None),
    (Field.COLOUR, lambda text: words.colour(text) if len(text) < 40 else None),
    (Field.PRICE, lambda text: (found := measured(text)) and currency(found.unit, "EUR")),
    (Field.MILEAGE, lambda text: (found := measured(text)) and found.unit and values.kilometres(text)),
    (Field.YEAR, lambda text: len(text) == 4 and (values.year(text, 2050) or 0) >= 1950),
)


def understand(table: Table, mapping: Mapping, spots: Spots = ONE) -> Understood:
    """What each column holds, of a dealership with these places.

    Raises nothing: a file that cannot be understood has no make and no name.
    """
    samples = _samples(table)
    found: dict[Field, list[tuple[int, int, Source]]] = {}
    taken: set[str] = set()
    for place, name in enumerate(table.columns):
        guess = _guess(name, samples.get(name, []), mapping, spots)
        if guess:
            field, plain, source = guess
            found.setdefault(field, []).append((-plain, place, source))
            taken.add(name)
    for field, source in _told_by_cells(table, samples, mapping, {*found}, taken):
        found[field] = [(0, 0, source)]
        taken.add(source.column)
    ranked = {field: sorted(found[field], key=_order) for field in Field if field in found}
    sources = {field: tuple(source for _, _, source in each) for field, each in ranked.items()}
    return Understood(sources, tuple(name for name in table.columns if name not in taken))


def _order(each: tuple[int, int, Source]) -> tuple[int, int]:
    return each[0], each[1]


def _guess(name: str, sample: list[str], mapping: Mapping, spots: Spots) -> tuple[Field, int, Source] | None:
    if name in mapping.columns:
        said = mapping.columns[name]
        source = Source(name, header_unit(name), said.unit or mapping.distance, said.currency or mapping.currency)
        return (said.field, 9, source) if said.field else None
    guess = by_header(name)
    if guess is None or not _makes_sense(guess[0], sample, mapping, spots):
        return None
    return (*guess, Source(name, header_unit(name), mapping.distance, mapping.currency))


def _makes_sense(field: Field, sample: list[str], mapping: Mapping, spots: Spots) -> bool:
    """Does any cell under this header say what the header promises? An empty column may promise anything.

    Where others' cars stand is no place of ours: a location counts once a cell names one.
    """
    test, said = MAKES_SENSE.get(field), mapping.values.get(field, {})
    if field is Field.LOCATION:
        return any(spots.named(said.get(fold(cell), cell)) for cell in sample)
    return test is None or not sample or any(test(said.get(fold(cell), cell)) for cell in sample)


def _told_by_cells(
    table: Table, samples: dict[str, list[str]], mapping: Mapping, known: set[Field], taken: set[str]
) -> Iterable[tuple[Field, Source]]:
    free = [name for name in table.columns if name not in taken and name not in mapping.columns and samples.get(name)]
    for field, test in _TELLS:
        if field in known:
            continue
        shares = ((sum(bool(test(cell)) for cell in samples[name]) / len(samples[name]), name) for name in free)
        share, name = max(shares, default=(0.0, ""), key=lambda each: each[0])
        if share >= _SURE:
            free.remove(name)
            yield field, Source(name, header_unit(name), mapping.distance, mapping.currency)


def _samples(table: Table) -> dict[str, list[str]]:
    """Cells that say something, by column, of rows from all over the file."""
    step = max(len(table.rows) // _SAMPLE, 1)
    samples: dict[str, list[str]] = {}
    for row in table.rows[::step]:
        for name, cell in row.cells.items():
            if not words.is_blank(cell):
                samples.setdefault(name, []).append(cell)
        for name, several in row.lists.items():
            samples.setdefault(name, []).extend(several[:3])
    return samples
