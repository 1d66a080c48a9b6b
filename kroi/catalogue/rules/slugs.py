"""What a car's address is made of."""

from kroi.core.text import slug

MOST = 120  # characters


def wanted(make: str, model: str, stock_number: str) -> str:
    """The address that says what the car is: `audi-a6-avant-10147`."""
    name = slug(f"{make} {model}")[:MOST].strip("-")
    return "-".join(part for part in (name, slug(stock_number)[:40].strip("-")) if part) or "car"
