"""Promises of the catalogue."""
