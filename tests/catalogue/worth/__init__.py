"""What a price is worth."""
