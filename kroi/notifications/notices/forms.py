"""How somebody wants to hear of things, as they say it on a form."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from kroi.notifications.models import NoticeWishes
from kroi.notifications.notices import service
from kroi.notifications.notices.words import KINDS, WAYS
from kroi.notifications.rules import NoticeKind
from kroi.web.forms import Form

_CHOICES = [SelectChoice(way.value, words) for way, words in WAYS.items()]
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


def _way(kind: NoticeKind) -> SelectField:
    return SelectField(KINDS[kind], choices=_CHOICES, id=f"way-{kind.value.replace('_', '-')}")


class WishesForm(Form):
    """A way for each kind, and when mails wait."""

    new_lead = _way(NoticeKind.NEW_LEAD)
    assigned = _way(NoticeKind.ASSIGNED)
    answer = _way(NoticeKind.ANSWER)
    late = _way(NoticeKind.LATE)
    returned = _way(NoticeKind.RETURNED)
    mail_failed = _way(NoticeKind.MAIL_FAILED)
    quiet_from = TimeField(_l("No mails from"), [Optional()], id="quiet-from", format=["%H:%M", "%H:%M:%S"])
    quiet_until = TimeField(_l("until"), [Optional()], id="quiet-until", format=["%H:%M", "%H:%M:%S"])

    @classmethod
    def of(cls, wishes: NoticeWishes | None) -> "WishesForm":
        """The form as this person last saved it."""
        form = cls(data={kind.value: service.way_of(wishes, kind).value for kind in NoticeKind})
        for field, said in (
            (form.quiet_from, wishes and wishes.quiet_from),
            (form.quiet_until, wishes and wishes.quiet_until),
        ):
            field.raw_data = [said] if said else None
        return form

    def validate_quiet_until(self, field: TimeField) -> None:
        """Both times, or none."""
        if bool(field.data) != bool(self.quiet_from.data):
            field.errors = [*field.errors, _("Give both times, or none.")]
            raise ValueError(_("Give both times, or none."))

    def ways(self) -> dict[str, str]:
        """What was chosen for each kind."""
        return {kind.value: self[kind.value].data for kind in NoticeKind}

    def quiet(self) -> tuple[str | None, str | None]:
        """From when and until when, "22:00"."""
        if self.quiet_from.data is None or self.quiet_until.data is None:
            return None, None
        return f"{self.quiet_from.data:%H:%M}", f"{self.quiet_until.data:%H:%M}"
