"""What a price is worth: the prices of cars like it, our own and those of the market."""
