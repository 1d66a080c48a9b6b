"""What notices are called on screen and in mails."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.leads.models import Lead
from kroi.notifications.rules import NoticeKind, Way

KINDS = {
    NoticeKind.NEW_LEAD: _l("A new lead"),
    NoticeKind.ASSIGNED: _l("A lead is given to me"),
    NoticeKind.ANSWER: _l("Somebody writes back"),
    NoticeKind.LATE: _l("The time to answer runs out"),
    NoticeKind.RETURNED: _l("A lead is taken back"),
    NoticeKind.MAIL_FAILED: _l("My e-mail does not arrive"),
}
WAYS = {
    Way.BOTH: _l("E-mail and portal"),
    Way.EMAIL: _l("E-mail"),
    Way.PORTAL: _l("Portal"),
    Way.NONE: _l("Not at all"),
}


def line(kind: NoticeKind, lead: Lead | None) -> str:
    """What happened, in one sentence."""
    name = lead.name if lead else "–"
    said = {
        NoticeKind.NEW_LEAD: _("New lead: %(name)s", name=name),
        NoticeKind.ASSIGNED: _("This lead is yours now: %(name)s", name=name),
        NoticeKind.ANSWER: _("%(name)s wrote back", name=name),
        NoticeKind.LATE: _("The time to answer runs out: %(name)s", name=name),
        NoticeKind.RETURNED: _("Nobody has this lead now: %(name)s", name=name),
        NoticeKind.MAIL_FAILED: _("Your e-mail did not arrive: %(name)s", name=name),
    }
    return str(said[kind])
