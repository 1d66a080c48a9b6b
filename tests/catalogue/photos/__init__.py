"""Photos of cars."""
