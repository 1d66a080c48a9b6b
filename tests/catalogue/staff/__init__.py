"""The stock as staff look after it."""
