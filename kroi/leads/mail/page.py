"""What the page of a lead shows of its mails: the form, the templates, and each mail of the timeline."""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from kroi.accounts.models import User
from kroi.dealerships.rules import Profile
from kroi.leads.mail import queries, service, words
from kroi.leads.mail.forms import ReplyForm, subject_after
from kroi.leads.mail.models import Mail, ReplyTemplate
from kroi.leads.models import Lead


@dataclass(frozen=True)
class MailDesk:
    """Needs no further query. `preview` is subject and text as they would leave."""

    form: ReplyForm
    address: str | None
    mails: dict[int, Mail] = field(default_factory=dict)
    templates: list[ReplyTemplate] = field(default_factory=list)
    preview: tuple[str, str] | None = None
    words = words


def desk(
    lead: Lead, profile: Profile, me: User, form: ReplyForm | None = None, preview: tuple[str, str] | None = None
) -> MailDesk:
    """The mails of a lead, and a form to write the next one."""
    mails = queries.map_mails(lead.id)
    language = words.language_of(lead, profile)
    return MailDesk(
        form=form or empty_form(lead, profile, me, mails),
        address=service.address_of(lead),
        mails=mails,
        templates=queries.list_templates_in(language, profile.language),
        preview=preview,
    )


def empty_form(lead: Lead, profile: Profile, me: User, mails: dict[int, Mail] | None = None) -> ReplyForm:
    """A mail that nobody has typed into."""
    came = [mail for mail in (mails or {}).values() if words.came(mail)]
    last = max(came, key=lambda mail: (mail.at, mail.id), default=None)
    otherwise = lead.car.title if lead.car else str(_("Your question"))
    form = ReplyForm.new(subject_after(last, otherwise))
    form.values = words.values(lead, profile, me.name)
    return form
