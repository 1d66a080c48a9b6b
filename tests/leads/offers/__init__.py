"""Wanting offers, and not any more."""
