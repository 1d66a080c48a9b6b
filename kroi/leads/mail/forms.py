"""What staff type to write to somebody, what the page of a lead shows for it, and templates as owners type them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from kroi.accounts.models import User
from kroi.core import clock
from kroi.dealerships.rules import Profile
from kroi.leads.clock import queries as response_clock
from kroi.leads.history.queries import Line
from kroi.leads.mail import queries, service, words
from kroi.leads.mail.models import Mail, ReplyTemplate
from kroi.leads.mail.rules import later, placeholders
from kroi.leads.models import Lead
from kroi.leads.rules import lines
from kroi.leads.visits import rules as visit_times
from kroi.web import filters
from kroi.web.forms import Form, SelectChoice
from kroi.web.place import NAMES

LATER = "later"
"""What the button for a mail that waits says (`do`), alone or with a moment after a colon."""
_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _known(form: Form, field: StringField) -> None:
    """Refuse a placeholder that is not on the list."""
    found = placeholders.unknown(field.data or "")
    if found:
        names = ", ".join(f"{{{name}}}" for name in placeholders.NAMES)
        raise ValidationError(
            _("There is no placeholder {%(name)s}. You can use %(names)s.", name=found[0], names=names)
        )


_SUBJECT = [
    DataRequired(_l("Write what it is about.")),
    Length(max=150, message=_l("At most 150 characters.")),
    _known,
]
_BODY = [DataRequired(_l("Write the mail first.")), Length(max=8000, message=_l("At most 8,000 characters.")), _known]


class ReplyForm(Form):
    """A mail about a lead. `draft` is made once for each form, so that one sent twice is one mail."""

    subject = StringField(_l("Subject"), _SUBJECT, id="mail-subject")
    text = TextAreaField(_l("E-mail"), _BODY, id="mail-text")
    draft = HiddenField(id="mail-draft")
    leaves = DateTimeLocalField(_l("Another time"), [Optional()], id="mail-leaves", format=_MOMENTS)
    values: Mapping[str, str] = {}

    @classmethod
    def new(cls, subject: str) -> "ReplyForm":
        """An empty mail."""
        return cls(data={"subject": subject, "text": "", "draft": secrets.token_hex(6)})

    def begin_with(self, template: ReplyTemplate) -> None:
        """Put a template's words in, filled in for this lead; what was typed stays below them."""
        body = placeholders.fill(template.body, self.values)
        self.subject.data = placeholders.fill(template.subject, self.values)
        self.text.data = "\n\n".join(filter(None, (body, (self.text.data or "").strip())))

    def validate_text(self, field: TextAreaField) -> None:
        """What cannot be filled in for this lead must not be sent in braces."""
        found = placeholders.missing(field.data or "", self.values)
        if found:
            raise ValidationError(_("For this lead there is nothing to put in for {%(name)s}.", name=found[0]))

    validate_subject = validate_text

    def leaves_at(self, do: str, zone: str) -> datetime | None:
        """When it is to leave, by the button that was pressed; `None` with what is wrong said beside the field."""
        try:
            return self._moment(do, zone)
        except ValidationError as wrong:
            self.leaves.errors = [str(wrong)]
            return None

    def _moment(self, do: str, zone: str) -> datetime:
        typed = self.leaves.data
        if do == LATER and typed is None:
            raise ValidationError(_("Give a date and a time."))
        moment = visit_times.read(do.removeprefix(f"{LATER}:"))
        if do == LATER and typed is not None and 2000 <= typed.year < 2100:
            moment = later.on_wall(typed, zone)
            if moment is None:
                raise ValidationError(_("The clocks are put forward that night: there is no such time."))
        if moment is None or not later.may_leave(moment, clock.now()):
            raise ValidationError(_("Give a time that is still to come, at most a year ahead."))
        return moment

    def written(self) -> tuple[str, str]:
        """Subject and text as they leave."""
        subject = placeholders.fill(lines.one_line(self.subject.data or ""), self.values)
        text = placeholders.fill(lines.many_lines(self.text.data or ""), self.values)
        return subject[:180], text


class TemplateForm(Form):
    """A text to begin answers with."""

    name = StringField(
        _l("Name"),
        [DataRequired(_l("Give it a name.")), Length(max=40, message=_l("At most 40 characters."))],
        id="template-name",
    )
    language = SelectField(
        _l("Language"), id="template-language", choices=[SelectChoice(*each) for each in NAMES.items()]
    )
    subject = StringField(_l("Subject"), _SUBJECT, id="template-subject")
    body = TextAreaField(_l("Text"), _BODY, id="template-body")

    def typed(self) -> tuple[str, str, str, str]:
        """Name, language, subject and text, cleaned."""
        return (
            lines.one_line(self.name.data or ""),
            self.language.data,
            lines.one_line(self.subject.data or ""),
            lines.many_lines(self.body.data or ""),
        )


def subject_after(mail: Mail | None, otherwise: str) -> str:
    """What an answer is called: like the mail that it answers."""
    if mail is None or not mail.subject:
        return otherwise
    return mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"[:150]


def moments(lead: Lead, profile: Profile) -> list[tuple[str, str]]:
    """Moments at which a mail may well leave, as a button's value and words."""
    now = clock.now()
    morning = later.tomorrow(profile.zone, now)
    found = {morning: _("Tomorrow %(time)s", time=filters.hour(morning))}
    opens = later.next_opening(response_clock.calendar_at(lead.location_id), now)
    if opens is not None:
        when = f"{filters.long_day(opens)} {filters.hour(opens)}"
        found.setdefault(opens, _("When we open: %(when)s", when=when))
    return [(f"{LATER}:{visit_times.write(moment)}", str(words)) for moment, words in found.items()]


@dataclass(frozen=True)
class MailDesk:
    """Needs no further query. `preview` is the mail as it would leave; `begun`: a template was just put in."""

    form: ReplyForm
    address: str | None
    templates: list[ReplyTemplate]
    preview: tuple[str, str] | None = None
    begun: bool = False
    later: Sequence[tuple[str, str]] = ()
    """Buttons for a mail that waits: value and words."""
    words = words


def desk(lead: Lead, profile: Profile, me: User, lines: Sequence[Line]) -> MailDesk:
    """A form to write the next mail, after what stands in the timeline."""
    came = (line.mail for line in lines if line.mail and words.came(line.mail))
    otherwise = lead.car.title if lead.car else str(_("Your question"))
    form = ReplyForm.new(subject_after(next(came, None), otherwise))
    form.values = words.values(lead, profile, me.name)
    return with_form(lead, profile, form)


def with_form(
    lead: Lead, profile: Profile, form: ReplyForm, *, preview: tuple[str, str] | None = None, begun: bool = False
) -> MailDesk:
    """The same with a form as it was typed."""
    templates = queries.list_templates_in(words.language_of(lead, profile), profile.language)
    return MailDesk(form, service.address_of(lead), templates, preview, begun, moments(lead, profile))
