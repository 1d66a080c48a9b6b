"""What an owner types about the house: name and address, hours, days that differ, how soon to answer."""

import re
import zoneinfo
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

import email_validator
from babel import Locale
from babel.dates import get_day_names
from babel.numbers import is_currency
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from kroi.catalogue.places import queries as places
from kroi.dashboard.settings import rules
from kroi.dashboard.settings.rules import Hours
from kroi.dealerships.rules import Profile
from kroi.dealerships.rules.hours import WEEKDAYS
from kroi.dealerships.rules.places import Place
from kroi.leads.assignment.rules.shifts import NotHours, in_words, parse_day
from kroi.leads.clock.rules import Targets
from kroi.web import place
from kroi.web.forms import Form, SelectChoice
from kroi.web.place import LANGUAGES, NAMES

SPARE_ROWS = 3
_MOST_ROWS = 200
_COUNTRY = re.compile(r"[A-Z]{2}")
_LONGEST = 1440  # minutes
_LANGUAGES = [SelectChoice(each, NAMES[each]) for each in LANGUAGES]
_NOT_HOURS = _l("Write hours such as 9–17 or 9:00–12:00, 13:00–18:00, or nothing when it is closed")


def _too_long(most: int) -> Length:
    return Length(max=most, message=_l("That is too long"))


def _address(form: Form, field: EmailField) -> None:
    try:
        email_validator.validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError:
        raise ValidationError(_("This e-mail address has a typing error, check it once more")) from None


def _zone(form: Form, field: StringField) -> None:
    if field.data not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no such time zone; it is called like Europe/Helsinki"))


def _currency(form: Form, field: StringField) -> None:
    if not is_currency(field.data or ""):
        raise ValidationError(_("There is no such currency; it has three letters, like EUR"))


def _hours(form: Form, field: StringField) -> None:
    try:
        parse_day(field.data or "")
    except NotHours:
        raise ValidationError(str(_NOT_HOURS)) from None


def _known_cars(form: Form, field: TextAreaField) -> None:
    wanted = rules.numbers(field.data or "")
    known = places.list_car_ids(wanted)
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise ValidationError(_("There is no car of number %(numbers)s", numbers=", ".join(unknown[:5])))


class ProfileForm(Form):
    """Who the dealership is, and what its pages speak."""

    name = StringField(_l("Name"), [DataRequired(_l("A dealership needs a name")), _too_long(120)])
    phone = TelField(_l("Phone"), [_too_long(40)])
    email = EmailField(_l("E-mail"), [Optional(), _too_long(254), _address])
    street = StringField(_l("Street"), [_too_long(120)])
    postal_code = StringField(_l("Postal code"), [_too_long(20)])
    city = StringField(_l("City"), [_too_long(80)])
    country = SelectField(_l("Country"))
    time_zone = StringField(_l("Time zone"), [_zone])
    currency = StringField(_l("Currency"), [_currency])
    language = SelectField(_l("Language"), choices=_LANGUAGES)
    languages = SelectMultipleField(
        _l("The pages also speak"),
        choices=_LANGUAGES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale.parse(place.current().language).territories.items()
        countries = sorted((name, code) for code, name in names if _COUNTRY.fullmatch(code))
        self.country.choices = [SelectChoice(code, name) for name, code in countries]

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """The form as things are."""
        return cls(obj=profile, data={"time_zone": profile.zone, "languages": profile.languages})

    def values(self) -> dict[str, object]:
        """What was typed, by column."""
        texts = ("name", "phone", "email", "street", "postal_code", "city", "country", "time_zone", "currency")
        spoken = [self.language.data, *(self.languages.data or ())]
        found: dict[str, object] = {name: self[name].data or "" for name in texts}
        return found | {"language": self.language.data, "languages": list(dict.fromkeys(spoken))}


class WeekForm(Form):
    """An ordinary week: what is open on each weekday, as people write hours."""

    day0 = StringField(validators=[_hours])
    day1 = StringField(validators=[_hours])
    day2 = StringField(validators=[_hours])
    day3 = StringField(validators=[_hours])
    day4 = StringField(validators=[_hours])
    day5 = StringField(validators=[_hours])
    day6 = StringField(validators=[_hours])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = get_day_names("wide", "stand-alone", locale=place.current().language)
        for day, field in enumerate(self):
            field.label.text = str(names[day]).capitalize()

    @classmethod
    def of(cls, hours: Hours) -> Self:
        """The form as things are."""
        return cls(data={f"day{day}": in_words(hours.get(str(day), [])) for day in WEEKDAYS})

    def hours(self) -> Hours:
        """What was typed, as it is stored."""
        typed = {str(day): parse_day(self[f"day{day}"].data or "") for day in WEEKDAYS}
        return {day: spans for day, spans in typed.items() if spans}


class DayForm(Form):
    """One day that differs: nothing typed means closed."""

    date = DateField(_l("Day"), [Optional()])
    hours = StringField(_l("Open"), [_hours])


class DaysForm:
    """The days that differ, one row each, and some empty rows. A row without a date is no day."""

    def __init__(self, rows: list[DayForm]) -> None:
        self.rows = rows

    @classmethod
    def of(cls, special: Hours) -> Self:
        """The form as things are."""
        typed: list[tuple[date | None, str]] = [
            (date.fromisoformat(day), in_words(spans)) for day, spans in special.items()
        ]
        typed += [(None, "")] * SPARE_ROWS
        return cls(
            [DayForm(prefix=f"d{at}-", data={"date": day, "hours": hours}) for at, (day, hours) in enumerate(typed)]
        )

    @classmethod
    def submitted(cls) -> Self:
        """The form as this request sent it."""
        found = range(_MOST_ROWS)
        return cls([DayForm(request.form, prefix=f"d{at}-") for at in found if f"d{at}-date" in request.form])

    def validate(self) -> bool:
        """Every row by itself, and no day twice."""
        fine = [row.validate() for row in self.rows].count(False) == 0
        seen: set[date] = set()
        for row in self.rows:
            if row.hours.data and row.date.data is None and not row.date.errors:
                row.date.errors = [_("Say which day")]
                fine = False
            if row.date.data in seen and row.date.data is not None:
                row.date.errors = [_("This day stands here twice")]
                fine = False
            if row.date.data:
                seen.add(row.date.data)
        return fine

    def mistakes(self) -> list[tuple[str, str]]:
        """Every message with the id of its field."""
        return [each for row in self.rows for each in row.mistakes()]

    def special(self) -> Hours:
        """What was typed, as it is stored."""
        return {row.date.data.isoformat(): parse_day(row.hours.data or "") for row in self.rows if row.date.data}


def _minutes(label: str) -> IntegerField:
    wanted = _l("Give whole minutes, from 1 to 1,440")
    return IntegerField(label, [InputRequired(wanted), NumberRange(1, _LONGEST, wanted)])


class AnswersForm(Form):
    """How soon a question is to be answered, and what happens when it is not; minutes of opening time."""

    answer = _minutes(_l("Answer within"))
    give_back = _minutes(_l("Back to the pool after"))
    tell = _minutes(_l("Tell the managers after"))

    @classmethod
    def of(cls, targets: Targets) -> Self:
        """The form as things are."""
        return cls(obj=targets)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, and one step after the other."""
        if not super().validate(extra_validators):
            return False
        for earlier, later in ((self.answer, self.give_back), (self.give_back, self.tell)):
            if (later.data or 0) <= (earlier.data or 0):
                later.errors = [_("This comes later than the step before it")]
                return False
        return True

    def targets(self) -> dict[str, int]:
        """What was typed, as it is stored."""
        return {field.name: int(field.data) for field in self}


class PlaceForm(Form):
    """A location beside the main one, without its hours."""

    name = StringField(_l("Name"), [DataRequired(_l("A location needs a name")), _too_long(80)], id="place-name")
    street = StringField(_l("Street"), [_too_long(120)], id="place-street")
    postal_code = StringField(_l("Postal code"), [_too_long(20)], id="place-postal-code")
    city = StringField(_l("City"), [_too_long(80)], id="place-city")
    phone = TelField(_l("Phone"), [_too_long(40)], id="place-phone")
    cars = TextAreaField(_l("Cars that stand there"), [_known_cars], id="place-cars")

    @classmethod
    def of(cls, place: Place, stock_numbers: Iterable[str]) -> Self:
        """The form as things are."""
        return cls(obj=place, data={"cars": ", ".join(stock_numbers)})

    def place(self, location_id: int, hours: Hours, special: Hours) -> Place:
        """What was typed."""
        texts = {name: self[name].data or "" for name in ("name", "street", "postal_code", "city", "phone")}
        return Place(**texts, hours=hours, special=special, id=location_id)

    def stock_numbers(self) -> list[str]:
        """The cars that were named."""
        return rules.numbers(self.cars.data or "")
