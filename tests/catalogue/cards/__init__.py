"""Cards kept as HTML say what is true now."""
