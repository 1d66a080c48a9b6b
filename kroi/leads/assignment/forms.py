"""What may be typed about the round, about somebody's part in it, and about when they are away."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from kroi.leads.assignment import words
from kroi.leads.assignment.editing import PartWanted, RoundWanted
from kroi.leads.assignment.queries import Standing
from kroi.leads.assignment.rules import shifts
from kroi.leads.assignment.rules.shifts import NotHours
from kroi.web import place
from kroi.web.forms import Form, SelectChoice

_MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _number(label: str, least: int, most: int, message: str) -> IntegerField:
    checks = [InputRequired(_l("Give a number.")), NumberRange(least, most, message)]
    return IntegerField(label, checks)


class RoundForm(Form):
    """Whether the round gives leads, and by which numbers."""

    is_on = BooleanField(_l("Give new leads in turn"))
    minutes = _number(_l("Opening minutes to act in"), 5, 600, _l("From 5 to 600 minutes."))
    most_hands = _number(_l("People that one lead is given to"), 1, 10, _l("From 1 to 10 people."))
    most_turns = _number(_l("Turns to catch up at most"), 1, 9, _l("From 1 to 9 turns."))
    most_unanswered = IntegerField(
        _l("Unanswered leads at once"), [Optional(), NumberRange(1, 100, _l("From 1 to 100 leads."))]
    )

    def wanted(self) -> RoundWanted:
        """What was typed, once it is valid."""
        return RoundWanted(
            is_on=bool(self.is_on.data),
            minutes=self.minutes.data or 0,
            most_hands=self.most_hands.data or 0,
            most_turns=self.most_turns.data or 0,
            most_unanswered=self.most_unanswered.data,
        )


def _day(label: str) -> StringField:
    return StringField(label, [_hours])


def _hours(form: Form, field: Field) -> None:
    try:
        shifts.parse_day(field.data or "")
    except NotHours:
        raise ValidationError(_l("Write hours like 9–17 or 9:00–13:00, 14:00–18:00.")) from None


class PartForm(Form):
    """How somebody takes part in the round."""

    takes_part = BooleanField(_l("Takes part in the round"))
    cap = IntegerField(
        _l("Open leads at most"),
        [InputRequired(_l("Give a number.")), NumberRange(1, 500, _l("From 1 to 500 leads."))],
    )
    languages = SelectMultipleField(_l("Speaks"), choices=[])
    whose = RadioField(
        _l("Hours"),
        choices=[SelectChoice("house", _l("When we are open")), SelectChoice("own", _l("Own hours"))],
        default="house",
    )
    day_0 = _day(_l("Monday"))
    day_1 = _day(_l("Tuesday"))
    day_2 = _day(_l("Wednesday"))
    day_3 = _day(_l("Thursday"))
    day_4 = _day(_l("Friday"))
    day_5 = _day(_l("Saturday"))
    day_6 = _day(_l("Sunday"))

    @classmethod
    def about(cls, standing: Standing, languages: Sequence[str]) -> "PartForm":
        """The form as somebody's part is now. `languages` are those that there are to speak."""
        form = cls(
            data={
                "takes_part": standing.takes_part,
                "cap": standing.cap,
                "languages": list(standing.languages),
                "whose": "own" if standing.own_hours else "house",
            }
            | {f"day_{day}": shifts.in_words(standing.hours.get(str(day), [])) for day in range(7)}
        )
        return form.offering(languages)

    def offering(self, languages: Sequence[str]) -> "PartForm":
        """The same with these languages to choose from."""
        self.languages.choices = [SelectChoice(code, words.language(code)) for code in languages]
        return self

    def days(self) -> list[Field]:
        """The fields of the seven days, Monday first."""
        return [self[f"day_{day}"] for day in range(7)]

    def wanted(self) -> PartWanted:
        """What was typed, once it is valid."""
        typed = {str(day): shifts.parse_day(field.data or "") for day, field in enumerate(self.days())}
        own = {day: found for day, found in typed.items() if found}
        return PartWanted(
            takes_part=bool(self.takes_part.data),
            cap=self.cap.data or 0,
            languages=list(self.languages.data or []),
            hours=own if self.whose.data == "own" else None,
        )


class AbsenceForm(Form):
    """From when and until when somebody is away, by the dealership's clock."""

    start = DateTimeLocalField(_l("Away from"), [InputRequired(_l("Give a date and a time."))], format=_MOMENT)
    end = DateTimeLocalField(_l("Back at"), [InputRequired(_l("Give a date and a time."))], format=_MOMENT)

    def validate_start(self, field: DateTimeLocalField) -> None:
        """A year of our time: at both ends of the calendar other zones fall off it."""
        if field.data is not None and not 2000 <= field.data.year < 2100:
            raise ValidationError(_l("Give a date of this century."))

    validate_end = validate_start

    def moments(self) -> tuple[datetime, datetime]:
        """Both, in UTC."""
        return _utc(self.start.data), _utc(self.end.data)


def _utc(wall: datetime | None) -> datetime:
    assert wall is not None
    return wall.replace(tzinfo=ZoneInfo(place.current().zone)).astimezone(UTC)
