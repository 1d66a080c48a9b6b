"""What is looked for in the record of who did what."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from kroi.accounts.audit.deeds import ACTIONS, THINGS
from kroi.accounts.audit.queries import Wanted
from kroi.core import clock
from kroi.web.forms import Form, SelectChoice


def _any(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Anything")), *(SelectChoice(name, word) for name, word in words.items())]


class AuditForm(Form):
    """Filters; each may be left out."""

    who = SelectField(_l("Who"), validate_choice=False, default="")
    what = SelectField(_l("What"), choices=_any(ACTIONS), validate_choice=False, default="")
    thing = SelectField(_l("To what"), choices=_any(THINGS), validate_choice=False, default="")
    number = IntegerField(_l("Its number"), [Optional(), NumberRange(1, 10**18)])
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])

    def may_be_by(self, people: Iterable[tuple[int, str]]) -> None:
        """Whom one may look for: these people (id and name), and nobody of the staff."""
        named = [SelectChoice(str(user_id), name) for user_id, name in people]
        self.who.choices = [SelectChoice("", _l("Anybody")), SelectChoice("0", _l("Nobody of the staff")), *named]

    def wanted(self, zone: str) -> Wanted:
        """What to look for; what makes no sense is left out. Days are those of `zone`, both included."""
        self.validate()
        who = self.who.data or ""
        since, until = (None if field.errors else field.data for field in (self.since, self.until))
        return Wanted(
            actor_id=int(who) if who.isascii() and who.isdigit() and len(who) < 19 else None,
            action=self.what.data or "",
            subject_kind=self.thing.data or "",
            subject_id=None if self.number.errors else self.number.data,
            since=clock.start_of_day(since, zone) if since and since.year > 1 else None,
            until=clock.start_of_day(until + timedelta(days=1), zone) if until and 1 < until.year < 9999 else None,
        )
