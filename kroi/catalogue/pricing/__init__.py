"""A car's price, changed alone and in a moment."""
