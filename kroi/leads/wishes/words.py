"""What wishes are called on screen."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.leads.rules import CallTime, Condition
from kroi.leads.wishes.models import WishRow
from kroi.web import filters

CONDITIONS = {
    Condition.LIKE_NEW: _l("Like new"),
    Condition.GOOD: _l("Good for its age"),
    Condition.WORN: _l("Worn, but drives well"),
    Condition.BROKEN: _l("Something is broken"),
}
CALL_TIMES = {
    CallTime.SOON: _l("As soon as you can"),
    CallTime.MORNING: _l("In the morning"),
    CallTime.AFTERNOON: _l("In the afternoon"),
    CallTime.EVENING: _l("In the evening"),
}


def pairs(wish: WishRow) -> list[tuple[str, str]]:
    """A wish as label and value, only what was said."""
    found = [
        (_("Their car"), " ".join(filter(None, (wish.make, wish.model)))),
        (_("Model year"), str(wish.year or "")),
        (_("Mileage"), filters.km(wish.mileage_km) if wish.mileage_km is not None else ""),
        (_("Plate"), wish.plate),
        (_("Condition"), str(CONDITIONS[wish.condition]) if wish.condition else ""),
        (_("Down payment"), filters.euros(wish.down_cents) if wish.down_cents is not None else ""),
        (_("Months"), str(wish.months or "")),
        (_("Call"), str(CALL_TIMES[wish.call_time]) if wish.call_time else ""),
        (_("Looks for"), wish.looking_for),
        (_("At most"), filters.euros(wish.most_cents) if wish.most_cents is not None else ""),
    ]
    return [(str(label), value) for label, value in found if value]
