"""A car's faults, moves and history in words."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from kroi.catalogue import words
from kroi.catalogue.editor.forms import CarForm
from kroi.catalogue.editor.queries import Line
from kroi.catalogue.models import CarEventKind
from kroi.catalogue.rules import CarStatus
from kroi.catalogue.stock.rules import Fault, Order, Tab
from kroi.web import filters

TABS = {
    Tab.ON_SALE: _l("On sale"),
    Tab.RESERVED: _l("Reserved"),
    Tab.DRAFT: _l("Drafts"),
    Tab.SOLD: _l("Sold"),
    Tab.WITHDRAWN: _l("Withdrawn"),
}
ORDERS = {
    Order.LONGEST: _l("longest in stock first"),
    Order.NEWEST: _l("newest first"),
    Order.CHEAPEST: _l("cheapest first"),
    Order.DEAREST: _l("dearest first"),
}
FAULTS = {
    Fault.PHOTOS: _l("no photos"),
    Fault.PRICE: _l("no price"),
    Fault.VIN: _l("no VIN"),
    Fault.MILEAGE: _l("no mileage"),
    Fault.YEAR: _l("no model year"),
}
MOVES = {  # from, to: what the button says
    (CarStatus.DRAFT, CarStatus.AVAILABLE): _l("Put on sale"),
    (CarStatus.AVAILABLE, CarStatus.RESERVED): _l("Reserve"),
    (CarStatus.AVAILABLE, CarStatus.SOLD): _l("Mark as sold"),
    (CarStatus.AVAILABLE, CarStatus.WITHDRAWN): _l("Withdraw"),
    (CarStatus.AVAILABLE, CarStatus.DRAFT): _l("Back to draft"),
    (CarStatus.RESERVED, CarStatus.AVAILABLE): _l("End the reservation"),
    (CarStatus.RESERVED, CarStatus.SOLD): _l("Mark as sold"),
    (CarStatus.SOLD, CarStatus.DELIVERED): _l("Mark as delivered"),
    (CarStatus.SOLD, CarStatus.AVAILABLE): _l("The sale fell through"),
    (CarStatus.WITHDRAWN, CarStatus.AVAILABLE): _l("Put on sale again"),
    (CarStatus.WITHDRAWN, CarStatus.DRAFT): _l("Back to draft"),
}
_CHOICES: dict[str, dict[str, LazyString]] = words.VALUES | {
    "vat": {value.value: word for value, word in words.VATS.items()},
    "condition": {value.value: word for value, word in words.CONDITIONS.items()},
}
_PHOTOS = {
    "added": _l("Photo added"),
    "removed": _l("Photo removed"),
    "reordered": _l("Photos sorted"),
    "described": _l("Photo described"),
}


def what(line: Line) -> str:
    """What happened, in a word or two."""
    if line.kind is None:
        return str(_("Price"))
    if line.kind is CarEventKind.STATUS:
        return _status(line.after)
    if line.kind is CarEventKind.PHOTOS:
        return str(_PHOTOS.get(line.reason or "", _("Photos")))
    if line.kind is CarEventKind.EDITED:
        return _field(line.reason or "")
    return str(_("Imported"))


def details(line: Line) -> str:
    """From what to what, who did it, and why."""
    parts = [_change(line), line.by or ""]
    if line.kind is CarEventKind.STATUS:
        parts = [line.by or "", line.reason or ""]
    if line.kind is CarEventKind.PHOTOS:
        parts = [line.by or ""]
    return ", ".join(part for part in parts if part)


def faults(found: tuple[Fault, ...], most: int) -> str:
    """The worst of what is lacking, and how much more there is."""
    said = [str(FAULTS[fault]) for fault in found[:most]]
    return ", ".join(said) + (_(" and %(count)s more", count=len(found) - most) if len(found) > most else "")


def _change(line: Line) -> str:
    if line.kind is None:
        before, after = (_price(each) for each in (line.before, line.after))
        return f"{before} → {after}" if line.before is not None else after
    if line.before is None and line.after is None:
        return ""
    return f"{_value(line.reason, line.before)} → {_value(line.reason, line.after)}"


def _price(cents: str | int | None) -> str:
    return filters.euros(int(cents)) if cents else str(_("on request"))


def _value(fact: str | None, said: str | int | None) -> str:
    """A stored value as people read it."""
    if said is None:
        return "–"
    if fact == "cost_cents":
        return filters.euros(int(said))
    if fact == "consumption_dl_100km":
        return filters.decimal(Decimal(said) / 10)
    if said in ("True", "False"):
        return str(_("yes") if said == "True" else _("no"))
    return str(_CHOICES.get(fact or "", {}).get(str(said), said))


def _status(value: str | int | None) -> str:
    return words.word(CarStatus(value)) if value in list(CarStatus) else "–"


def _field(name: str) -> str:
    """The label that the field of this fact has in the editor."""
    field = getattr(CarForm, name, None)
    return str(field.args[0]) if field is not None and field.args else name
