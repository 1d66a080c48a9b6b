"""Promises of the leads room."""
