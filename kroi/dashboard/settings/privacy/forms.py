"""What an owner types about how long things are kept."""

from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from kroi.dealerships.rules.retention import BOUNDS, Terms
from kroi.web.forms import Form


def _whole(name: str, label: str) -> IntegerField:
    least, most = BOUNDS[name]
    wanted = _l("Give a whole number from %(least)s to %(most)s", least=least, most=most)
    field: IntegerField = IntegerField(
        label, [InputRequired(wanted), NumberRange(least, most, wanted)], id=f"keep-{name.replace('_', '-')}"
    )
    return field


class TermsForm(Form):
    """Months, and for spam days."""

    unsold = _whole("unsold", _l("Questions without a sale, months"))
    won = _whole("won", _l("Questions that led to a sale, months"))
    marketing = _whole("marketing", _l("People who want offers, months"))
    spam_days = _whole("spam_days", _l("Spam, days"))
    files = _whole("files", _l("Papers and photos, months"))
    quotations = _whole("quotations", _l("Quotations in mails, months"))

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """The form as things are."""
        return cls(obj=terms)

    def terms(self) -> Terms:
        """What was typed. Call it on a form that was found to be in order."""
        return Terms(**{name: int(self[name].data) for name in BOUNDS})
