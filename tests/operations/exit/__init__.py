"""Promises about taking everything elsewhere."""
