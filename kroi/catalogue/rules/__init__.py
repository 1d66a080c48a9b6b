"""Decisions about cars, without a database or the web."""

from kroi.catalogue.rules.values import (
    HIDDEN,
    ON_SALE,
    SOLD,
    Body,
    CarStatus,
    Colour,
    Condition,
    Drive,
    Fuel,
    Transmission,
    Vat,
)

__all__ = [
    "HIDDEN",
    "ON_SALE",
    "SOLD",
    "Body",
    "CarStatus",
    "Colour",
    "Condition",
    "Drive",
    "Fuel",
    "Transmission",
    "Vat",
]
