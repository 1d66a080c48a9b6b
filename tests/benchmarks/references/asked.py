"""What an address asks for, as SQL: the same parameters that Kroi's listing takes."""

from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

FACETS = {
    "make": "make_slug",
    "model": "model_slug",
    "body": "body",
    "fuel": "fuel",
    "transmission": "transmission",
    "drive": "drive",
    "colour": "colour",
    "status": "status",
}
SPANS = {  # parameter: filter, column, comparison, unit
    "min_price": ("price", "price_cents", ">=", 100),
    "max_price": ("price", "price_cents", "<=", 100),
    "min_year": ("year", "model_year", ">=", 1),
    "max_year": ("year", "model_year", "<=", 1),
    "min_mileage": ("mileage", "mileage_km", ">=", 1),
    "max_mileage": ("mileage", "mileage_km", "<=", 1),
    "min_power": ("power", "power_kw", ">=", 1),
}
SORTS = {
    "newest": ("listed_at", "DESC"),
    "price": ("price_cents", "ASC"),
    "-price": ("price_cents", "DESC"),
    "mileage": ("mileage_km", "ASC"),
    "year": ("model_year", "DESC"),
}
Part = tuple[str, list[object]]


@dataclass(frozen=True)
class Asked:
    """The conditions by filter, the chosen values by parameter, and the order."""

    parts: dict[str, Part]
    chosen: dict[str, list[str]]
    sort: str

    def where(self, without: str = "") -> Part:
        """All conditions but those of one filter, each with its AND."""
        kept = [part for name, part in self.parts.items() if name != without]
        return "".join(f" AND {sql}" for sql, _values in kept), [each for _sql, values in kept for each in values]

    def address(self, without: str = "", value: str = "") -> str:
        """The list without one chosen value."""
        pairs = [
            (name, each)
            for name, values in sorted(self.chosen.items())
            for each in values
            if (name, each) != (without, value)
        ]
        return "/cars/" + ("?" + urlencode(pairs) if pairs else "")


def read(arguments: MultiDict[str, str]) -> Asked:
    """What these parameters ask for; the unknown is ignored."""
    parts: dict[str, Part] = {}
    chosen: dict[str, list[str]] = {}
    for name, column in FACETS.items():
        if values := arguments.getlist(name):
            parts[name] = (f"{column} IN ({', '.join('?' * len(values))})", list(values))
            chosen[name] = values
    for parameter, (name, column, comparison, unit) in SPANS.items():
        if (value := arguments.get(parameter, "")).isdigit():
            sql, values_before = parts.get(name, ("price_cents > 0" if name == "price" else "1 = 1", []))
            parts[name] = (f"{sql} AND {column} {comparison} ?", [*values_before, int(value) * unit])
            chosen[parameter] = [value]
    sort = arguments.get("sort", "newest")
    return Asked(parts, chosen, sort if sort in SORTS else "newest")
