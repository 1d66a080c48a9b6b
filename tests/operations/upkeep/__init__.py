"""Promises about looking after the database."""
