"""Promises about moving between the two databases."""
