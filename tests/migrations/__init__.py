"""Promises about the schema, on both databases."""
