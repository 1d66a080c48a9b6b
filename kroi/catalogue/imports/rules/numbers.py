"""Numbers as people write them: thousands marks, decimal marks, currency signs, units."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from kroi.catalogue.imports.rules.wordlists import word_set
from kroi.core.text import fold

CURRENCIES = word_set(
    "EUR USD GBP SEK NOK DKK ISK CHF PLN CZK HUF RON BGN RSD UAH RUB TRY CAD AUD NZD JPY CNY INR AED BRL MXN ZAR"
)
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "MXN")
_CROWNS = ("SEK", "NOK", "DKK", "ISK", "CZK")
_SIGNS = {"€": "EUR", "¤": "EUR", "£": "GBP", "zł": "PLN", "¥": "JPY", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₹": "INR"}
_SIGNS |= {"kč": "CZK", "ft": "HUF", "lei": "RON", "fr": "CHF", "sfr": "CHF", "euro": "EUR", "euros": "EUR"}
_SIGNS |= {
    "euroa": "EUR",
    "eu": "EUR",
    "us$": "USD",
    "c$": "CAD",
    "ca$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "pln": "PLN",
}
_UNKNOWN_DOLLAR, _UNKNOWN_CROWN = "$", "kr"

_NUMBER = re.compile(r"(?<![\w.,])[+-]?[0-9](?:[0-9]|[ .,'’_](?=[0-9]))*(?:e[+-]?[0-9]{1,3}(?![0-9]))?", re.IGNORECASE)
_LEFT_OVER = re.compile(r"(?<!\w)[0-9]")
_LONGEST = 200  # characters of a cell that can be a number with its unit
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_GROUPS = re.compile(r"[0-9]{1,3}(?:[ '’_][0-9]{3})+")


@dataclass(frozen=True)
class Measured:
    """A number and the word beside it: `193,000 km` is 193000 and `km`."""

    number: Decimal
    unit: str


@lru_cache(maxsize=65_536)
def measured(text: str, *, grouped: bool = True) -> Measured | None:
    """The one number in the text with its unit (folded, without blanks); `None` when there is none, or several.

    `grouped`: is a lone mark before three digits a thousands mark (`1.596` euros) or a decimal one (`1.596` litres)?
    """
    if len(text) > _LONGEST:
        return None
    plain = _SPACES.sub(" ", text.replace("−", "-")).strip()
    found = list(_NUMBER.finditer(plain))
    if len(found) != 1:
        return None
    number = _value(found[0][0], grouped=grouped)
    if number is None:
        return None
    rest = plain[: found[0].start()] + " " + plain[found[0].end() :]
    if _LEFT_OVER.search(rest):
        return None
    if "(" in rest and ")" in rest and rest.index("(") < found[0].start() < rest.rindex(")"):
        number = -abs(number)  # how book-keepers write a minus
    return Measured(number, _unit(rest))


def number(text: str, *, grouped: bool = True) -> Decimal | None:
    """The one number in the text, whatever stands beside it."""
    found = measured(text, grouped=grouped)
    return found.number if found else None


def whole(text: str) -> int | None:
    """The one whole number in the text: `5 Doors` is 5; fractions are not counted as numbers of things."""
    found = number(text)
    return int(found) if found is not None and abs(found) < 10**12 and found == found.to_integral_value() else None


def currency(unit: str, own: str) -> str | None:
    """The currency that a sign, word or code means to somebody whose own is `own`; `None` when it means none."""
    for word in (unit, *re.split(r"[^\w$€£¤¥₺₽₴₹]+", unit)):
        if word.upper() in CURRENCIES:
            return word.upper()
        if word in _SIGNS:
            return _SIGNS[word]
        if word == _UNKNOWN_DOLLAR:
            return own if own in _DOLLARS else "USD"
        if word == _UNKNOWN_CROWN:
            return own if own in _CROWNS else "SEK"
    return None


def is_filler(value: Decimal | int) -> bool:
    """Was it typed to get on: 1111111, 999999, 1234567?"""
    digits = str(abs(int(value)))
    if len(digits) >= 7 and (len(set(digits)) == 1 or "1234567890".startswith(digits)):
        return True
    return len(digits) >= 6 and set(digits) == {"9"}


def _unit(rest: str) -> str:
    words = fold(rest).replace(",-", " ").replace(".-", " ").replace(",--", " ")
    return " ".join(words.strip(" .,:;-–()[]*").split())


def _value(digits: str, *, grouped: bool) -> Decimal | None:
    """The number that the digits and marks say, or `None` when they say two things."""
    mantissa, _, exponent = digits.lower().partition("e")
    sign = -1 if mantissa.startswith("-") else 1
    plain = _ungrouped(mantissa.lstrip("+-"), grouped=grouped and not exponent)
    if plain is None or len(plain) > 60:
        return None
    return sign * Decimal(plain).scaleb(int(exponent or 0))


def _ungrouped(digits: str, *, grouped: bool) -> str | None:
    if _GROUPS.match(digits):
        digits = re.sub(r"(?<=[0-9])[ '’_](?=[0-9]{3}(?![0-9]))", "", digits)
    if re.search(r"[ '’_]", digits):
        return None
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return digits
    last = marks[-1]
    whole_part, _, rest = digits.rpartition(last)
    if len(set(marks)) == 2:
        return _joined(whole_part, "," if last == "." else ".", rest)
    if len(marks) > 1:
        return digits.replace(last, "") if _in_threes(digits, last) else None
    if grouped and len(rest) == 3 and 1 <= len(whole_part) <= 3 and whole_part != "0":
        return whole_part + rest
    return f"{whole_part}.{rest}"


def _joined(whole_part: str, mark: str, rest: str) -> str | None:
    return f"{whole_part.replace(mark, '')}.{rest}" if _in_threes(whole_part, mark) else None


def _in_threes(digits: str, mark: str) -> bool:
    first, *groups = digits.split(mark)
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)
