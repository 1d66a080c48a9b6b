"""Promises of the operations room."""
