"""Promises about whose lead it is."""
