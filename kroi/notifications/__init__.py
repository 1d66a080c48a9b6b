"""Messages that leave the house, and the worker that sends them."""
