"""Single cells: what a price, a distance, a year, a VIN says, and when it says nothing."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from kroi.catalogue.imports.rules.numbers import currency, is_filler, measured, number, whole
from kroi.catalogue.imports.rules.wordlists import any_of
from kroi.catalogue.rules.prices import MOST_CENTS
from kroi.core.money import cents
from kroi.core.text import fold

KM_OF_MILE = Decimal("1.609344")
KW_OF_HP = {"metric": Decimal("0.73549875"), "mechanical": Decimal("0.745699872")}
MOST_KM = 2_000_000
FIRST_YEAR = 1900
_KM = {"": "", "km": "km", "kms": "km", "kilometers": "km", "kilometres": "km", "kilometer": "km", "kilometre": "km",
       "kilometria": "km", "mi": "mi", "mile": "mi", "miles": "mi", "mil": "mil", "mils": "mil", "tkm": "tkm",
       "t km": "tkm", "tsd km": "tkm"}  # fmt: skip
_FACTOR = {"km": Decimal(1), "mi": KM_OF_MILE, "mil": Decimal(10), "tkm": Decimal(1000)}
_POWER = {"kw": "kw", "hp": "hp", "ps": "hp", "hv": "hp", "hk": "hp", "cv": "hp", "ch": "hp", "bhp": "bhp"}
_LITRES = frozenset(("", "l", "litre", "litres", "liter", "litra", "litraa", "t", "cc", "ccm"))
_CUBIC = frozenset(("", "cc", "ccm", "cm3", "cm", "cm³", "kcm", "c.c"))
_ON_REQUEST = any_of(
    "on request, call, ask, poa, p.o.a, inquire, pyydettaessa, kysy, pyynnosta, sopimuksen mukaan",
    "anfrage, begaran, ring, forfragan",
)
_YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})(?![0-9])")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VIN_VALUES = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: .*)?"), (3, 2, 1)),
    (re.compile(r"(\d{4})[-/.](\d{1,2})"), (1, 2, 0)),
    (re.compile(r"(\d{1,2})[-/.](\d{4})"), (2, 1, 0)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), (1, 2, 3)),
)


@dataclass(frozen=True)
class Price:
    """A price as it stands: whole money and its currency. `None` is a cell that names no amount; 0 is on request."""

    amount: Decimal | None
    currency: str
    filler: bool = False


def price(text: str, *, own: str, said: str = "", hinted: str = "") -> Price | None:
    """The price in a cell. Its currency is what was said, else its sign, else what was hinted, else one's own."""
    found = measured(text)
    if found is None:
        return Price(Decimal(0), own) if _ON_REQUEST.search(fold(text)) else None
    code = said or currency(found.unit, own) or currency(hinted, own) or own
    if found.number < 0:
        return None
    too_much = found.number * 100 > MOST_CENTS
    if too_much or (found.number and is_filler(found.number)):
        return Price(None, code, filler=True)
    return Price(found.number, code)


def price_cents(found: Price, rate: Decimal) -> int | None:
    """The price in cents of one's own money; `None` when it names no amount."""
    return None if found.amount is None else cents(found.amount * rate)


def kilometres(text: str, *, said: str = "", hinted: str = "", own: str = "km") -> int | None:
    """The distance in a cell, in km. Its unit is what was said, else its own, else what was hinted, else one's own."""
    found = measured(text)
    if found is None or found.number < 0 or found.unit not in _KM:
        return None
    unit = said or _KM[found.unit] or _KM.get(hinted, "") or own
    if is_filler(found.number):
        return None
    distance = found.number * _FACTOR.get(unit, Decimal(1))
    return int(distance.quantize(Decimal(1), rounding="ROUND_HALF_UP")) if distance <= MOST_KM else None


def kilowatts(text: str, *, hinted: str = "", mechanical: bool = False) -> int | None:
    """The power in a cell, in kW; without a unit anywhere it is kW. `110 kW (150 hv)` is 110."""
    if found := re.search(r"([0-9]{1,4}(?:[.,][0-9])?) ?kw\b", text, re.IGNORECASE):
        return _power(Decimal(found[1].replace(",", ".")), "kw", mechanical)
    one = measured(text)
    if one is None or (one.unit and one.unit not in _POWER):
        return None
    unit = _POWER.get(one.unit) or next((_POWER[word] for word in hinted.split() if word in _POWER), "kw")
    return _power(one.number, unit, mechanical)


def horsepower(value: int, *, mechanical: bool = False) -> int | None:
    """Horsepower as kW."""
    return _power(Decimal(value), "hp", mechanical)


def _power(value: Decimal, unit: str, mechanical: bool) -> int | None:
    """What no car has (0, 1, 5000) was typed to get on."""
    if unit != "kw":
        value *= KW_OF_HP["mechanical" if mechanical or unit == "bhp" else "metric"]
    return int(value.quantize(Decimal(1), rounding="ROUND_HALF_UP")) if 3 <= value <= 1500 else None


def displacement(text: str) -> int | None:
    """Engine size in ccm: `1.6`, `1,6 l`, `1560 cc`, `1598`; a currency sign makes it something else."""
    found = measured(text, grouped=False)
    if found is None:
        return None
    value = found.number
    if value < 20 and found.unit in _LITRES:
        value = value * 1000
    elif found.unit not in _CUBIC:
        return None
    return int(value.quantize(Decimal(1), rounding="ROUND_HALF_UP")) if 50 <= value <= 9000 else None


@lru_cache(maxsize=4096)
def year(text: str, latest: int) -> int | None:
    """A year of this century or the last, and not after `latest`; the only one that the cell names."""
    found = _YEAR.findall(text) if len(text) < 40 else []
    plain = text.removesuffix(".0")
    if len(found) != 1 or (plain.isdigit() and len(plain) not in (4, 8)):
        return None
    value = int(found[0])
    return value if FIRST_YEAR <= value <= latest else None


@lru_cache(maxsize=8192)
def day(text: str) -> date | None:
    """A date, or the first of a month; day before month where both could be meant."""
    for pattern, (y, m, d) in _DATES:
        if found := pattern.fullmatch(text):
            try:
                return date(int(found[y]), int(found[m]), int(found[d]) if d else 1)
            except ValueError:
                return None
    return None


def count(text: str, most: int) -> int | None:
    """How many there are: `5 Doors`, `4/5` (five, with the tailgate)."""
    if found := re.fullmatch(r"(\d)\s?[/-]\s?(\d)(?:\D.*)?", text):
        return int(found[2]) if int(found[2]) <= most else None
    value = whole(text)
    return value if value is not None and 0 <= value <= most else None


def decilitres(text: str) -> int | None:
    """Consumption in dl per 100 km, of a cell in litres."""
    value = number(text, grouped=False)
    return int((value * 10).quantize(Decimal(1), rounding="ROUND_HALF_UP")) if value and 0 < value < 50 else None


def vin(text: str) -> str | None:
    """The vehicle's number as it is stored: 17 capitals and digits without I, O and Q."""
    plain = re.sub(r"[\s-]", "", text).upper()
    return plain if _VIN.fullmatch(plain) and len(set(plain)) > 4 and any(mark.isdigit() for mark in plain) else None


def check_digit_holds(number_: str) -> bool:
    """Does the ninth character fit? North America demands it; elsewhere it says nothing, so it never refuses a car."""
    total = sum(_VIN_VALUES[mark] * weight for mark, weight in zip(number_, _VIN_WEIGHTS, strict=True))
    return number_[8] == "0123456789X"[total % 11]


def truth(text: str) -> bool | None:
    """Yes or no, in four languages."""
    word = fold(text).strip()
    if word in ("true", "yes", "1", "y", "kylla", "on", "ja", "j", "k", "x"):
        return True
    return False if word in ("false", "no", "0", "n", "ei", "nein", "nej") else None
