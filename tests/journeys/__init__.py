"""Whole stories on the running application."""
