"""Promises about one dealership among several."""
