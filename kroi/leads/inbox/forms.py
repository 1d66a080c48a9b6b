"""What staff type about a lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from kroi.accounts.models import User
from kroi.core import clock
from kroi.leads import forms as asking
from kroi.leads.rules import InquiryDraft, Interest, Source, lines
from kroi.leads.words import INTERESTS, LOST_REASONS, OUTCOMES, SOURCES
from kroi.web import filters, place
from kroi.web.forms import Form, SelectChoice

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
_MORNING, _AFTERNOON = time(9), time(16)


@dataclass(frozen=True)
class ViewRefused:
    """A name that no view can have, as it was typed, and why; `view_id` is the view that was to be renamed."""

    view_id: int | None
    name: str
    sentence: str


class NoteForm(Form):
    """Something to remember about a lead."""

    text = TextAreaField(
        _l("Note"),
        [DataRequired(_l("Write the note first.")), Length(max=4000, message=_l("At most 4,000 characters."))],
        id="note-text",
    )


class CallForm(Form):
    """How a call went."""

    outcome = RadioField(
        _l("How did the call go?"),
        [InputRequired(_l("Choose how the call went."))],
        choices=[SelectChoice(each.value, words) for each, words in OUTCOMES.items()],
        id="call-outcome",
    )


class _Due(DateTimeLocalField):
    """A time that is typed, or named by the button that was pressed, which stands after the field."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """The last one counts, and is shown again if something is wrong."""
        self.raw_data = valuelist[-1:]
        super().process_formdata(valuelist[-1:])


class TaskForm(Form):
    """Something to do about a lead, and by when in the dealership's time. `task_id`: of one that is changed."""

    task_id: int | None = None

    text = StringField(
        _l("What to do"),
        [DataRequired(_l("Write what is to be done.")), Length(max=300, message=_l("At most 300 characters."))],
        id="task-text",
    )
    due = _Due(
        _l("By"),
        [InputRequired(_l("Give a date and a time."))],
        id="task-due",
        format=_FORMATS,
    )

    @classmethod
    def planned(cls) -> Self:
        """An empty one for tomorrow morning."""
        return cls(data={"due": _ahead(1, _MORNING)})

    @classmethod
    def changing(cls, task_id: int) -> Self:
        """What was sent to change one that is planned; its fields have names of their own on the page."""
        form = cls.submitted()
        form.task_id, form.text.id, form.due.id = task_id, f"task-text-{task_id}", f"task-due-{task_id}"
        return form

    def sooner_or_later(self) -> list[tuple[str, str]]:
        """Other times, one press away: in words, and as the field holds them."""
        at, day = _ahead(0, _AFTERNOON), _ahead(7, _MORNING)
        still = clock.local(clock.now(), place.current().zone).time() < _AFTERNOON
        today = [(_("Today at %(time)s", time=filters.hour(_utc(at))), at)] if still else []
        return [(words, when.strftime(_FORMATS[0])) for words, when in [*today, (_("In a week"), day)]]

    def validate_due(self, field: DateTimeLocalField) -> None:
        """A year of our time: at both ends of the calendar other zones fall off it."""
        if field.data is not None and not 2000 <= field.data.year < 2100:
            raise ValidationError(_l("Give a date of this century."))

    def due_at(self) -> datetime:
        """When it is due, in UTC."""
        assert self.due.data is not None
        return _utc(self.due.data)


def _ahead(days: int, at: time) -> datetime:
    """A time of a day to come, as a clock on the dealership's wall says it."""
    return datetime.combine(clock.today(place.current().zone) + timedelta(days=days), at)


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo(place.current().zone)).astimezone(UTC)


class LostForm(Form):
    """Why nothing came of it."""

    reason = SelectField(
        _l("Why?"),
        id="lost-reason",
        choices=[
            SelectChoice("", _l("Choose")),
            *(SelectChoice(each.value, words) for each, words in LOST_REASONS.items()),
        ],
    )


class AssignForm(Form):
    """Whose lead it is."""

    user = SelectField(_l("Whose"), id="assign-user", choices=[])

    @classmethod
    def among(cls, staff: Sequence[User], chosen: int | None) -> "AssignForm":
        """The form with these people to choose from."""
        form = cls(data={"user": str(chosen or "")})
        form.user.choices = [
            SelectChoice("", _l("Nobody yet")),
            *(SelectChoice(str(each.id), each.name) for each in staff),
        ]
        return form


class WalkInForm(Form):
    """Somebody asked in person or on the phone: a name, a way to reach them, and what they want."""

    name = StringField(_l("Name"), [InputRequired(_l("Write the name first.")), Length(max=120)], id="walk-name")
    phone = TelField(_l("Phone"), [Optional(), Length(max=40), asking.check_phone], id="walk-phone")
    email = EmailField(_l("E-mail"), [Optional(), Length(max=254), asking.check_email], id="walk-email")
    car = StringField(_l("Car"), [Optional(), Length(max=200)], id="walk-car")
    interest = SelectField(
        _l("Wish"), id="walk-interest", choices=[SelectChoice(each.value, words) for each, words in INTERESTS.items()]
    )
    source = SelectField(
        _l("How they came"),
        id="walk-source",
        choices=[SelectChoice(each.value, SOURCES[each]) for each in (Source.WALK_IN, Source.PHONE, Source.EMAIL)],
    )
    note = TextAreaField(_l("What they said"), [Length(max=4000)], id="walk-note")

    def validate(self, extra_validators: object = None) -> bool:
        """Every field by itself, and one way to answer."""
        fine = bool(super().validate(extra_validators))  # type: ignore[arg-type]  # passed on
        if not self.phone.data and not self.email.data:
            self.phone.errors = [_("Give a phone number or an e-mail address.")]
            return False
        return fine

    def draft(self) -> InquiryDraft:
        """What was typed, as an inquiry."""
        return InquiryDraft(
            name=lines.one_line(self.name.data or ""),
            email=asking.normalised(self.email.data),
            phone=lines.one_line(self.phone.data or "") or None,
            message=lines.many_lines(self.note.data or ""),
            interest=Interest(self.interest.data),
        )
