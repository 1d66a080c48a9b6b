"""What the values of cars are called on screen."""

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from kroi.catalogue.rules import Body, CarStatus, Colour, Condition, Drive, Fuel, Transmission, Vat
from kroi.catalogue.rules.filters import Sort

BODIES = {
    Body.HATCHBACK: _l("Hatchback"),
    Body.SEDAN: _l("Sedan"),
    Body.ESTATE: _l("Estate"),
    Body.SUV: _l("SUV"),
    Body.COUPE: _l("Coupé"),
    Body.CONVERTIBLE: _l("Convertible"),
    Body.MPV: _l("MPV"),
    Body.VAN: _l("Van"),
    Body.PICKUP: _l("Pickup"),
    Body.OTHER: _l("Other body"),
}
FUELS = {
    Fuel.PETROL: _l("Petrol"),
    Fuel.DIESEL: _l("Diesel"),
    Fuel.HYBRID: _l("Hybrid"),
    Fuel.MILD_HYBRID: _l("Mild hybrid"),
    Fuel.PLUG_IN_HYBRID: _l("Plug-in hybrid"),
    Fuel.ELECTRIC: _l("Electric"),
    Fuel.CNG: _l("Natural gas"),
    Fuel.LPG: _l("LPG"),
    Fuel.ETHANOL: _l("Ethanol"),
    Fuel.HYDROGEN: _l("Hydrogen"),
    Fuel.OTHER: _l("Other fuel"),
}
TRANSMISSIONS = {Transmission.MANUAL: _l("Manual"), Transmission.AUTOMATIC: _l("Automatic")}
DRIVES = {
    Drive.FWD: _l("Front-wheel drive"),
    Drive.RWD: _l("Rear-wheel drive"),
    Drive.AWD: _l("Four-wheel drive"),
}
COLOURS = {
    Colour.BLACK: _l("Black"),
    Colour.WHITE: _l("White"),
    Colour.GREY: _l("Grey"),
    Colour.SILVER: _l("Silver"),
    Colour.BLUE: _l("Blue"),
    Colour.RED: _l("Red"),
    Colour.GREEN: _l("Green"),
    Colour.BROWN: _l("Brown"),
    Colour.BEIGE: _l("Beige"),
    Colour.YELLOW: _l("Yellow"),
    Colour.ORANGE: _l("Orange"),
    Colour.GOLD: _l("Gold"),
    Colour.PURPLE: _l("Purple"),
    Colour.OTHER: _l("Other colour"),
}
STATUSES = {
    CarStatus.DRAFT: _l("Draft"),
    CarStatus.AVAILABLE: _l("Available"),
    CarStatus.RESERVED: _l("Reserved"),
    CarStatus.SOLD: _l("Sold"),
    CarStatus.DELIVERED: _l("Delivered"),
    CarStatus.WITHDRAWN: _l("Withdrawn"),
}
CONDITIONS = {Condition.NEW: _l("New"), Condition.USED: _l("Used")}
VATS = {Vat.MARGIN: _l("Margin scheme, not deductible"), Vat.DEDUCTIBLE: _l("VAT deductible")}
SORTS = {
    Sort.NEWEST: _l("Newest first"),
    Sort.CHEAPEST: _l("Cheapest first"),
    Sort.DEAREST: _l("Dearest first"),
    Sort.MILEAGE: _l("Fewest km first"),
    Sort.YEAR: _l("Newest model year first"),
}
FILTERS = {
    "q": _l("Search"),
    "make": _l("Make"),
    "model": _l("Model"),
    "body": _l("Body"),
    "fuel": _l("Fuel"),
    "transmission": _l("Gearbox"),
    "drive": _l("Drive"),
    "colour": _l("Colour"),
    "status": _l("Availability"),
    "price": _l("Price"),
    "year": _l("Model year"),
    "mileage": _l("Mileage"),
    "power": _l("Power"),
}
VALUES: dict[str, dict[str, LazyString]] = {  # of each facet whose values are ours
    "body": {value.value: word for value, word in BODIES.items()},
    "fuel": {value.value: word for value, word in FUELS.items()},
    "transmission": {value.value: word for value, word in TRANSMISSIONS.items()},
    "drive": {value.value: word for value, word in DRIVES.items()},
    "colour": {value.value: word for value, word in COLOURS.items()},
    "status": {value.value: word for value, word in STATUSES.items()},
}
_ALL: dict[tuple[type, str], LazyString] = {
    (type(value), value.value): word
    for words in (BODIES, FUELS, TRANSMISSIONS, DRIVES, COLOURS, STATUSES, CONDITIONS, VATS, SORTS)
    for value, word in words.items()
}


def word(value: enum.StrEnum | None) -> str:
    """What a value is called, or a dash for the unknown. In templates the filter `word`."""
    return "–" if value is None else str(_ALL[(type(value), value.value)])
