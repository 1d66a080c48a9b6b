"""Money is whole cents in an int; this is where it is read from and turned into euros."""

from decimal import ROUND_HALF_UP, Decimal


def cents(amount: Decimal | int) -> int:
    """Euros to cents, half a cent rounded up: `Decimal("15900.005")` becomes 1590001."""
    return int((Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def whole(amount_cents: int) -> int:
    """Cents to whole euros, rounded half up, as prices are shown."""
    return int((Decimal(amount_cents) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
