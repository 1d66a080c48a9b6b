"""The outbox as operators see it: what waits, what failed, and what is done about it."""
