"""A row becomes a car: names from columns and titles, facts from cells, and sentences for what is wrong."""

import html
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kroi.catalogue.imports.rules import makes, titles, values, words
from kroi.catalogue.imports.rules.cells import Cells
from kroi.catalogue.imports.rules.fields import Field
from kroi.catalogue.imports.rules.incoming import IncomingCar
from kroi.catalogue.imports.rules.tables import Picture
from kroi.catalogue.imports.rules.titles import Title
from kroi.catalogue.rules import CarStatus, Condition, Fuel

MOST_NAME = 80  # characters of a make or model
MOST_PROSE = 20_000  # characters of one paragraph
_TAGS = re.compile(r"<[^<>]{1,300}>")
_BREAKS = re.compile(r"(?:<br ?/?>|</p>|\n|\r)+", re.IGNORECASE)
_ADDRESSES = re.compile(r"\s*[;|,\n]\s*(?=\S)|\s+(?=https?:)")
_LIST = re.compile(r"\s*[;|\n]\s*|,\s+(?=\S)")

EMPTY = "The row is empty."
NO_MAKE = "No make: neither a column nor the name says one."
NO_MODEL = "No model: neither a column nor the name says one."
WANTED = "Somebody looks for a car here; none is offered."


class Refused(Exception):
    """This row cannot become a car; `sentence` says why, `car` is what it would have been."""

    def __init__(self, sentence: str, car: IncomingCar | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.car = sentence, car


@dataclass(frozen=True)
class _Names:
    make: str
    model: str
    trim: str


def read_car(cells: Cells) -> IncomingCar:
    """The car of one row; raises Refused."""
    if cells.raw.fault:
        raise Refused(cells.raw.fault)
    if cells.raw.is_empty:
        raise Refused(EMPTY)
    title = titles.read(cells.text(Field.NAME) or "")
    if title.wanted:
        raise Refused(WANTED)
    names = _names(cells, title)
    money, foreign = _money(cells, title)
    facts = _facts(cells, title) | _identity(cells) | money
    facts |= _prose(cells, title, names)
    car = IncomingCar(make=names.make, model=names.model, trim=names.trim or None, **facts)
    if foreign:
        raise Refused(foreign, car)
    return car


def _names(cells: Cells, title: Title) -> _Names:
    """Make, model and version: the columns' where they hold names, else the title's."""
    make_text, model_text = _short(cells.text(Field.MAKE)), _short(cells.text(Field.MODEL))
    make, model_text = _make(make_text, model_text)
    named_make, named_model = titles.find_names(title, make)
    make = make or named_make
    if make is None:
        raise Refused(NO_MAKE)
    model = _model(make, model_text, title, named_model)
    if model is None:
        raise Refused(NO_MODEL)
    if makes.is_body_word(model) and not makes.known_model(make, model):
        cells.note(f"the model reads {model_text!r}, which is no model's name: please check it")
    amount = cells.price(Field.PRICE)
    trim = titles.trim_of(title, make, model, amount.amount if amount else None) if title.text else ""
    column = cells.text(Field.TRIM) or ""
    return _Names(make, model, titles.calmed(titles.without_price(column))[: titles.MOST_TRIM] or trim)


def _short(text: str | None) -> str:
    """The text, unless it is too long to be a name."""
    return text if text and len(text) <= MOST_NAME else ""


def _make(make_text: str, model_text: str) -> tuple[str | None, str]:
    """The make, and the model's text without it: `Land` and `Rover Discovery` are Land Rover and Discovery."""
    tokens, of_make = makes.words(f"{make_text} {model_text}"), len(makes.words(make_text))
    found = makes.make_at(tokens)
    if make_text and found and found[1] >= of_make:
        return found[0], _without(model_text, found[1] - of_make, found[0])
    make = makes.pretty_make(make_text) if make_text else None
    if make is None and model_text:
        named = makes.make_at(makes.words(model_text))
        if named and not make_text:
            return named[0], _without(model_text, named[1], named[0])
        make = makes.owner_of(model_text)
    return make, _without(model_text, 0, make or "")


def _without(model_text: str, count: int, make: str) -> str:
    """The model's text without its first `count` words, and without the make said again."""
    parts = re.findall(r"[^\s_-]+[\s_-]*", model_text)
    while parts and (count > 0 or (len(parts) > 1 and makes.make_of(parts[0]) == make)):
        count -= len(makes.words(parts.pop(0)))
    again = makes.make_at(makes.words("".join(parts)))
    if again and again[0] == make and again[1] > 1:
        return _without("".join(parts), again[1], make)
    return "".join(parts).strip()


def _model(make: str, text: str, title: Title, named: str | None) -> str | None:
    """The column's model where it is one, else the title's; the column's word when neither is known."""
    known = makes.known_model(make, text) if text else None
    if known:
        return known
    stem = makes.family_stem(make, text) or (makes.compact(text) if text else None)
    if named and (not text or makes.pretty_model(make, text) is None or _is_slip(text, title)):
        return named
    if named and stem and makes.compact(named).startswith(stem):
        return named
    if stem and (whole := makes.known_model(make, stem)):
        return whole
    return (makes.pretty_model(make, text) if text else None) or named or _unheard_of(make, title)


def _is_slip(text: str, title: Title) -> bool:
    """Does the title not hold the column's words (`iguan R-Line`), so that it is the better witness?"""
    said, told = makes.words(text), makes.words(title.text)
    return not any(told[start : start + len(said)] == said for start in range(len(told)))


def _unheard_of(make: str, title: Title) -> str | None:
    """The word after the make, when it looks like a name and nobody else could say."""
    tokens = title.text.split()
    plain = [makes.compact(token) for token in tokens]
    named = ((n + found[1], found[0]) for n in range(len(plain)) if (found := makes.make_at(plain, n)))
    place = max((after for after, name in named if name == make), default=len(tokens))
    following = tokens[place] if place < len(tokens) else ""
    return titles.model_like(make, following, tokens[place + 1 : place + 2])


def _money(cells: Cells, title: Title) -> tuple[dict[str, Any], str | None]:
    """Prices in cents, and the sentence when the asking price is in money that nobody gave a rate for."""
    asked = cells.price(Field.PRICE)
    if title.price and (asked is None or asked.amount is None or asked.amount == 0):
        asked = values.price(title.price, own=cells.ground.currency, said=cells.mapping.currency) or asked
    cost = cells.price(Field.COST)
    found: dict[str, Any] = {"cost_cents": _cents(cells, cost) or None} if cost else {}
    if asked is None:
        if unread := cells.text(Field.PRICE):
            cells.note(f"price {unread[:40]!r} is not understood: on request")
            return found | {"price_cents": 0}, None
        return found, None
    if asked.filler:
        cells.note("the price cannot be one: on request")
        return found | {"price_cents": 0}, None
    if asked.amount and cells.rate(asked.currency) is None:
        own = cells.ground.currency
        return found, f"The price is in {asked.currency}, and no rate to {own} is given."
    return found | {"price_cents": _cents(cells, asked) or 0}, None


def _cents(cells: Cells, price: values.Price) -> int | None:
    rate = cells.rate(price.currency)
    return values.price_cents(price, rate) if rate is not None else None


def _facts(cells: Cells, title: Title) -> dict[str, Any]:
    """What the car is: from its columns, and from its name where they are silent."""
    read, fuel = cells.read, cells.read(Field.FUEL, words.fuel) or title.fuel
    mechanical = cells.ground.distance == "mi"
    power = cells.kilowatts() or title.power_kw
    if power is None and title.power_hp:
        power = values.horsepower(title.power_hp, mechanical=mechanical)
    size = read(Field.DISPLACEMENT, values.displacement) or title.displacement_ccm
    status = read(Field.STATUS, words.status) or title.status
    return {
        "fuel": fuel,
        "power_kw": power if power and 3 <= power <= 1500 else None,
        "displacement_ccm": None if fuel is Fuel.ELECTRIC else size,
        "body": read(Field.BODY, words.body) or title.body,
        "transmission": read(Field.TRANSMISSION, words.transmission) or title.transmission,
        "drive": read(Field.DRIVE, words.drive) or title.drive,
        "colour": read(Field.COLOUR, words.colour),
        "doors": read(Field.DOORS, lambda text: values.count(text, 7) or None),
        "seats": read(Field.SEATS, lambda text: values.count(text, 60) or None),
        "owners": read(Field.OWNERS, lambda text: values.count(text, 40)),
        "co2_g_km": read(Field.CO2, lambda text: values.count(text, 900)),
        "consumption_dl_100km": read(Field.CONSUMPTION, values.decilitres),
        "vat": read(Field.VAT, words.vat),
        "status": status,
        "arriving": _arriving(cells, title, status),
        "acquired_on": read(Field.ACQUIRED_ON, values.day),
        "location": spot.name if (spot := read(Field.LOCATION, cells.ground.spots.named)) else None,
    } | _age(cells)


def _arriving(cells: Cells, title: Title, status: CarStatus | None) -> bool | None:
    """On its way, unless the name or the status that said so no longer does."""
    on_its_way = title.arriving or titles.says_arriving(cells.text(Field.STATUS) or "")
    return (on_its_way and status in (None, CarStatus.AVAILABLE)) if cells.text(Field.NAME) or on_its_way else None


def _age(cells: Cells) -> dict[str, Any]:
    """Year, first registration, condition and mileage, which explain each other."""
    latest = cells.ground.year + 1
    year = cells.read(Field.YEAR, lambda text: values.year(text, latest))
    first = cells.read(Field.FIRST_REGISTRATION, lambda text: _since(values.day(text), latest))
    month = cells.read(Field.REGISTRATION_MONTH, lambda text: values.count(text, 12))
    if first is None and year and month:
        first = date(year, month, 1)
    condition_text = next((cell for cell, _ in cells.said(Field.CONDITION)), "")
    condition = words.condition(condition_text)
    year = year or (first.year if first else None)
    year = year or cells.read(Field.FIRST_REGISTRATION, lambda text: values.year(text, latest))
    mileage = cells.kilometres()
    fresh = condition is Condition.NEW or words.is_nearly_new(condition_text)
    if mileage == 0 and not fresh and (year is None or year < cells.ground.year):
        cells.note("0 km on a used car: the mileage is left open")
        mileage = None
    return {"model_year": year, "first_registration": first, "condition": condition, "mileage_km": mileage}


def _since(day: date | None, latest: int) -> date | None:
    return day if day and values.FIRST_YEAR <= day.year <= latest else None


def _identity(cells: Cells) -> dict[str, Any]:
    """The numbers that a car is found again by."""
    vin = None
    if said := cells.text(Field.VIN):
        vin = values.vin(said)
        if vin is None:
            cells.note(f"VIN {said[:40]!r} is not one of 17 characters: left out")
        elif vin[0] in "12345" and not values.check_digit_holds(vin):
            cells.note(f"VIN {vin}: its check digit does not fit")
    plate, number, own = cells.text(Field.PLATE), cells.text(Field.STOCK_NUMBER), cells.text(Field.ID)
    return {
        "vin": vin,
        "plate": plate[:20].upper() if plate else None,
        "stock_number": number[:60] if number else None,
        "source_id": own[:200] if own else None,
        "category": (cells.text(Field.CATEGORY) or "")[:60].casefold() or None,
        "featured": cells.read(Field.FEATURED, values.truth),
    }


def _prose(cells: Cells, title: Title, names: _Names) -> dict[str, Any]:
    """Description, equipment and photos, with the typed name replaced by the clean one wherever it is repeated."""
    raw_name = cells.text(Field.NAME) or ""
    clean_name = " ".join(part for part in (names.make, names.model, names.trim) if part)
    told = [part for text in cells.several(Field.DESCRIPTION) for part in _BREAKS.split(text)]
    paragraphs = [_plain(text, raw_name, clean_name, names.make) for text in told]
    features = [part for text in cells.several(Field.FEATURES) for part in _LIST.split(text)]
    columns = {source.column for sources in cells.understood.sources.values() for source in sources}
    pairs = [(label, text) for label, text in cells.raw.pairs if label not in columns and not words.is_blank(text)]
    kept = {
        "paragraphs": tuple(text for text in dict.fromkeys(paragraphs) if text),
        "features": tuple(text[:200] for text in dict.fromkeys(features) if text),
        "specifications": tuple(pairs),
        "photos": _photos(cells, raw_name),
    }
    return {name: found for name, found in kept.items() if found}


def _plain(text: str, raw_name: str, clean_name: str, make: str) -> str:
    """A paragraph without markup, without the name's price, and without the make said twice."""
    text = html.unescape(_TAGS.sub(" ", text))[:MOST_PROSE]
    if raw_name and len(raw_name) > len(make) + 2:
        text = text.replace(raw_name, clean_name)
    return re.sub(rf"\b({re.escape(make)}) \1\b", r"\1", " ".join(text.split()))


def _photos(cells: Cells, raw_name: str) -> tuple[Picture, ...]:
    """The photos that the row names, each once, without descriptions that are only file names."""
    found = list(cells.raw.pictures)
    for source in cells.understood.sources.get(Field.PHOTOS, ()):
        texts = (*cells.raw.lists.get(source.column, ()), cells.raw.cells.get(source.column, ""))
        found += [Picture(part) for text in texts for part in _ADDRESSES.split(text) if part]
    first: dict[str, Picture] = {}
    for each in found:
        described = " " in each.alt and each.alt != raw_name
        first.setdefault(each.where, replace(each, alt=each.alt if described else ""))
    return tuple(first.values())
