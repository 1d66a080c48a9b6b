"""Rows as they are in neither database: read from either, written to either, and compared."""
