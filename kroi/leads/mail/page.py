"""What the page of a lead shows of its mails: the form, and the templates it can begin with."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from kroi.accounts.models import User
from kroi.dealerships.rules import Profile
from kroi.leads.history.queries import Line
from kroi.leads.mail import queries, service, words
from kroi.leads.mail.forms import ReplyForm, subject_after
from kroi.leads.mail.models import ReplyTemplate
from kroi.leads.models import Lead


@dataclass(frozen=True)
class MailDesk:
    """Needs no further query. `preview` is subject and text as they would leave."""

    form: ReplyForm
    address: str | None
    templates: list[ReplyTemplate]
    preview: tuple[str, str] | None = None
    words = words


def desk(lead: Lead, profile: Profile, me: User, lines: Sequence[Line]) -> MailDesk:
    """A form to write the next mail, after what stands in the timeline."""
    came = (line.mail for line in lines if line.mail and words.came(line.mail))
    otherwise = lead.car.title if lead.car else str(_("Your question"))
    form = ReplyForm.new(subject_after(next(came, None), otherwise))
    form.values = words.values(lead, profile, me.name)
    return with_form(lead, profile, form)


def with_form(lead: Lead, profile: Profile, form: ReplyForm, preview: tuple[str, str] | None = None) -> MailDesk:
    """The same with a form as it was typed."""
    templates = queries.list_templates_in(words.language_of(lead, profile), profile.language)
    return MailDesk(form, service.address_of(lead), templates, preview)
