"""Promises about counting views."""
