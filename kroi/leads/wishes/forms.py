"""What a shopper types beyond a message. Only what belongs to the chosen interest is looked at, none is needed."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, MultipleFileField, SelectField, StringField
from wtforms.validators import StopValidation, ValidationError

from kroi.core import clock
from kroi.leads.rules import CallTime, Condition, Interest, OwnCar, OwnPhoto, Wish, lines
from kroi.leads.visits import rules as visits
from kroi.leads.visits.rules import Slot
from kroi.leads.wishes.words import CALL_TIMES, CONDITIONS
from kroi.web import filters
from kroi.web.forms import SelectChoice

MOST_PHOTOS = 6
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOST_MONTHS, _FIRST_YEAR, _MOST_KM, _MOST_EUROS = 120, 1900, 2_000_000, 10_000_000
Check = Callable[[Form, Field], None]


def number(typed: str | None) -> int | None:
    """A whole number as people write it, such as `120 000 km` or `€5,000`; `None` when it is none."""
    bare = re.sub(r"[\s.,'€]|km$", "", (typed or "").strip().lower())
    return int(bare) if _NUMBER.fullmatch(bare) else None


def _for(interest: Interest) -> Check:
    """What was typed for another interest is not looked at."""

    def check(form: Form, field: Field) -> None:
        if form["interest"].data != interest or not field.data:
            field.errors = []
            raise StopValidation()

    return check


def _short(most: int) -> Check:
    def check(form: Form, field: Field) -> None:
        if len(field.data) > most:
            raise ValidationError(_("That is too long: at most %(most)s characters", most=most))

    return check


def _whole(most: int) -> Check:
    def check(form: Form, field: Field) -> None:
        found = number(field.data)
        if found is None or found > most:
            raise ValidationError(_("Give a whole number, at most %(most)s", most=filters.number(most)))

    return check


def _year(form: Form, field: Field) -> None:
    found = number(field.data)
    if found is None or not _FIRST_YEAR <= found <= clock.now().year + 1:
        raise ValidationError(_("Give the year with four digits, such as 2016"))


def _slot(form: Form, field: Field) -> None:
    if visits.read(field.data) is None:
        raise ValidationError(_("Choose one of these times"))


def _one_of(kind: type[CallTime] | type[Condition]) -> Check:
    def check(form: Form, field: Field) -> None:
        if field.data not in list(kind):
            raise ValidationError(_("Choose one of these"))

    return check


def _time(slot: Slot) -> SelectChoice:
    starts = slot.starts_at
    return SelectChoice(visits.write(starts), filters.hour(starts), {}, filters.long_day(starts))


def _choices(words: Mapping[Any, Any], empty: str) -> list[SelectChoice]:
    return [SelectChoice("", empty), *(SelectChoice(each.value, said) for each, said in words.items())]


class WishFields:
    """The fields that a form of inquiry has beside name, contact and message."""

    slot = SelectField(
        _l("When would you like to drive it?"),
        [_for(Interest.TEST_DRIVE), _slot],
        choices=[],
        default="",
        validate_choice=False,
        id="ask-slot",
    )
    make = StringField(_l("Make of your car"), [_for(Interest.TRADE_IN), _short(60)], id="ask-make")
    model = StringField(_l("Model"), [_for(Interest.TRADE_IN), _short(60)], id="ask-model")
    year = StringField(_l("Year"), [_for(Interest.TRADE_IN), _year], id="ask-year")
    mileage = StringField(_l("Mileage, km"), [_for(Interest.TRADE_IN), _whole(_MOST_KM)], id="ask-mileage")
    plate = StringField(_l("Licence plate"), [_for(Interest.TRADE_IN), _short(12)], id="ask-plate")
    condition = SelectField(
        _l("Condition"),
        [_for(Interest.TRADE_IN), _one_of(Condition)],
        choices=_choices(CONDITIONS, "–"),
        default="",
        validate_choice=False,
        id="ask-condition",
    )
    photos = MultipleFileField(_l("Photos of your car"), id="ask-photos")
    kept = HiddenField(id="ask-kept")
    down = StringField(_l("Down payment"), [_for(Interest.FINANCE), _whole(_MOST_EUROS)], id="ask-down")
    months = StringField(_l("Months"), [_for(Interest.FINANCE), _whole(_MOST_MONTHS)], id="ask-months")
    call_time = SelectField(
        _l("When may we call?"),
        [_for(Interest.CALL_BACK), _one_of(CallTime)],
        choices=_choices(CALL_TIMES, _l("Any time")),
        default="",
        validate_choice=False,
        id="ask-call-time",
    )
    looking_for = StringField(_l("What are you looking for?"), [_for(Interest.NOTIFY), _short(200)], id="ask-looking")
    most = StringField(_l("Price at most"), [_for(Interest.NOTIFY), _whole(_MOST_EUROS)], id="ask-most")

    def offer_slots(self, slots: Iterable[Slot]) -> None:
        """Show these times by day; the one that was chosen stays chosen if it is still among them."""
        times = [_time(slot) for slot in slots]
        none = SelectChoice("", str(_("We agree on a time together")))
        self.slot.choices = [none, *times] if times or self.slot.errors else []
        if self.slot.data not in [each.value for each in times]:
            self.slot.data = ""

    def prefill(self, asked: Mapping[str, str]) -> None:
        """Take over what the calculator's link says. What is no number is as if it were not said."""
        for field, name in ((self.down, "down"), (self.months, "months")):
            field.data = asked[name] if _NUMBER.fullmatch(asked.get(name, "")) else field.data

    def wish(self, photos: tuple[OwnPhoto, ...] = ()) -> Wish:
        """What was asked for. Call it on a form that was found to be in order."""
        interest = self["interest"].data  # type: ignore[index]  # not in its stubs
        if interest == Interest.TEST_DRIVE:
            return Wish(slot=visits.read(self.slot.data or ""))
        if interest == Interest.TRADE_IN:
            return Wish(own_car=self._own_car(photos))
        if interest == Interest.FINANCE:
            return Wish(down_cents=_cents(self.down.data), months=number(self.months.data))
        if interest == Interest.CALL_BACK:
            return Wish(call_time=CallTime(self.call_time.data) if self.call_time.data else None)
        if interest == Interest.NOTIFY:
            looking_for = lines.one_line(self.looking_for.data or "")
            return Wish(looking_for=looking_for, most_cents=_cents(self.most.data))
        return Wish()

    def _own_car(self, photos: tuple[OwnPhoto, ...]) -> OwnCar:
        return OwnCar(
            make=lines.one_line(self.make.data or ""),
            model=lines.one_line(self.model.data or ""),
            year=number(self.year.data),
            mileage_km=number(self.mileage.data),
            plate=lines.one_line(self.plate.data or ""),
            condition=Condition(self.condition.data) if self.condition.data else None,
            photos=photos,
        )


def _cents(typed: str | None) -> int | None:
    euros = number(typed)
    return None if euros is None else euros * 100
