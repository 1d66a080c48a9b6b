"""How much a dealership may have of what."""
