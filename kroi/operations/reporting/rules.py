"""What a report tool may see. A column that is not named here cannot be read, however it is asked for."""

from collections.abc import Mapping, Sequence

SCHEMA = "reports"
OWNER = "dealership_id"

SEEN: Mapping[str, Sequence[str]] = {
    "cars": (
        "id", "stock_number", "make", "model", "trim", "body", "model_year", "first_registration", "price_cents",
        "struck_cents", "vat", "mileage_km", "fuel", "transmission", "drive", "power_kw", "colour", "doors", "seats",
        "condition", "status", "arriving", "category", "featured", "photo_count", "cost_cents", "acquired_on",
        "listed_at", "sold_at", "withdrawn_at", "created_at",
    ),
    "price_changes": ("id", "car_id", "price_cents", "at"),
    "leads": (
        "id", "car_id", "interest", "source", "utm_source", "utm_medium", "utm_campaign", "language", "status",
        "lost_reason", "score", "score_version", "priority", "received_at", "first_answer_at", "answered_seconds",
        "location_id",
    ),
    "daily_page_views": ("id", "day", "kind", "views"),
    "daily_car_views": ("id", "day", "car_id", "views"),
    "daily_visitors": ("id", "day", "visitors"),
}  # fmt: skip
"""Tables and their columns: no names, addresses, texts, number plates or digests, and nobody's staff number."""


def login(database: str, dealership_id: int) -> str:
    """What the dealership's login is called. Row security reads the dealership out of it, so nobody can choose it."""
    return f"{database}_reports_{dealership_id}"
