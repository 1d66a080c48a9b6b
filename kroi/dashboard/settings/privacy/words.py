"""What is kept beside what an owner sets, why, and for how long, by the very numbers that the chores go by."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from kroi.accounts.door import service as door
from kroi.accounts.sessions import rules as sessions
from kroi.accounts.tickets import rules as tickets
from kroi.dealerships.rules.retention import BACKUPS_KEPT
from kroi.leads.own_page import rules as own_pages
from kroi.leads.privacy.retention import service as retention
from kroi.leads.wishes import photos
from kroi.notifications import rules as outbox
from kroi.notifications.notices import service as notices


@dataclass(frozen=True)
class Kept:
    """One kind of thing: what it is, what for, and until when."""

    what: str
    why: str
    until: str


def in_days(time: timedelta) -> str:
    """A length of time in whole days."""
    return str(ngettext("%(num)s day", "%(num)s days", time.days))


def also_kept() -> list[Kept]:
    """Everything about people that nobody sets, the shortest first, and what names nobody at the end."""
    return [
        Kept(_("Visitors of the shop, scrambled"), _("to count each once a day"), _("until the day is over")),
        Kept(
            _("Photos of a form that was never sent"),
            _("to show them in the form again"),
            in_days(photos.FORGOTTEN_AFTER),
        ),
        Kept(_("Tries to sign in, scrambled"), _("to stop guessing"), in_days(door.KEPT)),
        Kept(_("Sessions of the staff"), _("to stay signed in"), in_days(sessions.ABSOLUTE)),
        Kept(_("Messages that were sent, without their words"), _("to send each once"), in_days(outbox.KEPT)),
        Kept(_("Links for passwords, scrambled"), _("to use each once"), in_days(tickets.KEPT)),
        Kept(_("Backups"), _("to lose nothing; a restore erases again who was erased"), in_days(BACKUPS_KEPT)),
        Kept(_("Notices in the portal"), _("to see what happened"), in_days(notices.KEPT)),
        Kept(_("Keys of shoppers' own pages"), _("to read and answer"), in_days(own_pages.LIVES)),
        Kept(_("Marks of mails that came in, scrambled"), _("to take in each once"), in_days(retention.RECEIPTS_KEPT)),
        Kept(_("Audit, by numbers"), _("to prove who did what; names in it go with the person"), _("for good")),
        Kept(_("Statistics, without names"), _("to learn what sells"), _("for good")),
    ]
