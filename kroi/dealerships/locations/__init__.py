"""The places of one dealership: each with an address, opening hours and days that differ."""
