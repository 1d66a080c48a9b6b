"""Promises about what is written to people, and what comes back."""
