"""Decisions about cars, without a database or the web."""

from kroi.catalogue.rules.values import (
    ON_SALE,
    Body,
    CarStatus,
    Colour,
    Condition,
    Drive,
    Fuel,
    Transmission,
    Vat,
)

__all__ = ["ON_SALE", "Body", "CarStatus", "Colour", "Condition", "Drive", "Fuel", "Transmission", "Vat"]
