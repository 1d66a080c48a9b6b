"""Numbers with the words around them: price, year, mileage, power, a month's payment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kroi.catalogue.rules.filters import Span
from kroi.catalogue.understanding.rules.lexicon import Kind
from kroi.catalogue.understanding.rules.reading import Item

_YEARS = range(1950, 2028)
_ANY_YEARS = range(1900, 2101)
_KW = Decimal("0.735499")  # of a horse
_MILE, _MIL = Decimal("1.609344"), Decimal(10)  # km
_FACTORS: dict[str, tuple[str, Decimal]] = {  # unit: what it measures, and how much of ours it is
    "price": ("price", Decimal(1)),
    "thousand_euros": ("price", Decimal(1000)),
    "km": ("mileage", Decimal(1)),
    "thousand_km": ("mileage", Decimal(1000)),
    "mil": ("mileage", _MIL),
    "miles": ("mileage", _MILE),
    "kw": ("power", Decimal(1)),
    "hp": ("power", _KW),
    "monthly": ("monthly", Decimal(1)),
}
_OLDEST = 40  # years that are an age
_AROUND = 5  # words before and after a number that may belong to it


@dataclass(slots=True)
class _Number:
    """One or two numbers, and what is known of them."""

    ends: list[Decimal]
    thousands: list[bool]
    used: list[Item]
    bound: str = ""
    of: str = ""
    """What the bound itself says is measured: newer, cheaper."""
    field: str = ""
    unit: str = ""
    between: bool = False


def spans(items: Sequence[Item], this_year: int) -> Iterator[tuple[str, Span]]:
    """The spans that the numbers ask for, by name; their words are marked as used."""
    at = 0
    while at < len(items):
        if items[at].number is None or items[at].used:
            at += 1
            continue
        number, following = _gather(items, at)
        found = _measure(number, this_year)
        if found:
            for item in number.used:
                item.used = True
            yield found
        at = max(following, at + 1)


def _gather(items: Sequence[Item], at: int) -> tuple[_Number, int]:
    first = items[at].number
    assert first is not None
    number = _Number([first], [False], [items[at]])
    _look_back(number, items, at)
    after = _units(number, items, at + 1)
    if number.bound != "max" or number.between:
        after = _second(number, items, after)
    after = _bound_after(number, items, after)
    if after < len(items) and items[after].senses.get(Kind.FIELD) == ("text", ""):
        number.field = "text"  # "400 km Reichweite"
    return number, _field_after(number, items, after)


def _field_after(number: _Number, items: Sequence[Item], at: int) -> int:
    """`180000 ajettu`: the word behind, when there is none before and no number follows it."""
    if number.field or at >= len(items) or Kind.FIELD not in items[at].senses or items[at].used:
        return at
    if number.unit and _kind(number.unit) != items[at].senses[Kind.FIELD][0]:
        return at
    following = [item for item in items[at + 1 : at + 3] if Kind.BOUND not in item.senses]
    if following and following[0].number is not None:
        return at
    number.field = items[at].senses[Kind.FIELD][0]
    number.used.append(items[at])
    return at + 1


def _look_back(number: _Number, items: Sequence[Item], at: int) -> None:
    """Bound, field and sign of currency before the number, in any order."""
    for item in reversed(items[max(at - _AROUND, 0) : at]):
        if item.used or item.number is not None:
            return
        senses = item.senses
        if Kind.BOUND in senses and not number.bound:
            number.bound, _, number.of = senses[Kind.BOUND][0].partition("_")
        elif Kind.OPENER in senses:
            number.between = True
        elif Kind.FIELD in senses and number.field in ("", senses[Kind.FIELD][0]):
            number.field = senses[Kind.FIELD][0]
        elif Kind.UNIT in senses and not number.field and senses[Kind.UNIT][0] in _FACTORS:
            number.field = senses[Kind.UNIT][0]
        elif _is_short_year(items, item, at):
            number.field = "year"
        elif Kind.DROP not in senses and item.key not in ("-", "<", ">", "'", "/"):
            return
        if Kind.DROP not in senses or Kind.BOUND in senses:
            number.used.append(item)


def _is_short_year(items: Sequence[Item], dash: Item, at: int) -> bool:
    """Is the word only this: -17 or '17?"""
    alone = dash is items[at - 1] and dash.last == items[at].first and (at < 2 or items[at - 2].last < dash.first)
    return alone and dash.key in ("-", "'") and len(items[at].key) == 2


def _units(number: _Number, items: Sequence[Item], at: int) -> int:
    """Thousands and units that follow; a unit that begins the next number's phrase is not ours."""
    for item in items[at : at + _AROUND]:
        if item.key == "/" and at + 1 < len(items) and Kind.UNIT in items[at + 1].senses:
            at += 1
            continue
        if Kind.UNIT not in item.senses or item.used or item.number is not None:
            break
        unit = item.senses[Kind.UNIT][0]
        if unit == "thousand":
            number.thousands[-1] = True
        elif _is_next_field(number, unit, items, at + 1):
            break
        elif not number.unit or unit == "monthly" or (unit == "km" and number.unit == "price"):
            number.unit = unit
        number.used.append(item)
        at += 1
    return at


def _is_next_field(number: _Number, unit: str, items: Sequence[Item], at: int) -> bool:
    """`pris max 10000 mil max 15000`: the price has no unit, and mil belongs to the second number."""
    if not number.field or _kind(number.field) in ("", _kind(unit)) or unit in ("monthly", "price"):
        return False
    following = [item for item in items[at : at + 3] if Kind.BOUND not in item.senses]
    return at < len(items) and Kind.BOUND in items[at].senses and bool(following) and following[0].number is not None


def _kind(name: str) -> str:
    return _FACTORS[name][0] if name in _FACTORS else name


def _second(number: _Number, items: Sequence[Item], at: int) -> int:
    """The other end, when there is one."""
    if at >= len(items):
        return at
    slash = items[at].key == "/" and number.ends[0] in _YEARS and items[at].first == number.used[0].first  # 2016/17
    joins = slash or Kind.JOIN in items[at].senses or (number.between and Kind.BETWEEN in items[at].senses)
    ahead = at + 1
    while joins and ahead < min(at + 3, len(items)) and Kind.UNIT in items[ahead].senses:
        ahead += 1  # "€5,000 - €8,000"
    if not joins or ahead >= len(items) or items[ahead].number is None or items[ahead].used:
        return at
    other = items[ahead].number
    assert other is not None
    pair = _Number([*number.ends, other], [*number.thousands, False], [*number.used, *items[at : ahead + 1]])
    pair.unit = number.unit
    pair.field, pair.bound = number.field, number.bound
    after = _units(pair, items, ahead + 1)
    low, high = _scaled(pair)
    if low > high or (low in _YEARS and low % 100 and high not in _YEARS):  # "ab 2016 bis 15.000 €"
        return at
    number.ends, number.thousands, number.used, number.unit = pair.ends, pair.thousands, pair.used, pair.unit
    return after


def _scaled(number: _Number) -> list[Decimal]:
    """Both ends in full: in `10-15k` the ten are thousands too, and `2015-18` ends in 2018."""
    scaled = [end * (1000 if thousand else 1) for end, thousand in zip(number.ends, number.thousands, strict=True)]
    if len(scaled) == 2:
        low, high = scaled
        if any(number.thousands):
            scaled = [end * 1000 if end < 1000 else end for end in scaled]
        elif low in _YEARS and high < 100 and not number.unit:
            scaled[1] = _century(high)
        elif low < 1000 <= high and low * 1000 < high and _kind(number.unit) in ("price", "mileage"):
            scaled[0] = low * 1000
    return scaled


def _century(year: Decimal) -> Decimal:
    return year + (2000 if year <= _YEARS[-1] % 100 else 1900) if year < 100 else year


def _bound_after(number: _Number, items: Sequence[Item], at: int) -> int:
    """`2018 alkaen`, `15000 max`, `2020->`: not when the word belongs to the next number."""
    if _is_open_ended(number, items, at):
        number.bound = "min"  # "2015-"
        number.used.append(items[at])
        return at + 1
    if at >= len(items) or number.bound or len(number.ends) > 1 or Kind.AFTER not in items[at].senses or items[at].used:
        return at
    following = items[at + 1] if at + 1 < len(items) else None
    is_before = Kind.BOUND in items[at].senses and items[at].key != ">"
    if is_before and following is not None and following.number is not None:
        return at
    number.bound, _, number.of = items[at].senses[Kind.AFTER][0].partition("_")
    number.used.append(items[at])
    return _units(number, items, at + 1)


def _is_open_ended(number: _Number, items: Sequence[Item], at: int) -> bool:
    """Does the word end in a dash: 2015-?"""
    if number.bound or at >= len(items) or items[at].key != "-" or items[at].last != number.used[0].last:
        return False
    return at + 1 == len(items) or items[at + 1].first > items[at].last


def _measure(number: _Number, this_year: int) -> tuple[str, Span] | None:
    ends = _scaled(number)
    name = _name(number, ends)
    if name is None:
        return None
    if name == "age":
        return "year", _aged(number, this_year - int(ends[0]))
    if name == "year":
        return "year", _years(number, [int(_century(end)) for end in ends])
    factor = _FACTORS.get(number.unit, _FACTORS.get(number.field, (name, Decimal(1))))
    scale = factor[1] if factor[0] == name else Decimal(1)
    if name == "mileage" and max(ends) < 1000 and scale == 1:
        scale = Decimal(1000)  # nobody asks for a car with 100 km: tkm are meant
    if name == "price" and number.bound and max(ends) < 100 and scale == 1:
        scale = Decimal(1000)  # "under 10"
    return _span(name, number, [int((end * scale).quantize(Decimal(1), ROUND_HALF_UP)) for end in ends])


def _name(number: _Number, ends: list[Decimal]) -> str | None:
    """What is measured: the unit decides, then the words beside, then how large the number is."""
    whole = all(end == int(end) for end in ends)
    if "text" in (number.unit, number.field):
        return None
    if number.unit == "age":
        return "age" if whole and max(ends) <= _OLDEST else ("year" if min(ends) in _YEARS else None)
    if number.unit and not (number.field == "monthly" and number.unit == "price"):
        return _kind(number.unit)
    named = _kind(number.field) or number.of
    if named == "year":
        years = all(_century(end) in _ANY_YEARS for end in ends) and whole and not any(number.thousands)
        named = "year" if years else ""
    if named:
        return named
    if not any(number.thousands) and whole and all(end in _YEARS for end in ends):
        return "year"
    if not whole or not (number.bound or any(number.thousands) or max(ends) >= 1000):
        return None
    return "price"


def _years(number: _Number, years: list[int]) -> Span:
    if len(years) == 2:
        return Span(years[0], years[1])
    if number.bound == "min":
        return Span(low=years[0])
    return Span(high=years[0]) if number.bound == "max" else Span(years[0], years[0])


def _aged(number: _Number, year: int) -> Span:
    """`not older than 5 years` and `under 5 years` are the younger ones; `older than` and `over`, the older."""
    younger = number.bound == ("min" if number.of else "max") or not number.bound
    return Span(low=year) if younger else Span(high=year)


def _span(name: str, number: _Number, ends: list[int]) -> tuple[str, Span] | None:
    """The least or the most; `None` for what cannot be asked, such as the most power."""
    if len(ends) == 2:
        span = Span(ends[0], ends[1])
    elif number.bound:
        span = Span(low=ends[0]) if number.bound == "min" else Span(high=ends[0])
    else:
        span = Span(low=ends[0]) if name == "power" else Span(high=ends[0])
    if name == "power":
        span = Span(low=span.low)
    if name == "monthly":
        span = Span(high=span.high)
    return (name, span) if span else None
