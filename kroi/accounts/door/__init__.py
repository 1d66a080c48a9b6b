"""The door: how often somebody may try, counted per address and per account."""
