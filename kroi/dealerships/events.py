"""What happened to dealerships that other rooms may care about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProfileChanged:
    """What pages say of the dealership that is acted for has changed."""
