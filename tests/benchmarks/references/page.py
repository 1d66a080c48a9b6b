"""The page around the cars, the same for all references: choices with counts, chips, words, and the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template, request

from tests.benchmarks.references.asked import FACETS, Asked
from tests.benchmarks.references.database import rows

PER_PAGE = 24
ON_SALE = "dealership_id = 1 AND status IN ('available', 'reserved')"
TITLES = {
    "make": "Make",
    "model": "Model",
    "body": "Body",
    "fuel": "Fuel",
    "transmission": "Gearbox",
    "drive": "Drive",
    "colour": "Colour",
    "status": "Availability",
}
WORDS = {
    "fwd": "Front-wheel drive",
    "rwd": "Rear-wheel drive",
    "awd": "Four-wheel drive",
    "suv": "SUV",
    "mpv": "MPV",
    "mild_hybrid": "Mild hybrid",
    "plug_in_hybrid": "Plug-in hybrid",
    "cng": "Natural gas",
    "coupe": "Coupé",
}
SORTS = {
    "newest": "Newest first",
    "price": "Cheapest first",
    "-price": "Dearest first",
    "mileage": "Fewest km first",
    "year": "Newest model year first",
}
MANY = 14  # makes; the rarer ones are folded away
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Choice:
    """One box to tick."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass
class Known:
    """What the process reads once: the values of each facet, their counts without filters, bars for the sliders."""

    labels: dict[str, dict[str, str]]
    counts: Counts
    total: int
    makes_of: dict[str, str]
    price_bars: list[int]
    mileage_bars: list[int]


def application(name: str) -> Flask:
    """A Flask application with the words that the template needs."""
    app = Flask(name)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["number"] = "{:,}".format
    app.jinja_env.filters["word"] = word
    return app


def word(value: str) -> str:
    """A value on screen."""
    return WORDS.get(value) or value.capitalize()


def known() -> Known:
    """Read what does not change."""
    labels: dict[str, dict[str, str]] = {}
    counts: Counts = {}
    for name, column in FACETS.items():
        label = {"make": "max(make)", "model": "max(model)"}.get(name, f"max({column})")
        found = rows(
            f"SELECT {column}, {label}, count(*) FROM cars WHERE {ON_SALE} GROUP BY {column} ORDER BY {column}"
        )
        plain = name in ("make", "model")
        labels[name] = {value: said if plain else word(said) for value, said, _count in found if value}
        counts[name] = {value: count for value, _said, count in found if value}
    makes = rows(f"SELECT model_slug, max(make_slug) FROM cars WHERE {ON_SALE} GROUP BY model_slug")
    bars = [_bars(column, step) for column, step in (("price_cents", 600_000), ("mileage_km", 40_000))]
    return Known(labels, counts, sum(counts["status"].values()), dict(makes), *bars)


def _bars(column: str, step: int) -> list[int]:
    found = {int(at): count for at, count in rows(
        f"SELECT {column} / {step}, count(*) FROM cars WHERE {ON_SALE} GROUP BY 1"
    )}  # fmt: skip
    most = max(found.values(), default=1)
    return [round(57 * found.get(at, 0) / most) for at in range(15)]


def shown(asked: Asked, facts: Known, cars: Sequence[Any], total: int, counts: Counts) -> str:
    """The page as HTML."""
    groups = {name: _choices(name, asked, facts, counts[name]) for name in FACETS}
    makes = groups["make"]
    common = set(sorted(makes, key=lambda one: (not one.chosen, -one.count))[:MANY])
    return render_template(
        "listing.html",
        asked=asked,
        chips=_chips(asked, facts),
        total=total,
        cars=cars,
        groups={**groups, "make": [one for one in makes if one in common]},
        rarer=[one for one in makes if one not in common],
        titles=TITLES,
        sorts=SORTS,
        price_bars=facts.price_bars,
        mileage_bars=facts.mileage_bars,
        root=request.host_url.rstrip("/"),
    )


def _choices(name: str, asked: Asked, facts: Known, counts: dict[str, int]) -> list[Choice]:
    labels, chosen = facts.labels[name], asked.chosen.get(name, ())
    if name == "model":
        makes = asked.chosen.get("make", ())
        labels = {value: label for value, label in labels.items() if facts.makes_of[value] in makes}
    return [Choice(value, label, counts.get(value, 0), value in chosen) for value, label in labels.items()]


def _chips(asked: Asked, facts: Known) -> list[tuple[str, str]]:
    return [
        (facts.labels[name].get(value, value) if name in FACETS else _end(name, value), asked.address(name, value))
        for name, values in asked.chosen.items()
        for value in values
    ]


def _end(name: str, value: str) -> str:
    number = value if name.endswith("year") else f"{int(value):,}"
    number = f"€{number}" if name.endswith("price") else f"{number} km" if name.endswith("mileage") else number
    return f"{'from' if name.startswith('min') else 'up to'} {number}"
