"""Promises of the database layer."""
