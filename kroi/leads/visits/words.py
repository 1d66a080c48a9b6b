"""What visits are called on screen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.leads.visits.rules import VisitStatus
from kroi.web import filters

STATUSES = {
    VisitStatus.BOOKED: _l("Booked"),
    VisitStatus.CANCELLED: _l("Cancelled"),
    VisitStatus.MOVED: _l("Moved"),
    VisitStatus.DONE: _l("Was here"),
    VisitStatus.NO_SHOW: _l("Did not come"),
}
_HAPPENED = {
    "booked": _l("booked a visit for %(when)s"),
    "confirmed": _l("confirmed the visit on %(when)s"),
    "cancelled": _l("cancelled the visit on %(when)s"),
    "done": _l("the visit on %(when)s took place"),
    "no_show": _l("nobody came to the visit on %(when)s"),
}


def when(moment: datetime) -> str:
    """Weekday, day and time in the dealership's zone: `Tuesday 24 November 10:00`."""
    return f"{filters.long_day(moment)} {filters.hour(moment)}"


def happened(facts: Mapping[str, Any]) -> str:
    """What a line of a timeline says of a visit."""
    said = _HAPPENED.get(str(facts.get("what")))
    if said is None:
        return str(_("changed a visit"))
    return str(said) % {"when": when(datetime.fromisoformat(str(facts["at"])))}
