"""How people's page says why two may be one, and what a merge would do."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.leads.people.rules import Reason

REASONS = {
    Reason.EMAIL: _l("the same e-mail"),
    Reason.PHONE: _l("the same number"),
    Reason.EMAIL_NEAR: _l("e-mails that differ by a slip"),
    Reason.PHONE_NEAR: _l("numbers that differ by a digit"),
    Reason.NAME: _l("the same name"),
    Reason.NAME_NEAR: _l("a similar name"),
    Reason.FIRST_NAME: _l("the same first name, another surname"),
    Reason.OTHER_NAME: _l("but another name"),
    Reason.NOTHING_AGAINST: _l("nothing speaks against it"),
}


def why(codes: Sequence[str]) -> str:
    """Why two may be one: `The same number, but another name`."""
    said = ", ".join(str(REASONS[Reason(code)]) for code in codes if code in list(Reason))
    return said[:1].upper() + said[1:] if said else str(_("Somebody chose them"))
