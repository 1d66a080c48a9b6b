"""What a person says about a file where guessing is not enough: a TOML or JSON file, or options of the command."""

import json
import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from kroi.catalogue.imports.rules.fields import Field
from kroi.catalogue.imports.rules.numbers import CURRENCIES
from kroi.catalogue.places.rules import ONE, Spots
from kroi.core import clock
from kroi.core.errors import Invalid
from kroi.core.text import fold

DISTANCES = ("km", "mi", "mil")
IGNORED = ("ignore", "", "-")
_MILES = frozenset(("GB", "US", "LR", "MM"))
_KEYS = ("columns", "constants", "values", "rates", "currency", "distance", "separator", "records")


@dataclass(frozen=True)
class Ground:
    """What holds where a file says nothing: the dealership's currency, distances and places, and the present year."""

    currency: str
    distance: str
    year: int
    spots: Spots = ONE

    @classmethod
    def of(cls, *, currency: str, country: str, spots: Spots = ONE) -> "Ground":
        """The ground of a dealership: miles where roads are signed in miles, kilometres elsewhere."""
        return cls(currency, "mi" if country.upper() in _MILES else "km", clock.now().year, spots)


@dataclass(frozen=True)
class Column:
    """What one column holds; `None` is nothing that we need. `unit` and `currency` overrule what its cells say."""

    field: Field | None
    unit: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Mapping:
    """All that was said. `currency` and `distance` are the whole file's and overrule signs that are wrong."""

    columns: Dict[str, Column] = field(default_factory=dict)
    constants: Dict[Field, str] = field(default_factory=dict)
    values: Dict[Field, Dict[str, str]] = field(default_factory=dict)
    rates: Dict[str, Decimal] = field(default_factory=dict)
    currency: str = ""
    distance: str = ""
    separator: str | None = None
    records: str | None = None


def read_mapping(text: str) -> Mapping:
    """The mapping that a TOML or JSON text spells out; raises Invalid that lists everything wrong with it."""
    try:
        said = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The mapping is neither TOML nor JSON: {error}.") from error
    return from_words(said)


def from_words(said: Dict[str, Any]) -> Mapping:
    """The mapping that these tables of words mean; raises Invalid that lists everything wrong with them."""
    problems = [f"{key!r} is not a part of a mapping ({', '.join(_KEYS)})" for key in said if key not in _KEYS]
    tables = {key: said.get(key, {}) for key in ("columns", "constants", "values", "rates")}
    problems += [f"{key!r} must be a table" for key, table in tables.items() if not isinstance(table, dict)]
    if problems:
        raise Invalid("; ".join(problems) + ".")
    mapping = Mapping(
        columns={name: _column(name, each, problems) for name, each in tables["columns"].items()},
        constants={_field(name, problems): str(each) for name, each in tables["constants"].items()},
        values={_field(name, problems): _words(name, each, problems) for name, each in tables["values"].items()},
        rates={_currency(code, problems): _rate(code, each, problems) for code, each in tables["rates"].items()},
        currency=_currency(said["currency"], problems) if said.get("currency") else "",
        distance=_distance(said["distance"], problems) if said.get("distance") else "",
        separator=_separator(said.get("separator"), problems),
        records=said.get("records"),
    )
    if problems:
        raise Invalid("; ".join(problems) + ".")
    return mapping


def as_words(mapping: Mapping) -> dict[str, Any]:
    """The mapping as plain words, to be kept with the import and to be read again."""
    columns = {name: _column_words(each) for name, each in mapping.columns.items()}
    tables: dict[str, Any] = {
        "columns": columns,
        "constants": {field.value: text for field, text in mapping.constants.items()},
        "values": {field.value: dict(table) for field, table in mapping.values.items()},
        "rates": {code: str(rate) for code, rate in mapping.rates.items()},
        "currency": mapping.currency,
        "distance": mapping.distance,
        "separator": mapping.separator,
        "records": mapping.records,
    }
    return {key: value for key, value in tables.items() if value}


def _column_words(column: Column) -> str | dict[str, str]:
    name = column.field.value if column.field else "ignore"
    more = {"unit": column.unit, "currency": column.currency}
    kept = {key: value for key, value in more.items() if value}
    return {"field": name, **kept} if kept else name


def _column(name: str, said: Any, problems: list[str]) -> Column:
    table = said if isinstance(said, dict) else {"field": said}
    wanted = str(table.get("field", ""))
    unit, currency = str(table.get("unit", "")), table.get("currency", "")
    if wanted in IGNORED:
        return Column(None)
    return Column(_field(wanted, problems), unit, _currency(currency, problems) if currency else "")


def _field(name: str, problems: list[str]) -> Field:
    try:
        return Field(str(name).strip().casefold())
    except ValueError:
        problems.append(f"{name!r} is not a field ({', '.join(Field)})")
        return Field.ID


def _words(name: str, said: Any, problems: list[str]) -> dict[str, str]:
    if not isinstance(said, dict):
        problems.append(f"the values of {name!r} must be a table")
        return {}
    return {fold(str(word)).strip(): str(meaning) for word, meaning in said.items()}


def _currency(code: Any, problems: list[str]) -> str:
    if str(code).upper() not in CURRENCIES:
        problems.append(f"{code!r} is not a currency code such as EUR")
    return str(code).upper()


def _rate(code: str, said: Any, problems: list[str]) -> Decimal:
    try:
        rate = Decimal(str(said))
        if rate.is_finite() and 0 < rate < 10**6:
            return rate
    except InvalidOperation:
        pass
    problems.append(f"the rate of {code} must be a number above 0")
    return Decimal(1)


def _distance(said: Any, problems: list[str]) -> str:
    if said not in DISTANCES:
        problems.append(f"the distance must be one of {', '.join(DISTANCES)}")
    return str(said)


def _separator(said: Any, problems: list[str]) -> str | None:
    if isinstance(said, str) and len(said) == 1:
        return said
    if said is not None:
        problems.append("the separator must be one character")
    return None
