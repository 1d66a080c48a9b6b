"""The shapes of the answers as JSON Schema, from the same enums, facets and spans that the answers are made of."""

import enum
from typing import Any

from kroi.catalogue.api.rules import UNITS
from kroi.catalogue.rules import ON_SALE, Body, CarStatus, Colour, Condition, Drive, Fuel, Transmission, Vat
from kroi.catalogue.rules.filters import FACETS, OURS, SPANS, Sort

Schema = dict[str, Any]

SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time", "pattern": "Z$"}
MONTH: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}


def ref(name: str) -> Schema:
    """A shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema, why: str = "") -> Schema:
    """That, or null when it is unknown (or `why`)."""
    return {"anyOf": [schema, {"type": "null"}]} | ({"description": why} if why else {})


def one_of(values: type[enum.StrEnum] | tuple[enum.StrEnum, ...]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": [each.value for each in values]}


def record(what: str, fields: Schema, *, optional: bool = False) -> Schema:
    """An object of exactly these fields, all there unless `optional`."""
    required = [] if optional else list(fields)
    found = {"type": "object", "description": what, "properties": fields, "additionalProperties": False}
    return found | ({"required": required} if required else {})


def listed(items: Schema) -> Schema:
    """A list of those."""
    return {"type": "array", "items": items}


def by_value(items: Schema, values: frozenset[str] | None) -> Schema:
    """An object whose keys are values of a facet; of a make, model or location any slug."""
    names = {"propertyNames": {"enum": sorted(values)}} if values else {}
    return {"type": "object", "additionalProperties": items, **names}


def choice(name: str) -> Schema:
    """Chosen values of a facet."""
    values = FACETS[name]
    return listed({"type": "string", **({"enum": sorted(values)} if values else {"pattern": SLUG})})


def _filters() -> Schema:
    fields: Schema = {"q": TEXT}
    for name in FACETS:
        fields |= {name: choice(name), f"not_{name}": choice(name)}
    for name, ends in SPANS.items():
        fields |= {end: {**WHOLE, "description": UNITS.get(name, "")} for end in ends if end}
    return record("What was understood, by the names of the parameters; the rest was ignored.", fields, optional=True)


_PRICE = record(
    "A price in whole units of the currency (euros), as the pages show it.",
    {
        "amount": maybe({"type": "integer", "minimum": 1}, "Null: on request, or the car is sold."),
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
)
_PHOTO = record(
    "A photo (JPEG); width and height in pixels are those of `url`, `thumbnail` is at most 480 wide.",
    {"url": ADDRESS, "width": WHOLE, "height": WHOLE, "thumbnail": ADDRESS, "alt": TEXT},
)
_LOCATION = record(
    "Where the car stands; `code` is the value of the parameter `location`.", {"code": TEXT, "name": TEXT}
)
_FACTS: Schema = {
    "slug": TEXT,
    "url": {**ADDRESS, "description": "The car's page for people."},
    "status": one_of(ON_SALE),
    "make": TEXT,
    "model": TEXT,
    "trim": TEXT,
    "price": ref("Price"),
    "model_year": maybe(WHOLE),
    "mileage_km": maybe(WHOLE),
    "body": maybe(one_of(Body)),
    "fuel": maybe(one_of(Fuel)),
    "transmission": maybe(one_of(Transmission)),
    "drive": maybe(one_of(Drive)),
    "colour": maybe(one_of(Colour)),
    "location": maybe(ref("Location"), "Null: the dealership has only one place."),
    "arriving": {**FLAG, "description": "It is on sale and not in the yard yet."},
    "arriving_on": maybe(DAY),
    "listed_at": maybe(MOMENT, "Since when it is on sale."),
}
_CAR = record(
    "A car among others.", _FACTS | {"photo": maybe(ref("Photo"), "The one that lists show; null: there is none.")}
)
_DETAILS = record(
    "A car with all that its page says.",
    _FACTS
    | {
        "status": one_of((*ON_SALE, CarStatus.SOLD)),
        "photos": listed(ref("Photo")),
        "stock_number": TEXT,
        "condition": one_of(Condition),
        "first_registered": maybe(MONTH),
        "power_kw": maybe(WHOLE),
        "displacement_ccm": maybe(WHOLE),
        "doors": maybe(WHOLE),
        "seats": maybe(WHOLE),
        "owners": maybe(WHOLE),
        "co2_g_km": maybe(WHOLE),
        "consumption_dl_100km": maybe(WHOLE, "Decilitres for 100 km: 56 are 5.6 litres."),
        "vat": maybe(one_of(Vat)),
        "description": listed(TEXT),
        "features": listed(TEXT),
        "specifications": listed(record("The dealer's own fact.", {"label": TEXT, "value": TEXT})),
        "sold_at": maybe(MOMENT),
    },
)
_PAGE = record(
    "A page of the list.",
    {
        "total": {**WHOLE, "description": "How many cars match; all pages together hold each of them once."},
        "filters": ref("Filters"),
        "relaxed": {
            **ref("Filters"),
            "description": "What `q` asked for in vain: it was left out or loosened, so that anything is found.",
        },
        "corrected": maybe(TEXT, "The words that were looked for, when they are not those that were typed."),
        "sort": one_of(Sort),
        "counts": record(
            "Beside each choice the cars it has under all other filters; choices are those of all cars on sale.",
            {name: by_value(WHOLE, values) for name, values in FACETS.items()},
        ),
        "names": record(
            "What the makes, models and locations of `counts` are called.",
            {name: by_value(TEXT, None) for name in OURS},
        ),
        "cars": listed(ref("Car")),
        "next": maybe({"type": "string", "format": "uri-reference"}, "The next page, from this host; null: the last."),
    },
)
_PROBLEM = record(
    "Why it did not work (RFC 9457). `detail` is a sentence for people, `reference` finds a failure in our log.",
    {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT},
)
_PROBLEM["properties"]["reference"] = TEXT


def shapes() -> Schema:
    """All shapes by name."""
    return {
        "Page": _PAGE,
        "Filters": _filters(),
        "Car": _CAR,
        "CarDetails": _DETAILS,
        "Price": _PRICE,
        "Photo": _PHOTO,
        "Location": _LOCATION,
        "Problem": _PROBLEM,
    }
