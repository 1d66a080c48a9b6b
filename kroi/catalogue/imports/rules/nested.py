"""JSON to rows of cells: the list is found wherever it lies, nested values get dotted names."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from kroi.catalogue.imports.rules.tables import Picture, RawRow, Table, clean
from kroi.core.errors import Invalid

Json: TypeAlias = "None | bool | int | Decimal | str | list[Json] | dict[str, Json]"

NOT_A_CAR = "This entry is not an object with fields."
_DEPTH = 6
_LABELS = (("label", "value"), ("name", "value"), ("key", "value"), ("title", "value"))
_ADDRESSES = ("url", "src", "href", "path", "file", "uri")
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|heic)(?:[?#].*)?$", re.IGNORECASE)
_WORDS_OF_PICTURES = ("image", "photo", "picture", "kuva", "bild", "media")


def read(text: str, records: str | None = None) -> Table:
    """The table that the JSON text holds; `records` is the dotted name of its list. Raises Invalid."""
    try:
        data: Json = json.loads(text, parse_float=_fraction, parse_int=_whole, parse_constant=lambda _: None)
    except RecursionError as error:
        raise Invalid("The file is not usable JSON: it is nested too deeply.") from error
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Invalid(f"The file is not complete JSON{place}: was it cut off?") from error
    where, entries = _named(data, records) if records else _found(data)
    rows = tuple(_row(number, entry) for number, entry in enumerate(entries, 1))
    names = dict.fromkeys(name for row in rows for name in (*row.cells, *row.lists))
    return Table(tuple(names), rows, f"JSON, list {where}" if where else "JSON list")


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) < 40 else None


def _fraction(digits: str) -> Decimal | None:
    """What no number can hold (`1e999999999999999999999`) is unknown, like NaN."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _named(data: Json, records: str) -> tuple[str, list[Json]]:
    for part in records.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    if not isinstance(data, list):
        raise Invalid(f"There is no list under {records!r} in this file.")
    return records, data


def _found(data: Json) -> tuple[str, list[Json]]:
    """The longest list of objects that lies nearest to the top."""
    if isinstance(data, list):
        return "", data
    level: list[tuple[str, Json]] = [("", data)]
    for _ in range(_DEPTH):
        lists = [(name, value) for name, value in level if isinstance(value, list) and _objects(value)]
        if lists:
            name, value = max(lists, key=lambda each: _objects(each[1]))
            return name, value if isinstance(value, list) else []
        level = [(f"{n}.{k}" if n else k, v) for n, o in level if isinstance(o, dict) for k, v in o.items()]
    raise Invalid("There is no list of cars in this file.")


def _objects(value: Json) -> int:
    return sum(isinstance(each, dict) for each in value) if isinstance(value, list) else 0


def _row(number: int, entry: Json) -> RawRow:
    if not isinstance(entry, dict):
        return RawRow(number, {}, fault=None if entry in (None, "") else NOT_A_CAR)
    cells: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    pictures: list[Picture] = []
    pairs: list[tuple[str, str]] = []
    for name, value in _flat("", entry, 0):
        if not isinstance(value, list):
            if text := _text(value):
                cells[name] = text
        elif shown := _pictures(name, value):
            pictures += shown
        elif said := _pairs(value):
            pairs += said
        elif words := tuple(text for each in value if not isinstance(each, list | dict) and (text := _text(each))):
            lists[name] = words
    return RawRow(number, cells | _as_cells(pairs, cells), lists, tuple(dict.fromkeys(pictures)), tuple(pairs))


def _as_cells(pairs: list[tuple[str, str]], cells: Mapping[str, str]) -> dict[str, str]:
    """A list of labels and values is as good as columns."""
    return {label: value for label, value in pairs if label not in cells}


def _flat(prefix: str, entry: dict[str, Json], depth: int) -> Iterator[tuple[str, Json]]:
    for key, value in entry.items():
        name = f"{prefix}.{clean(key)}" if prefix else clean(key)
        if isinstance(value, dict) and depth < _DEPTH:
            yield from _flat(name, value, depth + 1)
        elif not isinstance(value, dict):
            yield name, value


def _text(value: Json) -> str:
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if -30 < value.adjusted() < 30 else format(value, "E")
    return clean(value) if isinstance(value, str) else str(value)


def _pictures(name: str, value: list[Json]) -> list[Picture]:
    """Photos in their order, the main one first: a list of addresses, or of objects that hold one."""
    if all(isinstance(each, str) for each in value):
        about_pictures = any(word in name.casefold() for word in _WORDS_OF_PICTURES)
        wheres = [each for each in value if isinstance(each, str) and each]
        return [Picture(each) for each in wheres if about_pictures or _PICTURE.search(each)]
    objects = [each for each in value if isinstance(each, dict)]
    ranked = sorted(objects, key=_rank)
    return [Picture(where, _alt(each)) for each in ranked if (where := _address(name, each))]


def _rank(entry: dict[str, Json]) -> tuple[bool, Decimal]:
    first = any(value is True and re.search("primary|main|cover", key.casefold()) for key, value in entry.items())
    order = next((entry[key] for key in ("order", "position", "sort", "index") if key in entry), 0)
    return not first, Decimal(order) if isinstance(order, int | Decimal) else Decimal(0)


def _address(name: str, entry: dict[str, Json]) -> str:
    values = (entry.get(key) for key in _ADDRESSES)
    where = next((value for value in values if isinstance(value, str) and value), "")
    about_pictures = any(word in name.casefold() for word in _WORDS_OF_PICTURES)
    return where if about_pictures or _PICTURE.search(where) else ""


def _alt(entry: dict[str, Json]) -> str:
    values = (value for key, value in entry.items() if key.casefold() in ("alt", "alttext", "alt_text", "caption"))
    return next((clean(value) for value in values if isinstance(value, str)), "")


def _pairs(value: list[Json]) -> list[tuple[str, str]]:
    """Labels and values, where every object of the list is such a pair."""
    objects = [each for each in value if isinstance(each, dict)]
    for label, content in _LABELS:
        if objects and len(objects) == len(value) and all(label in each and content in each for each in objects):
            pairs = ((_text(each[label]), _text(each[content])) for each in objects)
            return [(name, text) for name, text in pairs if name and text]
    return []
