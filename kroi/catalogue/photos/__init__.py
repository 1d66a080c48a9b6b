"""Photos of cars: re-encoded, made once, remembered by content."""
