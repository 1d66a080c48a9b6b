"""Promises about the dealerships that share one installation."""
