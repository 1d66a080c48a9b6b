"""How values look on screen: money, distance, dates, in the language and zone of the page."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_decimal_symbol
from flask import Flask
from flask_babel import gettext as _

from kroi.core import clock, money, text
from kroi.web import place, towns, urls

NO_BREAK = "\u00a0"
_SAMPLE = 1_234_567
_DAYS = {  # without a year, with one, and in full; our dealers are Europeans: day first also in English
    "en": ("d MMM", "d MMM y", "EEEE d MMMM"),
    "fi": ("d.M.", "d.M.y", "cccc d. MMMM"),
    "sv": ("d.M", "d.M.y", "EEEE d MMMM"),
}


def install(app: Flask) -> None:
    """Give every template these filters and `url_for`."""
    app.jinja_env.filters.update(
        money=euros,
        number=number,
        km=km,
        kw=kw,
        date=day,
        datetime=moment,
        time=hour,
        long_day=long_day,
        short_time=short_time,
        local_input=local_input,
        wall_time=wall_time,
        ago=ago,
        size=size,
        in_town=towns.in_town,
        quoted=quoted,
    )
    app.jinja_env.filters.update(initials=text.initials, shorten=text.shorten)
    app.jinja_env.globals.update(url_for=urls.url_for, public_url=urls.public_url, in_language=urls.in_language)
    app.jinja_env.globals.update(now=clock.now, language_names=place.NAMES)


@lru_cache(maxsize=8)
def _whole_pattern(language: str) -> str:
    pattern: str = Locale.parse(language).currency_formats["standard"].pattern
    return pattern.replace(".00", "")


@lru_cache(maxsize=4096)
def _money(amount_cents: int, currency: str, language: str) -> str:
    shown: str = format_currency(
        money.whole(amount_cents), currency, _whole_pattern(language), locale=language, currency_digits=False
    )
    return shown.replace(" ", NO_BREAK)


@lru_cache(maxsize=64)
def _around(currency: str, language: str) -> tuple[str, str]:
    """What stands before and behind whole amounts of money."""
    before, _number, behind = _money(_SAMPLE * 100, currency, language).partition(number_in(_SAMPLE, language))
    return before, behind


def euros(amount_cents: int) -> str:
    """Cents as whole units of the dealership's currency: `€24,850`, `24 850 €`."""
    here = place.current()
    if amount_cents < 0 or amount_cents % 100:
        return _money(amount_cents, here.currency, here.language)
    before, behind = _around(here.currency, here.language)
    return f"{before}{number_in(amount_cents // 100, here.language)}{behind}"


def number(value: int) -> str:
    """A whole number with the language's thousands mark."""
    return number_in(value, place.current().language)


def number_in(value: int, language: str) -> str:
    """The same in this language."""
    if value < 0:
        return str(format_decimal(value, locale=language))
    return f"{value:,}".replace(",", _thousands(language))


@lru_cache(maxsize=16)
def _thousands(language: str) -> str:
    """The mark between thousands; Babel takes a hundred times as long as Python to put it there."""
    return str(format_decimal(1_000, locale=language))[1:-3]


def duration(minutes: int) -> str:
    """A length of time: `9 min`, `1 h 25 min`, `12 h`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest))
    if not rest:
        return str(_("%(hours)s h", hours=number(hours)))
    return str(_("%(hours)s h %(minutes)s min", hours=number(hours), minutes=rest))


def km(distance: int) -> str:
    """A distance: `192,000 km`, unbreakable."""
    return f"{number(distance)}{NO_BREAK}km"


def kw(power: int) -> str:
    """Engine power with horsepower beside it (1 kW = 1.35962 hp, DIN 66036): `150 kW (204 hp)`, two parts at most."""
    horses = round(power * 1.35962)
    return str(_("%(kw)s kW (%(hp)s hp)", kw=power, hp=horses)).replace(" ", NO_BREAK).replace(f"{NO_BREAK}(", " (")


def day(value: date | datetime) -> str:
    """A day without needless year: `12 Nov`, `12.11.`, or `12 Nov 2025` in another year."""
    here = place.current()
    if isinstance(value, datetime):
        value = clock.local(value, here.zone).date()
    return _day(value, here.language, value.year == clock.today(here.zone).year)


@lru_cache(maxsize=4096)
def _day(value: date, language: str, this_year: bool) -> str:
    short, with_year, _full = _DAYS[language]
    return str(format_date(value, short if this_year else with_year, locale=_dates(language)))


def long_day(value: datetime) -> str:
    """Weekday, day and month in the dealership's zone: `Saturday 21 November`, `Lauantai 21. marraskuuta`."""
    here = place.current()
    shown = str(format_date(clock.local(value, here.zone), _DAYS[here.language][2], locale=_dates(here.language)))
    return shown[:1].upper() + shown[1:]


def moment(value: datetime) -> str:
    """Day and time in the dealership's zone."""
    return f"{day(value)} {hour(value)}"


def local_input(value: datetime) -> str:
    """The moment as a field for date and time holds it, in the dealership's zone."""
    return clock.local(value, place.current().zone).strftime("%Y-%m-%dT%H:%M")


def hour(value: datetime) -> str:
    """The time of day in the dealership's zone: `15:08`, `15.08`."""
    here = place.current()
    return str(format_time(clock.local(value, here.zone), "short", locale=_dates(here.language)))


def short_time(value: datetime) -> str:
    """The time if it is today, otherwise the day: for columns of recent moments."""
    here = place.current()
    return hour(value) if clock.local(value, here.zone).date() == clock.today(here.zone) else day(value)


def wall_time(value: time) -> str:
    """A time of day that is local already."""
    return str(format_time(value, "short", locale=_dates(place.current().language)))


def ago(value: datetime) -> str:
    """How long ago: `5 minutes ago`."""
    return str(format_timedelta(value - clock.now(), add_direction=True, locale=place.current().language))


def size(count: int) -> str:
    """Bytes for people: `1.4 MB`."""
    kilobytes = round(count / 1000)
    if kilobytes < 1000:
        return _unbroken(_("%(amount)s kB", amount=number(kilobytes)))
    if kilobytes < 1_000_000:
        return _unbroken(_("%(amount)s MB", amount=decimal(Decimal(count) / 1_000_000)))
    return _unbroken(_("%(amount)s GB", amount=decimal(Decimal(count) / 1_000_000_000)))


def decimal(value: Decimal, places: int = 1) -> str:
    """A number with so many digits after the language's decimal mark: `6.5`, `6,5`."""
    shown: str = format_decimal(value, f"#,##0.{'0' * places}", locale=place.current().language)
    return shown


def percent(share: Decimal, places: int = 0) -> str:
    """A share (0 to 1) as its language writes it, with so many decimals: `29%`, `1,8 %`."""
    language = place.current().language
    pattern = Locale.parse(language).percent_formats[None].pattern
    pattern = pattern.replace("##0", f"##0.{'0' * places}") if places else pattern
    return str(format_percent(share, pattern, locale=language))


def quoted(words: str) -> str:
    """Somebody's words in the language's quotation marks: `“vw golf”`, `”vw golf”`."""
    return str(_("“%(words)s”", words=words))


def decimal_mark() -> str:
    """What stands before decimals: `.` or `,`."""
    mark: str = get_decimal_symbol(place.current().language)
    return mark


def _unbroken(words: object) -> str:
    return str(words).replace(" ", NO_BREAK)


def _dates(language: str) -> str:
    """English dates are written day first, with a 24-hour clock: our dealers are Europeans."""
    return "en_GB" if language == "en" else language
