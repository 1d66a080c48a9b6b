"""What staff type about a lead."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from kroi.accounts.models import User
from kroi.leads.words import LOST_REASONS, OUTCOMES
from kroi.web import place
from kroi.web.forms import Form


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


class TaskForm(Form):
    """Something to do about a lead, and by when in the dealership's time."""

    text = StringField(
        _l("What to do"),
        [DataRequired(_l("Write what is to be done.")), Length(max=300, message=_l("At most 300 characters."))],
        id="task-text",
    )
    due = DateTimeLocalField(
        _l("By"),
        [InputRequired(_l("Give a date and a time."))],
        id="task-due",
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def validate_due(self, field: DateTimeLocalField) -> None:
        """A year of our time: at both ends of the calendar other zones fall off it."""
        if field.data is not None and not 2000 <= field.data.year < 2100:
            raise ValidationError(_l("Give a date of this century."))

    def due_at(self) -> datetime:
        """When it is due, in UTC."""
        assert self.due.data is not None
        return self.due.data.replace(tzinfo=ZoneInfo(place.current().zone)).astimezone(UTC)


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
