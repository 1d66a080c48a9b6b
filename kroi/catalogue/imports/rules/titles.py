"""The name that a dealer typed: price, power and shouting are taken out, and what they say is kept."""

import html
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from kroi.catalogue.imports.rules import hints, makes, words
from kroi.catalogue.imports.rules.wordlists import word_set
from kroi.catalogue.rules import Body, CarStatus, Drive, Fuel, Transmission

MOST_TRIM = 80  # characters
MOST_NAME = 400  # characters of a typed name; what follows is a description
_MONEY = r"(?:€|eur\b|euroa?\b|\$|£|usd\b|gbp\b|sek\b|kr\b|chf\b)"
_AMOUNT = r"[0-9]{1,3}(?:[ .,'’][0-9]{3})+(?:[.,][0-9]{2})?(?![0-9])|[0-9]{3,7}(?:[.,][0-9]{2})?(?![0-9])"
_ASKED = r"(?:\b(?:hinta|price|preis|pris|nyt|vain|only|nur|vb|fp)\b[ :.]*)?"
_PRICE = re.compile(
    rf"{_ASKED}(?:{_MONEY} ?(?P<after>{_AMOUNT})(?:,?[-–]+)?|(?<![\w.,])(?P<before>{_AMOUNT}) ?(?:,?[-–]+)? ?{_MONEY}"
    rf"|(?<![\w.,])(?P<dash>{_AMOUNT}),[-–]+)(?: ?vb\b)?",
    re.IGNORECASE,
)
_ARRIVING = re.compile(
    r"[(\[*!-]{0,3}\b(?:tulossa|saapumassa|saapuu pian|coming soon|arriving soon|arriving|in transit|in kürze|"
    r"im zulauf|kommer snart|inkommande|på väg in)\b[)\]*!.-]{0,3}",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"[(\[*!-]{0,3}\b(?P<word>myyty|varattu|verkauft|reserviert|såld|reserverad|sold|reserved)\b[)\]*!]{0,3}",
    re.IGNORECASE,
)
_WANTED = re.compile(r"\W*(?:ich )?(?:suche[nt]?|kaufe[n]?|ankauf|wanted|ostetaan|köpes|gesucht)\b", re.IGNORECASE)
_NOISE = re.compile(r"[*!_<>~=#|•★☆✓✔►◄]{2,}|[*★☆✓✔►◄•]")
_YEAR = re.compile(r"(?<![\w./-])(?:19[5-9][0-9]|20[0-4][0-9])(?![\w/-]|[.,][0-9])")
_COMMA = re.compile(r"(?<![\w.,])([0-9]),([0-9])(?![0-9])")
_SPACE = re.compile(r"\s+")

_NO_NAMES = word_set(
    "mit zu zum zur in an und oder der die das mein meine top neu tuv tuev defekt unfall bastler diesel benzin tdi cdi",
    "automatik automaatti manuaali with for sale and the very nice good used kombi cabrio coupe limousine sedan",
    "kleinwagen oldtimer auto myydaan siisti hieno klima leder navi lpg suche biete verkaufe verkauf limited sport",
)


@dataclass(frozen=True)
class Title:
    """A name without its price, and what else it said. Power in kW, displacement in ccm, price in whole money."""

    text: str
    price: str | None = None
    arriving: bool = False
    status: CarStatus | None = None
    wanted: bool = False
    year: int | None = None
    power_kw: int | None = None
    power_hp: int | None = None
    displacement_ccm: int | None = None
    fuel: Fuel | None = None
    transmission: Transmission | None = None
    drive: Drive | None = None
    body: Body | None = None


_NOTHING = Title("")


def read(raw: str) -> Title:
    """What a typed name says."""
    if not raw:
        return _NOTHING
    text = _SPACE.sub(" ", html.unescape(raw[:MOST_NAME])).strip()
    if "_" in text and text.count("_") >= text.count(" "):
        text = _SPACE.sub(" ", text.replace("_", " ")).strip()
    wanted = bool(_WANTED.match(text))
    text, price = _take(_PRICE, text)
    text, arriving = _take(_ARRIVING, text)
    text, status = _take(_STATUS, text)
    text = _SPACE.sub(" ", _NOISE.sub(" ", text)).strip(" -–,;:/|")
    year = _YEAR.search(text)
    return Title(
        text=text,
        price=price[0] if price else None,
        arriving=arriving is not None,
        status=words.status(status["word"]) if status else None,
        wanted=wanted,
        year=int(year[0]) if year else None,
        power_kw=hints.kilowatts(text),
        power_hp=hints.horsepower(text),
        displacement_ccm=hints.displacement(text),
        fuel=hints.fuel(text),
        transmission=hints.transmission(text),
        drive=hints.drive(text),
        body=hints.body(text),
    )


def without_price(text: str) -> str:
    """A text from which typed prices are gone."""
    return _SPACE.sub(" ", _PRICE.sub(" ", text)).strip()


def has_price(text: str) -> bool:
    """Does the text hold a typed price?"""
    return bool(_PRICE.search(text))


def same_number(token: str, amount: Decimal | None) -> bool:
    """Is this word of a name just the price again, without a currency?"""
    digits = re.sub(r"[ .,'’-]", "", token)
    return amount is not None and amount >= 500 and digits.isascii() and digits.isdigit() and Decimal(digits) == amount


def find_names(title: Title, make: str | None) -> tuple[str | None, str | None]:
    """Make and model that the name holds, looking for models of `make` when that is known already."""
    tokens = makes.words(title.text)
    start = 0
    if make is None:
        found = _find_make(tokens)
        if found is None:
            return _by_model(tokens)
        make, start = found
    else:
        start = _after_make(tokens, make)
    return make, _find_model(make, tokens, start)


def _find_make(tokens: list[str]) -> tuple[str, int] | None:
    """The first make named. Short words (land, seat, mini) mean a make only at the beginning."""
    for start in range(len(tokens)):
        found = makes.make_at(tokens, start)
        long = found and len("".join(tokens[start : start + found[1]])) >= 5
        if found and (start <= 1 or long or tokens[start] in ("vw", "bmw")):
            return found[0], start + found[1]
    return None


def _by_model(tokens: list[str]) -> tuple[str | None, str | None]:
    owner = makes.owner_of(tokens[0]) if tokens else None
    return (owner, makes.known_model(owner, tokens[0])) if owner else (None, None)


def _after_make(tokens: list[str], make: str) -> int:
    """Where the words after the make begin; 0 when it is not named. A make said twice counts once."""
    start = 0
    for place in range(len(tokens)):
        found = makes.make_at(tokens, place)
        if found and found[0] == make and (start in (0, place)):
            start = place + found[1]
    return start


def _find_model(make: str, tokens: list[str], start: int) -> str | None:
    """The first known model after the make, else before it. A bare number must follow the make at once."""
    while start < len(tokens) and (again := makes.make_at(tokens, start)) and again[0] == make:
        start += again[1]
    for place in (*range(start, len(tokens)), *range(start)):
        found = makes.model_at(make, tokens, place)
        sure = found and (place == start or not (_is_short(tokens[place : place + found[1]])))
        if found and sure:
            return found[0]
    return None


def _is_short(tokens: list[str]) -> bool:
    joined = "".join(tokens)
    return joined.isdigit() or len(joined) < 2


def trim_of(title: Title, make: str, model: str, amount: Decimal | None) -> str:
    """What remains of the name after make, model, years and the price: the version."""
    gone = _names_to_drop(make, model)
    kept: list[str] = []
    parts = _YEAR.sub(" ", title.text).split()
    plain = [makes.compact(part) for part in parts]
    place = 0
    while place < len(parts):
        count = _dropped(plain, place, make, gone) if len(kept) < 2 else 0
        if not count and not same_number(parts[place], amount):
            kept.append(parts[place])
        place += count or 1
    text = calmed(" ".join(kept))
    return _COMMA.sub(r"\1.\2", text).strip(" -–,;:/|.")[:MOST_TRIM].strip()


@lru_cache(maxsize=4096)
def _names_to_drop(make: str, model: str) -> set[str]:
    stem = makes.compact(model.removesuffix("-Class"))
    return {makes.compact(make), makes.compact(model), makes.compact(f"{make} {model}"), stem}


def _dropped(plain: list[str], place: int, make: str, gone: set[str]) -> int:
    """How many words from here on are nothing but the make or the model again."""
    for count in range(min(4, len(plain) - place), 0, -1):
        if "".join(plain[place : place + count]) in gone:
            return count
    again = makes.make_at(plain, place)
    return again[1] if again and again[0] == make else 0


def calmed(text: str) -> str:
    """The text without shouting: long words in capitals become ordinary ones, abbreviations stay."""
    return " ".join(word.capitalize() if _shouts(word) else word for word in text.split())


def _shouts(word: str) -> bool:
    letters = [mark for mark in word if mark.isalpha()]
    return len(letters) >= 5 and word.isupper() and not any(mark.isdigit() for mark in word)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    found = pattern.search(text)
    if not found:
        return text, None
    return _SPACE.sub(" ", pattern.sub(" ", text)).strip(), found


def says_arriving(text: str) -> bool:
    """Does a status or a name say that the car is on its way?"""
    return bool(_ARRIVING.search(text))


def model_like(make: str, word: str, after: list[str]) -> str | None:
    """A model from the word after the make, when it looks like one: `E220` is the E-Class, `320d` the 320."""
    plain = makes.compact(word)
    if makes.make_of(word):
        return None
    parts = re.fullmatch(r"([a-z]*)([0-9]+)([a-z]*)", plain)
    if parts and (found := makes.known_model(make, parts[1] or parts[2])):
        return found
    letters = parts[1] if parts else plain
    if make == "Mercedes-Benz" and len(letters) == 1 and (parts or after):
        return makes.known_model(make, f"{letters}-class")
    named = len(plain) >= 2 and (word[0].isupper() or any(mark.isdigit() for mark in plain)) and not word[0].isdigit()
    return makes.pretty_model(make, word.strip(".,;:!")) if named and plain not in _NO_NAMES else None
