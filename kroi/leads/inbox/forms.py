"""What staff type about a lead, and the words for what they see."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from kroi.accounts.models import User
from kroi.leads.rules import CallOutcome, Interest, LeadStatus, LostReason, Priority, Source
from kroi.web import place
from kroi.web.forms import Form

STATUSES = {
    LeadStatus.NEW: _l("New"),
    LeadStatus.CONTACTED: _l("Contacted"),
    LeadStatus.QUALIFIED: _l("Qualified"),
    LeadStatus.APPOINTMENT: _l("Appointment"),
    LeadStatus.NEGOTIATING: _l("Negotiating"),
    LeadStatus.WON: _l("Won"),
    LeadStatus.LOST: _l("Lost"),
    LeadStatus.SPAM: _l("Spam"),
}
PRIORITIES = {
    Priority.URGENT: _l("Urgent"),
    Priority.HIGH: _l("High"),
    Priority.NORMAL: _l("Normal"),
    Priority.LOW: _l("Low"),
}
LOST_REASONS = {
    LostReason.BOUGHT_ELSEWHERE: _l("bought elsewhere"),
    LostReason.PRICE: _l("price"),
    LostReason.FINANCE_REFUSED: _l("finance refused"),
    LostReason.CAR_SOLD: _l("car was sold"),
    LostReason.NO_ANSWER: _l("no answer"),
    LostReason.NOT_SERIOUS: _l("not serious"),
    LostReason.OTHER: _l("another reason"),
}
SOURCES = {
    Source.WEBSITE_CAR: _l("car page"),
    Source.WEBSITE_CONTACT: _l("contact page"),
    Source.PHONE: _l("phone"),
    Source.WALK_IN: _l("walk-in"),
    Source.EMAIL: _l("e-mail"),
    Source.ADF: _l("ADF"),
    Source.MARKETPLACE: _l("marketplace"),
}
INTERESTS = {
    Interest.QUESTION: _l("Question"),
    Interest.TEST_DRIVE: _l("Test drive"),
    Interest.TRADE_IN: _l("Trade-in"),
    Interest.FINANCE: _l("Finance"),
    Interest.CALL_BACK: _l("Call back"),
    Interest.NOTIFY: _l("Tell me about the next one"),
}
OUTCOMES = {
    CallOutcome.REACHED: _l("Reached"),
    CallOutcome.NO_ANSWER: _l("No answer"),
    CallOutcome.LEFT_MESSAGE: _l("Left a message"),
}


class NoteForm(Form):
    """Something to remember about a lead."""

    text = TextAreaField(
        _l("Note"),
        [InputRequired(_l("Write the note first.")), Length(max=4000, message=_l("At most 4,000 characters."))],
    )


class CallForm(Form):
    """How a call went."""

    outcome = RadioField(
        _l("How did the call go?"),
        [InputRequired(_l("Choose how the call went."))],
        choices=[(each.value, words) for each, words in OUTCOMES.items()],
        validate_choice=True,
    )


class TaskForm(Form):
    """Something to do about a lead, and by when in the dealership's time."""

    text = StringField(
        _l("What to do"),
        [InputRequired(_l("Write what is to be done.")), Length(max=300, message=_l("At most 300 characters."))],
    )
    due = DateTimeLocalField(
        _l("By"),
        [InputRequired(_l("Give a date and a time."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def due_at(self) -> datetime:
        """When it is due, in UTC."""
        assert self.due.data is not None
        return self.due.data.replace(tzinfo=ZoneInfo(place.current().zone)).astimezone(UTC)


class LostForm(Form):
    """Why nothing came of it."""

    reason = SelectField(
        _l("Why?"), choices=[("", _l("Choose")), *((each.value, words) for each, words in LOST_REASONS.items())]
    )


class AssignForm(Form):
    """Whose lead it is."""

    user = SelectField(_l("Whose"), choices=[])

    @classmethod
    def among(cls, staff: Sequence[User], chosen: int | None) -> "AssignForm":
        """The form with these people to choose from."""
        form = cls(data={"user": str(chosen or "")})
        form.user.choices = [("", _l("Nobody yet")), *((str(each.id), each.name) for each in staff)]
        return form
