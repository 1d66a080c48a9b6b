"""How somebody wants to hear of things, as they say it on a form."""

from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TimeField
from wtforms.validators import Optional

from kroi.notifications.models import NoticeWishes
from kroi.notifications.notices import service
from kroi.notifications.notices.words import KINDS, WAYS
from kroi.notifications.rules import NoticeKind
from kroi.web.forms import Form, SelectChoice

_CHOICES = [SelectChoice(way.value, words) for way, words in WAYS.items()]


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
    quiet_until = TimeField(_l("No mails until"), [Optional()], id="quiet-until", format=["%H:%M", "%H:%M:%S"])

    @classmethod
    def of(cls, wishes: NoticeWishes | None) -> "WishesForm":
        """The form as this person last saved it."""
        data: dict[str, Any] = {kind.value: service.way_of(wishes, kind).value for kind in NoticeKind}
        for name, said in _quiet(wishes):
            data[name] = time.fromisoformat(said) if said else None
        return cls(data=data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, and both times or none."""
        fine = bool(super().validate(extra_validators))
        if fine and (self.quiet_from.data is None) != (self.quiet_until.data is None):
            self.quiet_until.errors = [_("Give both times, or none.")]
            return False
        return fine

    def ways(self) -> dict[str, str]:
        """What was chosen for each kind."""
        return {kind.value: self[kind.value].data for kind in NoticeKind}

    def quiet(self) -> tuple[str | None, str | None]:
        """From when and until when, "22:00"."""
        if self.quiet_from.data is None or self.quiet_until.data is None:
            return None, None
        return f"{self.quiet_from.data:%H:%M}", f"{self.quiet_until.data:%H:%M}"


def _quiet(wishes: NoticeWishes | None) -> tuple[tuple[str, str | None], ...]:
    if wishes is None:
        return ()
    return (("quiet_from", wishes.quiet_from), ("quiet_until", wishes.quiet_until))
