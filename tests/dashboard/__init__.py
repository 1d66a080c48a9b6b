"""Promises of the Today page."""
