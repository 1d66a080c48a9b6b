"""Promises about mail."""
