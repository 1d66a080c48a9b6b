"""Copies of everything that prove themselves, and the way back."""
